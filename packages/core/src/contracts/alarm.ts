// Alarms for people: what raises them, how they live, and what a person does about one. Articles 17(3), 24, 25, 26 and 29. plugin-alarm executes them.
import { defineEvent, defineOperation } from '../refs.ts';
import type { Text } from '../text.ts';
import { objectSchema, rangeProperties } from './schema.ts';

/** How much it matters; fire is always the first. */
export type AlarmPriority = 'fire' | 'high' | 'medium' | 'low';

/** All priorities, the first first. */
export const alarmPriorities: readonly AlarmPriority[] = ['fire', 'high', 'medium', 'low'];

/** What an alarm turned out to be. */
export type AlarmVerdict = 'confirmed' | 'false' | 'test' | 'drill';

/** All verdicts. */
export const alarmVerdicts = ['confirmed', 'false', 'test', 'drill'] as const satisfies readonly AlarmVerdict[];

/** Where an alarm stands. It only goes forward in this order; the verdicts are one place. That its cause is over is `restoredMs`, which may come at any time. */
export type AlarmState = 'received' | 'shown' | 'acknowledged' | 'verifying' | AlarmVerdict | 'handled' | 'closed';

/** Why an alarm was false, for the statistics of points and buildings. */
export const falseAlarmCauses = ['cooking', 'steam', 'dust', 'insects', 'works', 'device-defect', 'malicious', 'weather', 'animal', 'unknown'] as const;
export type FalseAlarmCause = (typeof falseAlarmCauses)[number];

/** Whom somebody told, or what was done. */
export const alarmMeasures = ['patrol', 'section', 'fire-brigade', 'evacuation', 'other'] as const;
export type AlarmMeasure = (typeof alarmMeasures)[number];

/** How somebody looks whether it is true. */
export const verificationMeans = ['video', 'on-site'] as const;
export type VerificationMeans = (typeof verificationMeans)[number];

/** What the clock did: reminded the room, told the next person, told the head of the Section, or found that nobody decided in time. */
export type AlarmEscalation = 'reminder' | 'next-person' | 'head' | 'unverified';

/** One step of an alarm's life. Steps are never changed. */
export interface AlarmStep {
  /** A state that was reached; or something beside that, see {@link AlarmStepKind}. */
  readonly kind: AlarmStepKind;
  readonly atMs: number;
  /** Person id; absent for what no person did. */
  readonly person?: string;
  /** Session of the person, which the audit log joins to a workstation. */
  readonly session?: string;
  readonly address?: string;
  readonly note?: string;
  readonly cause?: FalseAlarmCause;
  readonly means?: VerificationMeans;
  readonly measure?: AlarmMeasure;
  readonly escalation?: AlarmEscalation;
  /** How often it was raised since the step before, where that is more than once. */
  readonly times?: number;
}

/**
 * Kinds of steps that are no states: `raised-again` while it was open, `restored` at its source, `escalated` by the clock, `noted`,
 * `closing` proposed by one person, `kept-open` by another.
 */
export type AlarmStepKind = AlarmState | 'raised-again' | 'restored' | 'escalated' | 'noted' | 'closing' | 'kept-open';

/** Something that needs a person's attention now. */
export interface Alarm {
  readonly id: string;
  /** The plugin and thing it came from, such as `recorder:disk-1`. While an alarm is undecided, its source has no other one. */
  readonly source: string;
  readonly priority: AlarmPriority;
  readonly title: Text;
  readonly state: AlarmState;
  readonly verdict?: AlarmVerdict;
  /** Cameras to show at once, nearest first. */
  readonly cameras: readonly string[];
  /** When the source says that it began. */
  readonly raisedMs: number;
  /** When it was received here; clocks run from then. */
  readonly receivedMs: number;
  /** How often it was raised, and when last. */
  readonly count: number;
  readonly newestMs: number;
  /** When its cause was over. */
  readonly restoredMs?: number;
  /** Who proposed to close it: another person decides. */
  readonly closing?: { readonly by: string; readonly atMs: number; readonly reason?: string };
  readonly steps: readonly AlarmStep[];
}

