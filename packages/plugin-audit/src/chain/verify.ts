// Checks a log from its rows alone: numbering, bodies, links, and the signed checkpoint.
import type { Checkpoint, Verification } from '@wanglou/core';
import { chainHash, emptyHash, hashBody } from './hash.ts';
import { isSigned } from './signer.ts';

/** A record as it lies in the table. */
export interface RecordRow {
  readonly seq: number;
  readonly body: string;
  readonly hash: string;
}

/**
 * Verifies a log. Says the first record that does not fit, and why.
 *
 * @param rows in the order of `seq`
 * @param checkpoint the newest signed statement; a log that is not empty must have one
 * @param trustedKey the public key that must have signed it, where it is known from elsewhere
 */
export async function verifyChain(rows: AsyncIterable<RecordRow> | Iterable<RecordRow>, checkpoint: Checkpoint | undefined, trustedKey?: string): Promise<Verification> {
  let size = 0;
  let head = emptyHash;
  let headAtCheckpoint = checkpoint?.size === 0 ? emptyHash : undefined;
  const broken = (seq: number, reason: string): Verification => ({ ok: false, size, broken: { seq, reason }, ...(checkpoint && { checkpoint }) });
  try {
    for await (const row of rows) {
      if (row.seq !== size) return broken(size, row.seq > size ? `record ${size} is missing` : `record ${row.seq} stands where ${size} should`);
      const expected = chainHash(head, hashBody(row.body));
      if (row.hash !== expected) return broken(row.seq, 'its hash does not fit its body and the records before it');
      head = expected;
      size++;
      if (checkpoint?.size === size) headAtCheckpoint = head;
    }
  } catch (error) {
    return broken(size, `the database cannot be read from here on: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!checkpoint) return size === 0 ? { ok: true, size } : broken(0, 'there is no signed checkpoint');
  if (!isSigned(checkpoint)) return broken(size, 'the signature of the checkpoint is wrong');
  if (trustedKey !== undefined && checkpoint.key !== trustedKey) return broken(size, 'the checkpoint was signed with another key');
  if (size < checkpoint.size) return broken(size, `the log was cut: ${checkpoint.size} records were signed, ${size} are left`);
  if (headAtCheckpoint !== checkpoint.hash) return broken(checkpoint.size - 1, 'the records are not those that were signed');
  if (size > checkpoint.size) return broken(checkpoint.size, 'records were added after the last signed checkpoint');
  return { ok: true, size, checkpoint };
}
