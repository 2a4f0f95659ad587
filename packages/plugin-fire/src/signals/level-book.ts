// What is on at every point. Devices send states again and again; only what begins and what ends is a signal.
import type { FireLevel, FireQuality, FireSignal } from '../contract.ts';
import { conditionOf, momentary } from './conditions.ts';
import { systemKey, systemOf, type Reading } from './readings.ts';

/** Where readings come from. */
export interface ReadingOrigin {
  readonly source: string;
  /** Number of the stored message; `null` for what was found here. */
  readonly frame: number | null;
  readonly sentTime: string | null;
  readonly receivedMs: number;
  readonly quality: FireQuality;
}

/** What readings changed. */
export interface LevelChange {
  /** What begins stands before what is over. */
  readonly signals: readonly FireSignal[];
  readonly levels: readonly FireLevel[];
}

/** The levels of all points of a protocol. */
export class LevelBook {
  readonly #levels: Map<string, FireLevel>;

  constructor(levels: readonly FireLevel[]) {
    this.#levels = new Map(levels.map((level) => [level.pointKey, level]));
  }

  /** Names of what is on at a point. */
  flagsOf(pointKey: string): readonly string[] {
    return this.#levels.get(pointKey)?.flags ?? [];
  }

  /** Systems of a source that have ever said something. */
  systemsOf(source: string): readonly { readonly systemType: number; readonly systemAddress: number }[] {
    const systems = new Map<string, { readonly systemType: number; readonly systemAddress: number }>();
    for (const { pointKey, source: owner } of this.#levels.values()) {
      const system = owner === source ? systemOf(pointKey) : undefined;
      if (system !== undefined) systems.set(`${system.systemType}-${system.systemAddress}`, system);
    }
    return [...systems.values()];
  }

  /**
   * Takes the readings of one message. A state that was received before the one that counts now is passed over: urgent messages overtake others, and
   * the fire that a later message has told must not be over because an earlier one does not know of it yet.
   */
  take(readings: readonly Reading[], origin: ReadingOrigin): LevelChange {
    const begun: FireSignal[] = [];
    const over: FireSignal[] = [];
    const changed = new Map<string, FireLevel>();
    for (const reading of readings) {
      const known = this.#know(reading.pointKey, origin.source);
      if (known !== undefined) changed.set(known.pointKey, known);
      if (reading.kind === 'moment') begun.push(...reading.flags.flatMap((flag) => signalOf(reading, origin, flag, true) ?? []));
      else if (reading.kind === 'analog') begun.push(analogOf(reading, origin));
      else {
        const before = this.#levels.get(reading.pointKey);
        const frame = origin.frame ?? before?.frame ?? 0;
        if (before !== undefined && frame < before.frame) continue;
        const flagsBefore = before?.flags ?? [];
        const flags = flagsAfter(reading, flagsBefore);
        begun.push(...flags.filter((flag) => !flagsBefore.includes(flag)).flatMap((flag) => signalOf(reading, origin, flag, true) ?? []));
        over.push(...flagsBefore.filter((flag) => !flags.includes(flag)).flatMap((flag) => signalOf(reading, origin, flag, false) ?? []));
        const level = { pointKey: reading.pointKey, source: origin.source, flags, frame };
        this.#levels.set(reading.pointKey, level);
        changed.set(reading.pointKey, level);
      }
    }
    return { signals: [...begun, ...over], levels: [...changed.values()] };
  }

  /** A system that is heard of for the first time, whatever it says: it is asked for its state when its device comes back. */
  #know(pointKey: string, source: string): FireLevel | undefined {
    const system = systemOf(pointKey);
    const key = system === undefined ? undefined : systemKey(source, system.systemType, system.systemAddress);
    if (key === undefined || this.#levels.has(key)) return undefined;
    const level = { pointKey: key, source, flags: [], frame: 0 };
    this.#levels.set(key, level);
    return level;
  }
}

/** A message of what is over without a flag says that all is. */
function flagsAfter({ kind, flags }: Reading, before: readonly string[]): readonly string[] {
  if (kind === 'state') return flags;
  return flags.length === 0 ? [] : before.filter((flag) => !flags.includes(flag));
}

function signalOf(reading: Reading, origin: ReadingOrigin, flag: string, active: boolean): FireSignal | undefined {
  const condition = conditionOf(flag, reading.scope);
  if (condition === undefined || (!active && momentary.has(condition))) return undefined;
  return { ...baseOf(reading, origin), condition, active, flag };
}

function analogOf(reading: Reading, origin: ReadingOrigin): FireSignal {
  return { ...baseOf(reading, origin), condition: 'analog', active: true, ...(reading.value !== undefined && { value: reading.value }) };
}

function baseOf({ pointKey, text, componentType, operatorId, deviceTime }: Reading, { source, frame, sentTime, receivedMs, quality }: ReadingOrigin): Omit<FireSignal, 'condition' | 'active'> {
  return {
    source, pointKey, deviceTime, sentTime, receivedMs, frame, quality,
    ...(text !== undefined && { text }),
    ...(componentType !== undefined && { componentType }),
    ...(operatorId !== undefined && { operatorId }),
  };
}
