// Erases footage whose retention is over, step by step: the entry in the log first, then the mark in the index, then the file.
import type { DeletionReason, Hold, RetentionTerm } from '@wanglou/core';
import type { HoldBook } from '../holds/hold-book.ts';
import { extentOf, type Deletion, type OldFile, type RetentionBook } from './retention-book.ts';
import type { SweepClock } from './sweep-clock.ts';
import type { Turns } from '../turns.ts';

/** What the policy said to erasing some files. */
export interface Verdict {
  readonly permitted: boolean;
  /** The rule that permits, or that refuses. */
  readonly rule: string;
  readonly pack: string;
  readonly packSha256: string;
}

/** What is said in the log of a deletion. */
export interface DeletionEntry extends Verdict {
  readonly camera: string;
  readonly reason: DeletionReason;
  readonly files: readonly OldFile[];
}

/** What a sweeper works with. */
export interface SweeperOptions {
  readonly book: RetentionBook;
  readonly holds: HoldBook;
  readonly turns: Turns;
  readonly clock: SweepClock;
  readonly now: () => number;
  /** Milliseconds that the process has run, by a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
  /** How long footage of a camera is kept; `undefined`: for ever. */
  termOf(camera: string): RetentionTerm | undefined;
  judge(camera: string, fromMs: number, toMs: number): Promise<Verdict>;
  /** Writes the entry `recording.deleted`; rejects while the log cannot be written. */
  record(entry: DeletionEntry): Promise<{ readonly seq: number }>;
  /** Removes a file, and folders that are empty then. A file that is not there is removed. */
  remove(file: OldFile): Promise<void>;
  /** Whether new footage needs room that only old footage can give. */
  needsRoom(): Promise<boolean>;
  readonly events: SweeperEvents;
}

/** What a sweeper tells. */
export interface SweeperEvents {
  deleted(entry: DeletionEntry, seq: number): void;
  /** Files that were to go stay, since they are held; the log is to say so. */
  kept(deletion: Deletion, files: readonly OldFile[]): Promise<void>;
  ended(hold: Hold): Promise<void>;
  /** The clock went ahead: nothing is erased until somebody confirms it. Told once for each jump. */
  ahead(believedMs: number): void;
  failed(error: unknown): void;
}

const dayMs = 24 * 3_600_000;
/** Files of one entry: four hours of a camera. */
const filesAtOnce = 240;
/** Files of one step that makes room: fifteen minutes of the camera with the oldest footage. */
const filesForRoom = 15;

/** Erases what is due. One sweep at a time. */
export class Sweeper {
  readonly #options: SweeperOptions;
  #working: Promise<void> | undefined;
  /** The time that was believed last. A sweep reckons with it to its end, whatever the clock does meanwhile. */
  #nowMs = 0;
  #aheadSinceMs: number | undefined;
  #sweptMs: number | undefined;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  /** When the last sweep began that came to its end. */
  get sweptMs(): number | undefined {
    return this.#sweptMs;
  }

  /** Since when the clock is not believed. */
  get aheadSinceMs(): number | undefined {
    return this.#aheadSinceMs;
  }

