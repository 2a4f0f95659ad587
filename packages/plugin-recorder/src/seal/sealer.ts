// Puts the roots of footage into the audit log, minute by minute. Recording never waits for it.
import type { Seals } from '../catalog/seals.ts';
import { levelsOf, rootOf } from './tree.ts';

const minuteMs = 60_000;
/** A timer may be this much early. */
const earlyMs = 1000;

/** A minute of the clock, UTC epoch milliseconds. */
export interface Minute {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What stands open in the entry of a seal. */
export interface SealEntry extends Minute {
  /** Root of the tree, hex. */
  readonly root: string;
  readonly segments: number;
}

/** What a sealer works with. */
export interface SealerOptions {
  readonly seals: Seals;
  /** Writes the entry `recording.sealed`; rejects while the audit log cannot be written. */
  record(entry: SealEntry): Promise<{ readonly seq: number }>;
  failed(error: unknown): void;
}

/**
 * Seals what is indexed and not sealed yet. A seal is in the tables before its entry is in the log: after a crash in between, the entry is
 * written then, perhaps a second time, and no segment is left out. While the log is away one seal waits, and segments wait for the next.
 */
export class Sealer {
  readonly #options: SealerOptions;
  #working: Promise<void> | undefined;

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** Seals what there is. Never rejects; while it works, further calls change nothing. */
  seal(minute: Minute): Promise<void> {
    return (this.#working ??= this.#seal(minute)
      .catch((error: unknown) => this.#options.failed(error))
      .finally(() => (this.#working = undefined)));
  }

  async #seal(minute: Minute): Promise<void> {
    const { seals, record } = this.#options;
    for (;;) {
      const seal = (await seals.unrecorded()) ?? (await seals.form(minute));
      if (!seal) return;
      const { fromMs, toMs, leaves } = seal;
      const root = Buffer.from(rootOf(levelsOf(leaves))).toString('hex');
      const { seq } = await record({ fromMs, toMs, root, segments: leaves.length });
      await seals.recorded(seal.id, seq);
    }
  }
}

/** The minute that ended last; one that ends within a second has ended. */
export function minuteBefore(nowMs: number): Minute {
  const toMs = Math.floor((nowMs + earlyMs) / minuteMs) * minuteMs;
  return { fromMs: toMs - minuteMs, toMs };
}

/** The minute that is now. */
export function minuteOf(nowMs: number): Minute {
  const fromMs = Math.floor(nowMs / minuteMs) * minuteMs;
  return { fromMs, toMs: fromMs + minuteMs };
}