/** Any plugin says that something is wrong; plugin-alarm makes an {@link Alarm} of it. */
export const alarmRaised = defineEvent<Pick<Alarm, 'source' | 'priority' | 'title' | 'cameras' | 'raisedMs'>>('alarm.raised');
/** The thing that raised an alarm is well again. */
export const alarmRestored = defineEvent<{ readonly source: string; readonly atMs: number }>('alarm.restored');
/** An alarm was received, or is in another state, or something was added to it. */
export const alarmChanged = defineEvent<Alarm>('alarm.changed');

const alarmProperty = { type: 'string', max: 64, description: 'Alarm id' } as const;
const noteProperty = { type: 'string', max: 1000, optional: true, description: 'In words' } as const;
const onAlarm = ({ alarm }: { readonly alarm: string }) => ({ subject: `alarm:${alarm}` });

/** Lists alarms, fires first, then the newest: those that are not closed, or those of a time. */
export const listAlarms = defineOperation<{ readonly alarms: readonly Alarm[] }>()({
  id: 'alarm.list',
  title: { zh: '查看报警', en: 'List alarms' },
  action: 'view',
  articles: ['17(3)'],
  input: objectSchema({ fromMs: { ...rangeProperties.fromMs, optional: true }, toMs: { ...rangeProperties.toMs, optional: true } }),
  resource: () => ({}),
  whenAuditFails: 'spool',
});

/** Says that an alarm is on the screen of a person. Throws `ALARM_UNKNOWN`. */
export const showAlarm = defineOperation<Alarm>()({
  id: 'alarm.show',
  title: { zh: '报警已显示', en: 'Show an alarm' },
  action: 'duty',
  articles: ['17(3)'],
  input: objectSchema({ alarm: alarmProperty }),
  resource: onAlarm,
  whenAuditFails: 'spool',
});

/** Takes an alarm on. Throws `ALARM_UNKNOWN` or `ALARM_STATE`. */
export const acknowledgeAlarm = defineOperation<Alarm>()({
  id: 'alarm.acknowledge',
  title: { zh: '确认接警', en: 'Acknowledge an alarm' },
  action: 'duty',
  articles: ['17(3)', '26'],
  input: objectSchema({ alarm: alarmProperty }),
  resource: onAlarm,
  whenAuditFails: 'spool',
});

/** Begins to look whether it is true, by video or on the spot. Throws `ALARM_UNKNOWN` or `ALARM_STATE`. */
export const verifyAlarm = defineOperation<Alarm>()({
  id: 'alarm.verify',
  title: { zh: '核实报警', en: 'Verify an alarm' },
  action: 'duty',
  articles: ['17(3)'],
  input: objectSchema({ alarm: alarmProperty, means: { type: 'string', values: verificationMeans, description: 'How' }, note: noteProperty }),
  resource: onAlarm,
  whenAuditFails: 'spool',
});

/** Says what an alarm is; a false one has a cause. One that was thought false may still be confirmed. Throws `ALARM_UNKNOWN`, `ALARM_STATE` or `ALARM_CAUSE_MISSING`. */
export const judgeAlarm = defineOperation<Alarm>()({
  id: 'alarm.judge',
  title: { zh: '判定报警', en: 'Judge an alarm' },
  action: 'duty',
  articles: ['17(3)', '26'],
  input: objectSchema({ alarm: alarmProperty, verdict: { type: 'string', values: alarmVerdicts, description: 'What it is' }, cause: { type: 'string', values: falseAlarmCauses, optional: true, description: 'Of a false alarm' }, note: noteProperty }),
  resource: onAlarm,
  whenAuditFails: 'spool',
});

