/**
 * What other plugins may use of the fire plugin: what it tells, and how another protocol is added.
 *
 * @packageDocumentation
 */
import { defineEvent, defineExtensionPoint, type Clock, type Logger } from '@wanglou/core';

/** What a signal says, in the plugin's own words. What it means for people is decided elsewhere. */
export type FireCondition =
  | 'fire' | 'preAlarm' | 'manualAlarm' | 'fault' | 'powerFault' | 'linkFault' | 'disabled' | 'supervisory' | 'activated' | 'feedback' | 'delayed'
  | 'reset' | 'mute' | 'panelAck' | 'test' | 'dutyAnswer' | 'analog';

/**
 * How a signal came: as it happened; as the answer to a question after a link was lost; from the store after a restart, and then perhaps for
 * the second time; from a simulation.
 */
export type FireQuality = 'live' | 'resync' | 'replayed' | 'simulated';

/** One change at one point. */
export interface FireSignal {
  /** The configured source, not what the peer says of itself. */
  readonly source: string;
  /** Stable, from the source's own addressing, such as `uitd/library/sys/1-3/comp/131082`. */
  readonly pointKey: string;
  readonly condition: FireCondition;
  /** Whether it begins or is over. What happens in a moment, such as `reset` or `dutyAnswer`, is only ever active and is not latched. */
  readonly active: boolean;
  /** The device's own name of the condition, where it says more, such as `busFault`: two faults of a point come and go each by itself. */
  readonly flag?: string;
  readonly value?: { readonly amount: number; readonly unit: string };
  /** Words of the device, such as where the point is. */
  readonly text?: string;
  /** Code of `componentTypes`. */
  readonly componentType?: number;
  /** Who operated, as the installation numbers its people. */
  readonly operatorId?: number;
  /** When it happened by the device's clock, `YYYY-MM-DDThh:mm:ss` without a zone. Wrong clocks are usual. */
  readonly deviceTime: string | null;
  /** When the message was sent by the device's clock. */
  readonly sentTime: string | null;
  /** When it was received by ours, epoch ms: what counts. */
  readonly receivedMs: number;
  /** Stored frame that says so; frames are numbered as they were received. `null` for what was found here, such as a lost link. */
  readonly frame: number | null;
  readonly quality: FireQuality;
}

/** Something changed at a point. */
export const fireSignal = defineEvent<FireSignal>('fire.signal');

/** How a duty check (查岗) ended. `late`: after the time that was given, and within two minutes of it. */
export interface DutyCheckEnd {
  readonly source: string;
  readonly minutes: number;
  readonly askedMs: number;
  readonly result: 'answered' | 'late' | 'unanswered' | 'denied' | 'timeout';
  readonly answeredMs?: number;
  readonly operatorId?: number;
}

/** A duty check at a transmission device has ended. */
export const dutyCheckEnded = defineEvent<DutyCheckEnd>('fire.duty-check-ended');

/**
 * What is wrong with a source and is no signal of a point.
 * - `clock` the device's clock differs by `amount` seconds
 * - `unrecognised` a message of type `amount` whose layout is not known; it is stored
 */
export interface FireProblem {
  readonly source: string;
  readonly kind: 'clock' | 'unrecognised';
  /** Whether it begins or is over; `unrecognised` never is. */
  readonly active: boolean;
  readonly amount: number;
}

/** A message before it is stored. */
export interface NewFireFrame {
  readonly source: string;
  readonly receivedMs: number;
  /** Who sent it, such as `10.1.2.3:5000`. */
  readonly peer: string;
  readonly bytes: Uint8Array;
}

/** A stored message. */
export interface FireFrame extends NewFireFrame {
  /** Numbers go up in the order of reception. */
  readonly id: number;
}

/** What is on at a point. */
export interface FireLevel {
  readonly pointKey: string;
  readonly source: string;
  /** Names of what is on. */
  readonly flags: readonly string[];
  /** The stored message that said so last; 0 for none. */
  readonly frame: number;
}

/** The durable side of a source: its messages, which of them were told, and what is on. */
export interface FireJournal {
  /**
   * Stores a message; on disk when it resolves. Only then may its sender be told that it has arrived. Messages that wait together share one
   * commit, urgent ones first.
   * @throws FireError `FIRE_QUEUE_FULL` and whatever the store throws: the message is not stored then
   */
  store(frame: NewFireFrame, isUrgent: boolean): Promise<FireFrame>;
  /** The message was told, and this is what is on since. In one transaction with all that waits; kept and tried again while the store fails. */
  settle(frame: number | null, levels: readonly FireLevel[]): void;
  /** Messages that were stored and perhaps not told, oldest first. */
  unsettled(): Promise<readonly FireFrame[]>;
  /** Messages received since then. */
  since(receivedMs: number): Promise<readonly FireFrame[]>;
  /** Everything that is on, and every point that is known. */
  levels(): Promise<readonly FireLevel[]>;
}

/** What a source may do while it runs. */
export interface FireSourceContext {
  /** Its own part of the journal. */
  readonly journal: FireJournal;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tells a signal. Its message must be stored. */
  emit(signal: FireSignal): void;
  problem(problem: FireProblem): void;
  dutyCheckEnded(end: DutyCheckEnd): void;
}

/** How a device is. */
export interface FireSourceHealth {
  readonly source: string;
  readonly isUp: boolean;
  readonly lastSeenMs: number | null;
  /** Messages that were refused since the start: damaged, of a wrong peer, of an unknown command. */
  readonly rejected: number;
}

/** What a source can be told to do. There is no remote reset, silence or control of fire equipment. */
export type FireCommand = { readonly type: 'poll' } | { readonly type: 'syncClock' } | { readonly type: 'dutyCheck'; readonly minutes: number };

/** A protocol by which fire signals come. It maps to conditions, and never decides what an alarm means. */
export interface FireSignalSource {
  /** Of the protocol, kebab-case; its messages are kept under it. */
  readonly kind: string;
  start(context: FireSourceContext): Promise<void>;
  stop(): Promise<void>;
  health(): readonly FireSourceHealth[];
  command?(source: string, command: FireCommand): Promise<'confirmed' | 'denied' | 'timeout'>;
}

/** Protocols beside GB/T 26875.3, which is the first contribution. */
export const fireSignalSources = defineExtensionPoint<FireSignalSource>('fire.signal-sources');

export type { FireErrorCode } from './errors.ts';
