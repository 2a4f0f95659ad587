// Checkpoints that a log signed and that do not continue what it signed before: proof of what the log did, so they are kept.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './durable-file.ts';
import { originHash } from './recorded-checkpoint.ts';

/** What is kept of a refusal. */
export interface Refusal {
  readonly origin: string;
  /** `fork`: two roots at one size, which proves itself. `inconsistent`: the proof did not hold, which may also be the sender's mistake. */
  readonly kind: 'fork' | 'inconsistent';
  readonly size: number;
  readonly root: Uint8Array;
  /** The request as it came. */
  readonly submitted: Uint8Array;
  /** The checkpoint that was cosigned before, if any. */
  readonly recorded: { readonly size: number; readonly root: Uint8Array; readonly note: string } | undefined;
}

/** Where a refusal lies, and whether it is new; `undefined` where the folder is full. */
export type Kept = { readonly file: string; readonly fresh: boolean } | undefined;

/**
 * Keeps refusals in a folder, of each kind the oldest `most`: the first proof is the one that matters. Anybody can send a good
 * checkpoint with a wrong proof again and again; that is kept once, and takes no room from forks.
 */
export async function createRefusals(folder: string, most: number) {
  const names = new Set((await readdir(folder)).filter((name) => name.endsWith('.submitted')));
  return {
    async keep({ origin, kind, size, root, submitted, recorded }: Refusal): Promise<Kept> {
      const digest = createHash('sha256').update(root).update(`${recorded?.size}`).update(recorded?.root ?? '').digest('hex');
      const base = `${kind}-${originHash(origin).slice(0, 16)}-${size}-${digest.slice(0, 16)}`;
      const name = `${base}.submitted`;
      const file = join(folder, name);
      if (names.has(name)) return { file, fresh: false };
      if ([...names].filter((other) => other.startsWith(`${kind}-`)).length >= most) return undefined;
      // A first half may have been left by a process that was killed.
      if (recorded) await replaceFile(join(folder, `${base}.recorded`), recorded.note);
      await replaceFile(file, submitted);
      names.add(name);
      return { file, fresh: true };
    },
  };
}
