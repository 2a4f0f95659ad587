// Names of recording files: `<camera>/<yyyy-mm-dd>/<hh>/<epoch ms>-<run>.mp4`, all UTC, so that a folder listing is a timeline.

/** What a file name tells. */
export interface SegmentName {
  readonly startMs: number;
  readonly run: string;
}

/** Runs of files that came from a camera's own storage begin so. */
export const edgeRunPrefix = 'edge';

/** Path of a file relative to the recordings root, with forward slashes. */
export function segmentPath(camera: string, startMs: number, run: string): string {
  const moment = new Date(startMs).toISOString();
  return `${cameraFolder(camera)}/${moment.slice(0, 10)}/${moment.slice(11, 13)}/${Math.round(startMs)}-${run}.mp4`;
}

/** Reads a file name; undefined when it is not a recording. */
export function parseSegmentName(fileName: string): SegmentName | undefined {
  const match = /^(\d{1,15})-([a-z0-9]{1,40})\.mp4$/.exec(fileName);
  return match === null ? undefined : { startMs: Number(match[1]), run: match[2] ?? '' };
}

/** The camera of a folder; undefined for one that is no camera's. */
export function cameraOfFolder(folder: string): string | undefined {
  if (!/^(?:[A-Za-z0-9_-]|~[0-9a-f]{2})+$/.test(folder)) return undefined;
  const camera = Buffer.from(folder.replace(/~([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString('utf8');
  return cameraFolder(camera) === folder ? camera : undefined;
}

/** Folder of a camera. Anything but letters, digits, `-` and `_` becomes `~` and two hex digits a byte, so that no id can leave the root. */
export function cameraFolder(camera: string): string {
  return camera.replace(/[^A-Za-z0-9_-]/gu, (character) => [...Buffer.from(character, 'utf8')].map((byte) => `~${byte.toString(16).padStart(2, '0')}`).join(''));
}
