// Alarms for people. Articles 17(3), 25, 26 and 29. Types only: plugin-alarm executes them.
import { defineEvent } from '../refs.ts';
import type { Text } from '../text.ts';

/** How much it matters; fire is always the first. */
export type AlarmPriority = 'fire' | 'high' | 'medium' | 'low';

/** Where an alarm stands in its life. */
export type AlarmState = 'received' | 'shown' | 'acknowledged' | 'verifying' | 'confirmed' | 'false' | 'test' | 'drill' | 'handled' | 'restored' | 'closed';

/** Something that needs a person's attention now. */
export interface Alarm {
  readonly id: string;
  /** The plugin and thing it came from, such as `recorder:disk-1`. */
  readonly source: string;
  readonly priority: AlarmPriority;
  readonly title: Text;
  readonly state: AlarmState;
  /** Cameras to show at once, nearest first. */
  readonly cameras: readonly string[];
  readonly raisedMs: number;
  readonly steps: readonly AlarmStep[];
}

/** One step of an alarm's life, with who and where. */
export interface AlarmStep {
  readonly state: AlarmState;
  readonly atMs: number;
  readonly person?: string;
  readonly workstation?: string;
  readonly note?: string;
}

/** Any plugin says that something is wrong; plugin-alarm makes an {@link Alarm} of it. */
export const alarmRaised = defineEvent<Pick<Alarm, 'source' | 'priority' | 'title' | 'cameras' | 'raisedMs'>>('alarm.raised');
/** The thing that raised an alarm is well again. */
export const alarmRestored = defineEvent<{ readonly source: string; readonly atMs: number }>('alarm.restored');