  /** Ends what a crash left half done: its entries are in the log. To be called before anybody can place a hold. */
  async resume(): Promise<void> {
    for (const deletion of await this.#options.book.unfinished()) await this.#options.turns.take(() => this.#removeOrKeep(deletion));
  }

  /** Erases what is due now. Never rejects; while it works, further calls change nothing. */
  sweep(): Promise<void> {
    return (this.#working ??= this.#sweep()
      .catch((error: unknown) => this.#options.events.failed(error))
      .finally(() => (this.#working = undefined)));
  }

  /** Makes room with what may go, beyond what is due. Never rejects; nothing while a sweep is under way, which does the same. */
  makeRoom(): Promise<void> {
    return (this.#working ??= this.#onlyRoom()
      .catch((error: unknown) => this.#options.events.failed(error))
      .finally(() => (this.#working = undefined)));
  }

  /** Looks at the clock, so that no stay in the past goes unseen. Never rejects. */
  async look(): Promise<void> {
    if (this.#working === undefined) await this.#believesClock().catch((error: unknown) => this.#options.events.failed(error));
  }

  /** A person confirms the clock. */
  async confirmClock(wrongSinceMs: number | undefined): Promise<void> {
    const { clock, book, now, elapsed } = this.#options;
    clock.confirm(now(), elapsed(), wrongSinceMs);
    this.#aheadSinceMs = undefined;
    await book.writeClock(clock.state);
  }

  async #sweep(): Promise<void> {
    const { book, signal } = this.#options;
    if (!(await this.#believesClock())) return;
    const beganMs = this.#nowMs;
    await this.#endHolds();
    for (const deletion of await book.unfinished()) await this.#options.turns.take(() => this.#removeOrKeep(deletion));
    const cameras = await book.cameras();
    for (const camera of cameras) {
      const days = this.#options.termOf(camera)?.eraseAfterDays;
      if (days !== undefined && !signal.aborted) await this.#sweepCamera(camera, days);
    }
    await this.#makeRoom(cameras);
    this.#sweptMs = beganMs;
  }

  async #onlyRoom(): Promise<void> {
    if (await this.#believesClock()) await this.#makeRoom(await this.#options.book.cameras());
  }

  async #believesClock(): Promise<boolean> {
    const { clock, now, elapsed, book, events } = this.#options;
    const nowMs = now();
    if (clock.check(nowMs, elapsed()) === 'ahead') {
      if (this.#aheadSinceMs === undefined) events.ahead(clock.state.highestMs);
      this.#aheadSinceMs ??= nowMs;
      return false;
    }
    this.#aheadSinceMs = undefined;
    this.#nowMs = nowMs;
    await book.writeClock(clock.state);
    return true;
  }

  /** Holds end by the clock that is believed, never by one that jumped. */
  async #endHolds(): Promise<void> {
    const { holds, book, turns, events } = this.#options;
    for (const { id } of holds.inForce) {
      const ended = await turns.take(async () => {
        const hold = holds.get(id);
        if (hold?.state !== 'in-force' || hold.endsMs === undefined || hold.endsMs > this.#nowMs) return undefined;
        await book.lookAgain(hold.cameras, hold.fromMs);
        return holds.change(hold, { state: 'ended' });
      });
      if (ended) await events.ended(ended);
    }
  }

  async #sweepCamera(camera: string, days: number): Promise<void> {
    const { book, signal } = this.#options;
    const dueMs = this.#nowMs - days * dayMs;
    let fromMs = await book.sweptMs(camera);
    let isSwept = true;
    while (!signal.aborted) {
      const files = await book.filesEndedBy(camera, fromMs, dueMs, filesAtOnce);
      const last = files.at(-1);
      if (last === undefined) return;
      const outcome = await this.#erasePage(camera, files, days, 'duty');
      if (outcome === 'refused') return;
      fromMs = last.startMs + 1;
      isSwept &&= outcome === 'swept';
      if (isSwept) await book.setSwept(camera, fromMs);
    }
  }

  /** Oldest first over all cameras, beyond the floor of each, until there is room or nothing is left that may go. */
  async #makeRoom(cameras: readonly string[]): Promise<void> {
    const { book, needsRoom, signal } = this.#options;
    const exhausted = new Set<string>();
    const from = new Map<string, number>();
    while (!signal.aborted && (await needsRoom())) {
      let oldest: { readonly camera: string; readonly files: readonly OldFile[]; readonly floorDays: number } | undefined;
      for (const camera of cameras) {
        const floorDays = this.#options.termOf(camera)?.floorDays;
        if (floorDays === undefined || exhausted.has(camera)) continue;
        const files = await book.filesEndedBy(camera, from.get(camera) ?? (await book.sweptMs(camera)), this.#nowMs - floorDays * dayMs, filesForRoom);
        if (files.length === 0) exhausted.add(camera);
        else if (oldest === undefined || files[0]!.startMs < oldest.files[0]!.startMs) oldest = { camera, files, floorDays };
      }
      if (oldest === undefined) return;
      const { camera, files, floorDays } = oldest;
      from.set(camera, files.at(-1)!.startMs + 1);
      if ((await this.#erasePage(camera, files, floorDays, 'room')) === 'refused') exhausted.add(camera);
    }
  }

  /** Erases what may go of some files that follow each other: `swept` when all others are held, `partly` when some are not old by what is known. */
  async #erasePage(camera: string, files: readonly OldFile[], days: number, reason: DeletionReason): Promise<'swept' | 'partly' | 'refused'> {
    let outcome: 'swept' | 'partly' = 'swept';
    let run: OldFile[] = [];
    for (const file of [...files, undefined]) {
      const isOld = file !== undefined && this.#options.clock.recordedMs(file.endMs) <= this.#nowMs - days * dayMs;
      const isHeld = file !== undefined && this.#isHeld(camera, file);
      if (file !== undefined && isOld && !isHeld) {
        run.push(file);
        continue;
      }
      if (file !== undefined && !isOld) outcome = 'partly';
      if (run.length > 0 && !(await this.#erase(camera, run, reason))) return 'refused';
      run = [];
    }
    return outcome;
  }

  /** False when the policy refuses. Rejects when the log cannot be written: then every file stays. */
  #erase(camera: string, files: readonly OldFile[], reason: DeletionReason): Promise<boolean> {
    const { book, turns, judge, record, events, signal } = this.#options;
    return turns.take(async () => {
      // A hold may have come since the files were chosen.
      const free = files.filter((file) => !this.#isHeld(camera, file));
      if (free.length === 0 || signal.aborted) return true;
      const { fromMs, toMs } = extentOf(free);
      const verdict = await judge(camera, fromMs, toMs);
      if (!verdict.permitted) return false;
      const entry: DeletionEntry = { ...verdict, camera, reason, files: free };
      const { seq } = await record(entry);
      const deletion = await book.mark({ seq, camera, files: free }, reason, this.#nowMs);
      events.deleted(entry, seq);
      await this.#removeOrKeep(deletion);
      return true;
    });
  }

  /** Removes the files of a deletion that is in the log. Those that were held meanwhile stay, and are there again. */
  async #removeOrKeep(deletion: Deletion): Promise<void> {
    const { book, remove, events } = this.#options;
    const held = deletion.files.filter((file) => this.#isHeld(deletion.camera, file));
    const free = deletion.files.filter((file) => !held.includes(file));
    try {
      if (held.length > 0) {
        await events.kept(deletion, held);
        await book.restore(deletion, held);
      }
      for (const file of free) await remove(file);
      await book.finish({ ...deletion, files: free });
    } catch (error) {
      // The disk, the log or the index is away. The next sweep goes on from here.
      events.failed(error);
    }
  }

  #isHeld(camera: string, { startMs, endMs }: OldFile): boolean {
    return this.#options.holds.isHeld(camera, startMs, endMs);
  }
}
