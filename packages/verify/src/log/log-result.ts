// What the verification of a log answers. Plain JSON.
import type { Finding } from '../errors.ts';

/** A place where something is wrong. */
export interface BrokenEntry extends Finding {
  /** The first entry that is broken; where `exact` is false, the first that may be: all before it are good. */
  readonly index: number;
  readonly exact: boolean;
}

/** More than 150 seconds between two heartbeats: the log was not running, or did not write. */
export interface HeartbeatGap {
  readonly fromIndex: number;
  readonly toIndex: number;
  /** Times of the two heartbeats, UTC epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A time more than 60 seconds before that of an entry before it, without an entry `audit.clock` beside it. */
export interface ClockStep {
  readonly index: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The newest checkpoint that has the quorum's cosignatures. */
export interface Witnessed {
  readonly size: number;
  /** Root in base64. */
  readonly root: string;
  /** The newest cosignature, UTC epoch milliseconds; absent where the policy asks for no witness. */
  readonly atMs?: number;
}

/** What {@link Verifier.verifyLog} found. */
export interface LogResult {
  /** Nothing is wrong, and the quorum vouches for it. */
  readonly ok: boolean;
  /** Number of entries; 0 where the checkpoint could not be opened. */
  readonly size: number;
  /** Root in base64. */
  readonly root: string;
  readonly origin: string;
  /** Names of the witnesses that cosigned {@link newestWitnessed}, or else the checkpoint. */
  readonly cosigned: readonly string[];
  /** Whether the quorum is met for the checkpoint, or for `witnessed`, which the entries then lead to. */
  readonly quorum: boolean;
  /** Witnesses that the quorum still wants. */
  readonly missing: readonly string[];
  /** Whether the policy asks for witnesses at all. */
  readonly witnessesAsked: boolean;
  /** How many entries were hashed and read; the rest was pruned, or comes after what is broken. */
  readonly checked: number;
  /** Why it is not ok. */
  readonly problem?: Finding;
  readonly firstBroken?: BrokenEntry;
  /** At most 1,000; `gapCount` says how many there are. */
  readonly gaps: readonly HeartbeatGap[];
  readonly gapCount: number;
  /** At most 1,000; `clockStepCount` says how many there are. */
  readonly clockSteps: readonly ClockStep[];
  readonly clockStepCount: number;
  /** Entries below this index were pruned; 0 for none. */
  readonly pruned: number;
  readonly newestWitnessed?: Witnessed;
  /** The size of the saved checkpoint that the log was found to continue. */
  readonly since?: number;
}
