// Ranges of footage as the contract has them, for all operations that show some.
import { RecordingError, type Gap, type TimeRange } from '@wanglou/core';
import type { GapRecord } from './segment/segment-record.ts';

/** The range, if it is one and not longer than this. Throws `RANGE_INVALID`. */
export function checkRange(range: TimeRange, hours: number): TimeRange {
  if (range.fromMs >= range.toMs || range.toMs - range.fromMs > hours * 3_600_000) throw new RecordingError('RANGE_INVALID', { hours });
  return range;
}

/** There is no footage of this range. */
export function notRecorded(camera: string, range: TimeRange): RecordingError {
  return new RecordingError('NOT_RECORDED', { camera, from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() });
}

/** A gap as the contract tells it. */
export function toGap(gap: GapRecord): Gap {
  return { camera: gap.camera, fromMs: gap.startMs, cause: gap.cause, detail: gap.detail, ...(gap.endMs !== undefined && { toMs: gap.endMs }), ...(gap.filled && { filled: gap.filled.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })) }) };
}
