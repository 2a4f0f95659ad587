// What was asked for and is not in an evidence package, without holes: whoever reads the list need not guess.
import type { GapRecord } from '../segment/segment-record.ts';

/** Time of a camera of which the index says why nothing is there. */
export type ExplainedTime = Pick<GapRecord, 'camera' | 'startMs' | 'endMs'> & { readonly cause: string };

/** Footage that is not in the package. UTC epoch milliseconds. */
export interface MissingFootage {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * Cause of the gap; or `partial-segment`: the file reaches beyond what was granted; `not-sealed`: no entry of the log names it yet;
   * `deleted`: it was erased after its retention; `damaged`: the file is gone or shorter than it was; `unknown`: nothing is known of that time.
   */
  readonly cause: string;
}

/** Footage as far as its time goes. */
interface Timed {
  readonly startMs: number;
  readonly endMs: number;
}

/** Shorter holes are jitter of the clock; longer ones have a gap in the index. */
const jitterMs = 250;

/** Lists gaps, files for which `causeOf` names a cause, and time of which nothing is known; oldest first, cut to the range. */
export function missingFootage<File extends Timed>({ camera, fromMs, toMs, files, gaps }: { readonly camera: string; readonly fromMs: number; readonly toMs: number; readonly files: readonly File[]; readonly gaps: readonly ExplainedTime[] }, causeOf: (file: File) => string | undefined): readonly MissingFootage[] {
  const known = [
    ...files.map((file) => ({ startMs: file.startMs, endMs: file.endMs, cause: causeOf(file) })),
    ...gaps.map((gap) => ({ startMs: gap.startMs, endMs: gap.endMs ?? toMs, cause: gap.cause })),
  ]
    .map(({ startMs, endMs, cause }) => ({ startMs: Math.max(fromMs, Math.floor(startMs)), endMs: Math.min(toMs, Math.ceil(endMs)), cause }))
    .filter(({ startMs, endMs }) => startMs < endMs)
    .sort((left, right) => left.startMs - right.startMs || left.endMs - right.endMs);
  const missing: MissingFootage[] = [];
  let coveredMs = fromMs;
  for (const { startMs, endMs, cause } of [...known, { startMs: toMs, endMs: toMs, cause: undefined }]) {
    if (startMs - coveredMs > jitterMs) missing.push({ camera, fromMs: coveredMs, toMs: startMs, cause: 'unknown' });
    coveredMs = Math.max(coveredMs, endMs);
    if (cause !== undefined) missing.push({ camera, fromMs: startMs, toMs: endMs, cause });
  }
  return missing;
}
