// What happens to footage when its retention ends. Articles 2 and 12(2).
import { defineEvent, defineOperation } from '../refs.ts';
import type { TimeRange } from './permission.ts';
import { objectSchema } from './schema.ts';

/** Why footage was erased: the pack's duty to delete, or room for new footage after the floor. */
export type DeletionReason = 'duty' | 'room';

/** Files of one camera that were erased after their retention. The entry `recording.deleted` in the audit log was there before. */
export interface FootageDeletion extends TimeRange {
  readonly camera: string;
  readonly files: number;
  readonly bytes: number;
  readonly reason: DeletionReason;
  /** Place of the entry in the audit log. */
  readonly seq: number;
}

/** Why nothing is erased although some footage may be due. */
export interface RetentionPause {
  /** `clock-ahead`: the clock went ahead by more than can be explained. */
  readonly reason: 'clock-ahead';
  readonly sinceMs: number;
  /** The latest time that was believed. */
  readonly believedMs: number;
}

/** Says that the clock is right after it went ahead: until then nothing is erased. Throws `CLOCK_DIFFERS`. */
export const confirmClock = defineOperation<{ readonly confirmedMs: number }>()({
  id: 'recording.confirm-clock',
  title: { zh: '确认录像主机时钟', en: 'Confirm the clock of the recorder' },
  action: 'maintain',
  articles: ['12(2)'],
  input: objectSchema({
    nowMs: { type: 'integer', description: 'What time it is by another clock, UTC epoch milliseconds' },
    wrongSinceMs: { type: 'integer', optional: true, description: 'Where the clock was wrong before: footage that bears times from here up to the jump counts as recorded now' },
  }),
  resource: () => ({}),
});

/** Whether footage is erased now, and why not; `sweptMs` is when the last search for footage that is due began and came to its end. */
export const readRetention = defineOperation<{ readonly pause?: RetentionPause; readonly sweptMs?: number }>()({
  id: 'recording.retention',
  title: { zh: '查看留存清除状态', en: 'Read how retention goes' },
  action: 'view',
  articles: ['2', '12(2)'],
  input: objectSchema({}),
  resource: () => ({}),
});

/** Footage was erased after its retention. */
export const footageDeleted = defineEvent<FootageDeletion>('recording.deleted');
