// A checkpoint judged by a policy: is it of a known log, did the log sign it, and who cosigned.
import { toBase64 } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { VerifyError } from '../errors.ts';
import { parseCheckpointBody } from '../note/checkpoint.ts';
import { parseNote } from '../note/note.ts';
import { openNote } from '../note/open-note.ts';
import { meetsQuorum, missingWitnesses, type Policy } from './policy.ts';

/** A checkpoint that a trusted log signed. */
export interface OpenedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly rootBase64: string;
  /** The text that was signed. */
  readonly text: string;
  /** Names of the policy's witnesses that cosigned. */
  readonly cosigned: readonly string[];
  /** Whether the policy's quorum is met; also true where it asks for none. */
  readonly quorum: boolean;
  /** Witnesses that the quorum still wants. */
  readonly missing: readonly string[];
  /** The newest time of a cosignature, UTC epoch milliseconds. */
  readonly witnessedAtMs?: number;
}

/**
 * Opens a checkpoint. Throws `NOTE_MALFORMED`, `NOTE_SIGNATURE_BAD`, `NOTE_UNSIGNED`, `CHECKPOINT_MALFORMED` or
 * `ORIGIN_UNKNOWN`; a quorum that is not met is in the answer.
 */
export function openCheckpoint(crypto: Crypto, note: Uint8Array | string, policy: Policy): OpenedCheckpoint {
  const { origin, size, root } = parseCheckpointBody(parseNote(note).text);
  // The name of a log's key is its origin: a key of one log vouches for no other.
  const logKeys = policy.logs.map((log) => log.key).filter((key) => key.name === origin);
  if (logKeys.length === 0) throw new VerifyError('ORIGIN_UNKNOWN', { origin, known: policy.logs.map((log) => log.key.name).join(', ') || '—' });
  const { text, verified } = openNote(crypto, note, [...logKeys, ...policy.witnesses.map((witness) => witness.key)]);
  if (!verified.some(({ key }) => logKeys.includes(key))) throw new VerifyError('NOTE_UNSIGNED', { known: origin });
  const signed = new Set(verified.map(({ key }) => key));
  const times = verified.flatMap(({ key, atMs }) => (atMs !== undefined && !logKeys.includes(key) ? [atMs] : []));
  return {
    origin,
    size,
    root,
    rootBase64: toBase64(root),
    text,
    cosigned: policy.witnesses.filter((witness) => signed.has(witness.key)).map((witness) => witness.name),
    quorum: meetsQuorum(policy, signed),
    missing: missingWitnesses(policy, signed),
    ...(times.length > 0 ? { witnessedAtMs: Math.max(...times) } : {}),
  };
}
