// Watches the room for footage: raises alarms early, makes room with what may go, and lets the less important cameras go without, never the footage that must stay.
import type { StorageLevel, StorageState, StorageStatus } from '@wanglou/core';
import { daysLeft, type CameraDemand } from './days-left.ts';
import { isAccepted, stopNext, type Ranked } from './priority.ts';
import { reserveOf, roomOf, type Measured } from './room.ts';

/** What a watch sees of a camera. */
export interface WatchedCamera {
  readonly id: string;
  readonly kbps: number | undefined;
  readonly isRecording: boolean;
}

/** What a watch works with. */
export interface StorageWatchOptions {
  /** Bytes that are to stay free on all disks together. */
  reserveBytes(): number;
  /** Cameras that are to be recorded. */
  cameras(): readonly WatchedCamera[];
  priorityOf(camera: string): number;
  /** Whether the camera had footage before: it is no new one then. */
  hasFootage(camera: string): boolean;
  /** Room on all disks together, of which so much is to stay free. Rejects when no disk can be asked. */
  measure(reserveBytes: number): Promise<Measured>;
  /** How far the footage of a camera reaches back, from which age it may go, and what of that is held. */
  keeping(camera: string): Promise<Omit<CameraDemand, 'bytesPerDay'>>;
  /** Stops a camera for want of room, or records it again. */
  park(camera: string, detail: string): void;
  resume(camera: string): void;
  /** Erases what may go. */
  makeRoom(): Promise<void>;
  readonly events: StorageEvents;
}

/** What a watch tells. */
export interface StorageEvents {
  low(status: StorageStatus, level: StorageLevel): void;
  /** There is room for longer again. */
  well(): void;
  failed(error: unknown): void;
}

/** Of each look, this share goes into the rate: at one look in ten seconds it follows within hours, not minutes. */
const rateShare = 0.002;
const levels: readonly StorageLevel[] = [7, 2, 'full'];
/** Days beyond the first level before all is well again. */
const marginDays = 1;
const bytesPerDayPerKbps = (1000 / 8) * 86_400;

/** Watches the room on all disks together. To be called every few seconds. */
export class StorageWatch {
  readonly #options: StorageWatchOptions;
  readonly #rates = new Map<string, number>();
  readonly #parked = new Set<string>();
  #measured: Measured = { freeBytes: 0, totalBytes: 0 };
  #state: StorageState = 'room';
  #daysLeft: number | undefined;
  #level: StorageLevel | undefined;
  #working: Promise<void> | undefined;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
  }

  get status(): StorageStatus {
    const days = this.#daysLeft;
    return {
      state: this.#state, ...this.#measured, reserveBytes: Math.round(this.#reserveBytes), bytesPerDay: Math.round(this.#bytesPerDay), ...(days !== undefined && { daysLeft: Math.floor(days * 10) / 10 }), stopped: [...this.#parked].sort(),
    };
  }

  /** Whether a camera that is to be recorded now may be. One that may not is tried again by itself. */
  admits(camera: string): boolean {
    const { hasFootage } = this.#options;
    if (this.#parked.has(camera)) return false;
    if (this.#state === 'room' || this.#state === 'away' || hasFootage(camera) || isAccepted(this.#rank(camera), this.#recorded())) return true;
    this.#parked.add(camera);
    return false;
  }

  /** A camera is gone, with what was known of it. */
  forget(camera: string): void {
    this.#parked.delete(camera);
    this.#rates.delete(camera);
  }

  /** Looks at the disks and does what it asks for. Never rejects; while it works, further calls change nothing. */
  look(): Promise<void> {
    return (this.#working ??= this.#look()
      .catch((error: unknown) => this.#options.events.failed(error))
      .finally(() => (this.#working = undefined)));
  }

  /** Reckons anew how long the room lasts, and tells when it is little. Never rejects. */
  async forecast(): Promise<void> {
    try {
      const { keeping, cameras } = this.#options;
      const demand: CameraDemand[] = [];
      for (const { id } of cameras()) demand.push({ bytesPerDay: this.#rates.get(id) ?? 0, ...(await keeping(id)) });
      this.#daysLeft = demand.every(({ bytesPerDay }) => bytesPerDay === 0) ? undefined : daysLeft(demand, this.#measured.freeBytes - this.#reserveBytes);
      this.#tell();
    } catch (error) {
      this.#options.events.failed(error);
    }
  }

  /** Whether footage that may go has to: begins at the reserve, and goes on until there is some more. */
  async needsRoom(): Promise<boolean> {
    await this.#measure();
    return this.#state === 'tight' || this.#state === 'full';
  }

  get #bytesPerDay(): number {
    let sum = 0;
    for (const rate of this.#rates.values()) sum += rate;
    return sum;
  }

  get #reserveBytes(): number {
    return reserveOf(this.#options.reserveBytes(), this.#bytesPerDay, this.#measured.totalBytes);
  }

  async #look(): Promise<void> {
    this.#learnRates();
    await this.#measure();
    if (this.#state === 'away') return;
    if (this.#state !== 'room') {
      await this.#options.makeRoom();
      await this.#measure();
    }
    if (this.#state === 'full') this.#stopSome();
    else if (this.#state === 'room') this.#resumeAll();
    this.#tell();
  }

  async #measure(): Promise<void> {
    const { measure, events } = this.#options;
    try {
      this.#measured = await measure(this.#reserveBytes);
      this.#state = roomOf(this.#measured, this.#reserveBytes, this.#state);
    } catch (error) {
      // Of disks that cannot be asked nothing follows: neither that there is room, nor that there is none.
      if (this.#state !== 'away') events.failed(error);
      this.#state = 'away';
    }
  }

  #learnRates(): void {
    for (const { id, kbps, isRecording } of this.#options.cameras()) {
      if (!isRecording || kbps === undefined) continue;
      const now = kbps * bytesPerDayPerKbps;
      const before = this.#rates.get(id);
      this.#rates.set(id, before === undefined ? now : before + (now - before) * rateShare);
    }
  }

  #stopSome(): void {
    const { park } = this.#options;
    for (const id of stopNext(this.#recorded())) {
      this.#parked.add(id);
      park(id, 'the disks are full with footage that must be kept; cameras that matter more go on');
    }
  }

  #resumeAll(): void {
    for (const id of this.#parked) {
      this.#parked.delete(id);
      this.#options.resume(id);
    }
  }

  #recorded(): readonly Ranked[] {
    return this.#options.cameras().filter(({ id }) => !this.#parked.has(id)).map(({ id }) => this.#rank(id));
  }

  #rank(id: string): Ranked {
    return { id, priority: this.#options.priorityOf(id) };
  }

  /** Each level is told once, and all of them again after there was room for longer. */
  #tell(): void {
    const { events } = this.#options;
    const days = this.#daysLeft;
    if (this.#state === 'away') return;
    // By what comes in now there may be no end, and still no room: what may go is gone, and the rest is held.
    const level = this.#state !== 'room' ? 'full' : days === undefined ? undefined : levels.findLast((one) => one !== 'full' && days <= one);
    if (level !== undefined && (this.#level === undefined || levels.indexOf(level) > levels.indexOf(this.#level))) {
      this.#level = level;
      events.low(this.status, level);
    } else if (this.#level !== undefined && level === undefined && (days === undefined || days > 7 + marginDays)) {
      this.#level = undefined;
      events.well();
    }
  }
}
