// What a check of recordings finds, and what each of it means.
import type { Text } from '@wanglou/core';

/** Differences between disk and index. */
export const findingKinds = {
  'file-missing': { en: 'the index has a file that is not on its disk; its footage is lost', zh: '索引中的文件不在磁盘上，该段录像已丢失' },
  'file-short': { en: 'the file is shorter than it was; its beginning may still play', zh: '文件比原来短，开头部分可能仍可播放' },
  'file-long': { en: 'bytes were added to the file after it was closed', zh: '文件关闭后被追加了内容' },
  'file-changed': { en: 'the file is not what was recorded: its hash differs', zh: '文件内容与录制时不同：哈希值不符' },
  'file-damaged': { en: 'the file is not in the index and holds no whole fragment', zh: '文件不在索引中，且没有完整的片段' },
  'row-missing': { en: 'the file is not in the index', zh: '文件不在索引中' },
  'row-damaged': { en: 'the fragments in the index do not add up to the file', zh: '索引中的片段与文件不符' },
  'erased-present': { en: 'the index says that the file was erased, and it is there; it was probably put back from a copy', zh: '索引记载该文件已清除，但文件仍在，可能是从备份放回的' },
  'time-unexplained': { en: 'the index says neither that there is footage nor why there is none', zh: '索引既无录像记录，也未说明缺失原因' },
  'never-sealed': { en: 'the file is not waiting for a seal and is in none', zh: '该文件既未封存，也不在待封存之列' },
  leftover: { en: 'the file is no recording: work in progress of a backfill, a file that was set aside, or a stranger', zh: '不是录像文件：补录的临时文件、被搁置的文件或外来文件' },
} as const satisfies Readonly<Record<string, Text>>;

/** What is different. */
export type FindingKind = keyof typeof findingKinds;

/** One difference. */
export interface Finding {
  readonly kind: FindingKind;
  readonly camera?: string;
  /** Relative to the folder of the disk. */
  readonly path?: string;
  /** Absolute folder of the disk. */
  readonly root?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  /** What is special about this one, in English. */
  readonly detail?: string;
  /** It was put right. */
  readonly repaired: boolean;
}
