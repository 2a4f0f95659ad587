// The loops that ship with the package. This file stays at the top of src/: `../loops/` must hold from src/ and from dist/.

/** A name in Chinese and English. */
export interface BilingualName {
  readonly zh: string;
  readonly en: string;
}

/** Folder of the loop files. */
export const bundledLoopFolder = new URL('../loops/', import.meta.url);

/** File names without `.mp4`, with what the picture shows; `east-gate`, `dormitory-entrance` and `fire-control-room` have AAC sound, `laboratory` is H.265 with Opus. */
export const bundledLoops = {
  'east-gate': { zh: '东门', en: 'East Gate' },
  'west-gate': { zh: '西门', en: 'West Gate' },
  library: { zh: '图书馆', en: 'Library' },
  'dormitory-entrance': { zh: '学生宿舍入口', en: 'Dormitory Entrance' },
  'fire-control-room': { zh: '消防控制室', en: 'Fire Control Room' },
  canteen: { zh: '食堂', en: 'Canteen' },
  'teaching-building': { zh: '教学楼', en: 'Teaching Building' },
  stadium: { zh: '体育场', en: 'Stadium' },
  'car-park': { zh: '停车场', en: 'Car Park' },
  laboratory: { zh: '实验楼', en: 'Laboratory' },
} as const satisfies Readonly<Record<string, BilingualName>>;

/** One of the bundled loops. */
export type BundledLoopName = keyof typeof bundledLoops;

/** All names, in the order in which devices take them. */
export const bundledLoopNames = Object.keys(bundledLoops) as readonly BundledLoopName[];