/** Records a measure that was taken, such as telling the patrol. Throws `ALARM_UNKNOWN` or `ALARM_STATE`. */
export const handleAlarm = defineOperation<Alarm>()({
  id: 'alarm.handle',
  title: { zh: '记录处置', en: 'Record a measure' },
  action: 'duty',
  articles: ['17(3)', '17(4)', '18'],
  input: objectSchema({ alarm: alarmProperty, measure: { type: 'string', values: alarmMeasures, description: 'What was done' }, note: noteProperty }),
  resource: onAlarm,
  whenAuditFails: 'spool',
});

/** Adds a note. Throws `ALARM_UNKNOWN` or `ALARM_CLOSED`. */
export const noteAlarm = defineOperation<Alarm>()({
  id: 'alarm.note',
  title: { zh: '补充记录', en: 'Add a note to an alarm' },
  action: 'duty',
  articles: ['17(3)'],
  input: objectSchema({ alarm: alarmProperty, note: { type: 'string', max: 1000, description: 'In words' } }),
  resource: onAlarm,
});

/**
 * Closes an alarm that was judged; a fire is only proposed for closing. Says why where its cause is not over, and where a confirmed fire was not reported to the
 * fire brigade. Throws `ALARM_UNKNOWN`, `ALARM_STATE`, `ALARM_NOT_RESTORED`, `ALARM_NOT_REPORTED` or `ALARM_CLOSING`.
 */
export const closeAlarm = defineOperation<Alarm>()({
  id: 'alarm.close',
  title: { zh: '办结报警', en: 'Close an alarm' },
  action: 'duty',
  articles: ['17(3)', '29'],
  input: objectSchema({ alarm: alarmProperty, reason: { type: 'string', max: 1000, optional: true, description: 'Why it can be closed as it is' } }),
  resource: onAlarm,
});

/** Closes a fire that another person proposed to close. Throws `ALARM_UNKNOWN`, `ALARM_NOT_CLOSING` or `ALARM_CLOSING_OWN`. */
export const confirmClosing = defineOperation<Alarm>()({
  id: 'alarm.confirm-close',
  title: { zh: '确认办结', en: 'Confirm the closing of an alarm' },
  action: 'duty',
  articles: ['29'],
  input: objectSchema({ alarm: alarmProperty }),
  resource: ({ alarm }) => ({ subject: `alarm-closing:${alarm}` }),
});

/** Sets a proposal to close a fire aside. Throws `ALARM_UNKNOWN` or `ALARM_NOT_CLOSING`. */
export const keepAlarmOpen = defineOperation<Alarm>()({
  id: 'alarm.keep-open',
  title: { zh: '退回办结', en: 'Keep an alarm open' },
  action: 'duty',
  articles: ['29'],
  input: objectSchema({ alarm: alarmProperty, note: { type: 'string', max: 1000, description: 'Why' } }),
  resource: onAlarm,
});

/** How a room reacted in a time: for praise, and for accountability. */
export interface AlarmFigures {
  readonly alarms: number;
  /** Of ten minutes: on average, and in the worst. EEMUA 191 asks for fewer than 1 and 10 an operator. */
  readonly perTenMinutes: number;
  readonly mostInTenMinutes: number;
  /** Acknowledged within 30 and 60 s, of those that were acknowledged or should have been by now; 0 to 1. */
  readonly within30Seconds: number;
  readonly within60Seconds: number;
  readonly unacknowledged: number;
  readonly falseAlarms: number;
  readonly causes: Readonly<Partial<Record<FalseAlarmCause, number>>>;
  readonly persons: readonly { readonly person: string; readonly acknowledged: number; readonly medianMs: number; readonly slowestMs: number }[];
  /** Sources with most false alarms, the worst first. */
  readonly sources: readonly { readonly source: string; readonly alarms: number; readonly falseAlarms: number }[];
}

/** How the alarms of a time were met. Throws `ALARM_RANGE` for more than 366 days. */
export const readAlarmFigures = defineOperation<AlarmFigures>()({
  id: 'alarm.figures',
  title: { zh: '报警统计', en: 'Figures of alarms' },
  action: 'view',
  articles: ['24', '26'],
  input: objectSchema({ ...rangeProperties }),
  resource: () => ({}),
});
