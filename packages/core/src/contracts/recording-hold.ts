// Legal holds: footage that stays when its retention ends, until two persons let it go. Article 12(3).
import { defineEvent, defineOperation } from '../refs.ts';
import type { TimeRange } from './permission.ts';
import { objectSchema, rangeProperties } from './schema.ts';

/** Somebody wants a hold lifted; another person decides. */
export interface HoldLift {
  readonly proposedBy: string;
  readonly reason: string;
  readonly proposedMs: number;
  /** Who confirmed it, and when the hold was over. */
  readonly confirmedBy?: string;
  readonly confirmedMs?: number;
}

/** Footage that may not go when its retention ends. `toMs` may lie ahead: what is recorded until then is held too. */
export interface Hold extends TimeRange {
  readonly id: string;
  readonly cameras: readonly string[];
  readonly reason: string;
  readonly caseNumber?: string;
  readonly placedBy: string;
  readonly placedMs: number;
  /** When it is over by itself; absent: never. */
  readonly endsMs?: number;
  readonly state: 'in-force' | 'ended' | 'lifted';
  /** The proposal to lift it, open or confirmed. */
  readonly lift?: HoldLift;
}

const holdProperty = { type: 'string', max: 64, description: 'Hold id' } as const;
const reasonProperty = { type: 'string', max: 500, description: 'Reason, in words' } as const;
const endsProperty = { type: 'integer', optional: true, description: 'When it ends by itself, UTC epoch milliseconds; never when absent' } as const;

/** Holds footage of some cameras from now on, whatever its age. Throws `HOLD_INVALID`. */
export const placeHold = defineOperation<Hold>()({
  id: 'recording.hold',
  title: { zh: '保全录像', en: 'Hold footage' },
  action: 'hold',
  articles: ['12(3)', '25'],
  input: objectSchema({
    cameras: { type: 'strings', max: 500, description: 'Camera ids' },
    ...rangeProperties,
    reason: reasonProperty,
    caseNumber: { type: 'string', max: 64, optional: true, description: 'Case number' },
    endsMs: endsProperty,
  }),
  resource: (input) => ({ cameras: input.cameras, range: { fromMs: input.fromMs, toMs: input.toMs } }),
});

/** Lists holds, newest first: those in force, or all of them. */
export const listHolds = defineOperation<{ readonly holds: readonly Hold[] }>()({
  id: 'recording.holds',
  title: { zh: '查看保全', en: 'List holds' },
  action: 'hold',
  articles: ['12(3)'],
  input: objectSchema({ all: { type: 'boolean', optional: true, description: 'Also those that are over; at most the newest 1,000' } }),
  resource: () => ({}),
});

/** Lets a hold last longer. Throws `HOLD_UNKNOWN`, `HOLD_OVER` or `HOLD_SHORTENED`. */
export const extendHold = defineOperation<Hold>()({
  id: 'recording.extend-hold',
  title: { zh: '延长保全', en: 'Extend a hold' },
  action: 'hold',
  articles: ['12(3)'],
  input: objectSchema({ hold: holdProperty, reason: reasonProperty, endsMs: endsProperty }),
  resource: (input) => ({ subject: `hold:${input.hold}` }),
});

/** Proposes to lift a hold; it stays in force. Throws `HOLD_UNKNOWN`, `HOLD_OVER` or `LIFT_OPEN`. */
export const proposeLift = defineOperation<Hold>()({
  id: 'recording.lift-hold',
  title: { zh: '提请解除保全', en: 'Propose to lift a hold' },
  action: 'hold',
  articles: ['12(3)'],
  input: objectSchema({ hold: holdProperty, reason: reasonProperty }),
  resource: (input) => ({ subject: `hold:${input.hold}` }),
});

/** Lifts a hold that another person proposed to lift. Throws `HOLD_UNKNOWN`, `HOLD_OVER`, `LIFT_NOT_PROPOSED` or `LIFT_OWN`. */
export const confirmLift = defineOperation<Hold>()({
  id: 'recording.confirm-lift',
  title: { zh: '确认解除保全', en: 'Confirm the lifting of a hold' },
  action: 'review',
  articles: ['12(3)'],
  input: objectSchema({ hold: holdProperty }),
  resource: (input) => ({ subject: `hold:${input.hold}` }),
});

/** Sets a proposal to lift a hold aside, one's own or another's; the hold goes on. Throws `HOLD_UNKNOWN`, `HOLD_OVER` or `LIFT_NOT_PROPOSED`. */
export const keepHold = defineOperation<Hold>()({
  id: 'recording.keep-hold',
  title: { zh: '驳回解除，继续保全', en: 'Keep a hold' },
  action: 'hold',
  articles: ['12(3)'],
  input: objectSchema({ hold: holdProperty, reason: reasonProperty }),
  resource: (input) => ({ subject: `hold:${input.hold}` }),
});

/** A hold was placed, extended, proposed for lifting, kept or lifted, or ended by itself. */
export const holdChanged = defineEvent<Hold>('recording.hold-changed');
