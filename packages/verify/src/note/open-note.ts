// Verifies the signatures of a note with the keys that are known.
import { concatBytes, toBase64, fromHex, utf8 } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { VerifyError } from '../errors.ts';
import { parseNote } from './note.ts';
import type { VerifierKey } from './vkey.ts';

/** A signature that was verified. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** When a witness cosigned, in UTC epoch milliseconds; whole seconds. Only for keys of type 4. */
  readonly atMs?: number;
  /** The whole line, without the newline. */
  readonly line: string;
}

/** A note and who signed it. */
export interface OpenedNote {
  readonly text: string;
  /** One for each known key that signed, in the order of the note; at least one. */
  readonly verified: readonly VerifiedSignature[];
  /** How many signatures are of unknown keys. */
  readonly unknown: number;
}

// The last second of the year 9999: a later time is no time that a witness saw.
const latestSecond = 253_402_300_799;

/**
 * Opens a note. Signatures of unknown keys are left aside; one bad signature of a known key is enough to refuse the note.
 * Throws `NOTE_MALFORMED`, `NOTE_SIGNATURE_BAD` or `NOTE_UNSIGNED`.
 */
export function openNote(crypto: Crypto, note: Uint8Array | string, keys: readonly VerifierKey[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const known = new Map(keys.map((key) => [`${key.id} ${key.name}`, key]));
  const verified = new Map<VerifierKey, VerifiedSignature>();
  let unknown = 0;
  for (const { name, id, signature, line } of signatures) {
    const key = known.get(`${id} ${name}`);
    if (!key) {
      unknown++;
      continue;
    }
    const atMs = verifySignature(crypto, key, text, signature);
    if (atMs === undefined) throw new VerifyError('NOTE_SIGNATURE_BAD', { name });
    // A key that signed twice counts once, with its newest time.
    const before = verified.get(key);
    if (!before || (before.atMs ?? 0) < atMs) verified.set(key, { key, line, ...(key.type === 4 ? { atMs } : {}) });
  }
  if (verified.size === 0) throw new VerifyError('NOTE_UNSIGNED', { known: keys.map((key) => key.name).join(', ') || '—' });
  return { text, verified: [...verified.values()], unknown };
}

/** The time of a good signature in milliseconds (0 for type 1, which has none); `undefined` for a bad one. */
function verifySignature(crypto: Crypto, key: VerifierKey, text: string, signature: Uint8Array): number | undefined {
  if (key.type === 1) return crypto.verifyEd25519(key.publicKey, utf8(text), signature) ? 0 : undefined;
  if (signature.length !== 72) return undefined;
  const seconds = Number(new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0));
  if (seconds > latestSecond) return undefined;
  return crypto.verifyEd25519(key.publicKey, cosignedMessage(text, seconds), signature.subarray(8)) ? seconds * 1000 : undefined;
}

/** The message that a witness signs: `cosignature/v1`, the time in seconds, the text of the checkpoint. */
export function cosignedMessage(text: string, seconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** The line of a signature over a note, without newline. For type 4 `seconds` must be given. */
export function signatureLine(key: Pick<VerifierKey, 'name' | 'id'>, signature: Uint8Array, seconds?: number): string {
  const time = new Uint8Array(seconds === undefined ? 0 : 8);
  if (seconds !== undefined) new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  return `\u2014 ${key.name} ${toBase64(concatBytes(fromHex(key.id)!, time, signature))}`;
}
