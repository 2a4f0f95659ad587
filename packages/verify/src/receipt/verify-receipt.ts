// A receipt: proves that an entry is in the log, that the quorum saw it, and what it says.
import { concatBytes, fromBase64, toBase64, toHex, utf8 } from '../bytes/bytes.ts';
import { isObject, parseCanonicalJson, type JsonObject } from '../bytes/canonical-json.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { findingOf, VerifyError, type Finding } from '../errors.ts';
import { parseEntry } from '../log/entry.ts';
import { openCheckpoint, type OpenedCheckpoint } from '../policy/open-checkpoint.ts';
import type { Policy } from '../policy/policy.ts';
import type { Text } from '../text.ts';
import { verifyInclusion } from '../tree/proof.ts';
import { leafHash } from '../tree/tree-hash.ts';
import { receiptCode } from './receipt-code.ts';
import { parseTlogProof } from './tlog-proof.ts';

/** What {@link Verifier.verifyReceipt} found. Plain JSON. Nothing but `ok` and `problem` is worth anything unless `ok` is true. */
export interface ReceiptResult {
  /** The entry is in the log, and the quorum vouches for it. */
  readonly ok: boolean;
  readonly problem?: Finding;
  readonly origin: string;
  readonly index: number;
  /** Size and root (base64) of the checkpoint. */
  readonly size: number;
  readonly root: string;
  /** Names of the witnesses that cosigned. */
  readonly cosigned: readonly string[];
  readonly quorum: boolean;
  readonly missing: readonly string[];
  /** Whether the policy asks for witnesses at all. */
  readonly witnessesAsked: boolean;
  /** The newest cosignature, UTC epoch milliseconds: the entry is older. */
  readonly witnessedAtMs?: number;
  /** The code on paper. */
  readonly code?: string;
  /** The entry's members. */
  readonly entry?: JsonObject;
  /** The private part, where it is disclosed; its salted hash is in the entry. */
  readonly private?: JsonObject;
}

/** Opens checkpoints as {@link openCheckpoint} does, each text once: the receipts of one package often share theirs. */
export function createCheckpointOpener(crypto: Crypto, policy: Policy): (note: string) => OpenedCheckpoint {
  const opened = new Map<string, OpenedCheckpoint>();
  return (note) => {
    const known = opened.get(note) ?? openCheckpoint(crypto, note, policy);
    opened.set(note, known);
    return known;
  };
}

/** See {@link Verifier.verifyReceipt}. */
export function verifyReceipt(crypto: Crypto, receipt: Uint8Array | string, policy: Policy, open = createCheckpointOpener(crypto, policy)): ReceiptResult {
  let result: ReceiptResult = { ok: false, origin: '', index: 0, size: 0, root: '', cosigned: [], quorum: false, missing: [], witnessesAsked: policy.quorum !== undefined };
  try {
    const { extra, index, proof, checkpoint } = parseTlogProof(receipt);
    result = { ...result, index };
    const disclosed = parseExtra(extra);
    const entry = parseEntry(disclosed.entry, index);
    const leaf = leafHash(crypto, disclosed.entry);
    result = { ...result, code: receiptCode(index, leaf), entry: entry.members };
    const { origin, size, root, rootBase64, cosigned, quorum, missing, witnessedAtMs } = open(checkpoint);
    result = { ...result, origin, size, root: rootBase64, cosigned, quorum, missing, ...(witnessedAtMs === undefined ? {} : { witnessedAtMs }) };
    verifyInclusion(crypto, { index, size, leaf, root, proof });
    if (disclosed.private) {
      if (toHex(crypto.sha256(concatBytes(disclosed.private.salt, disclosed.private.bytes))) !== entry.private) throw new VerifyError('RECEIPT_PRIVATE_MISMATCH');
      result = { ...result, private: disclosed.private.members };
    }
    if (!quorum) throw new VerifyError('QUORUM_MISSING', { missing: missing.join(', ') });
    return { ...result, ok: true };
  } catch (error) {
    return { ...result, problem: findingOf(error) };
  }
}

/** What the `extra` line of a receipt discloses. Nothing of it is trusted before it was hashed. */
function parseExtra(extra: Uint8Array | undefined) {
  if (!extra) throw malformed({ zh: '没有 extra 行，不知道条目内容', en: 'it has no extra line, so nobody knows what the entry says' });
  const value = parseCanonicalJson(extra)?.value;
  if (!isObject(value)) throw malformed({ zh: 'extra 不是规范 JSON 对象', en: 'its extra data are no object in canonical JSON' });
  const { entry, salt, private: privateText, ...others } = value;
  if (typeof entry !== 'string' || Object.keys(others).length > 0) throw malformed({ zh: 'extra 的成员有误', en: 'the members of its extra data are wrong' });
  if (salt === undefined && privateText === undefined) return { entry: utf8(entry) };
  const saltBytes = typeof salt === 'string' ? fromBase64(salt) : undefined;
  const bytes = typeof privateText === 'string' ? utf8(privateText) : undefined;
  const members = bytes && parseCanonicalJson(bytes)?.value;
  // A salt of another length would let one hash stand for two splits of salt and text.
  if (saltBytes?.length !== 16 || !bytes || !isObject(members)) throw malformed({ zh: '私密部分或盐值有误', en: 'its private part or the salt of it is wrong' });
  return { entry: utf8(entry), private: { salt: saltBytes, bytes, members } };
}

/** Writes the `extra` data of a receipt. */
export function receiptExtra(disclosed: { readonly entry: string; readonly salt?: Uint8Array; readonly private?: string }): Uint8Array {
  // In the order of RFC 8785.
  return utf8(JSON.stringify({ entry: disclosed.entry, private: disclosed.private, salt: disclosed.salt && toBase64(disclosed.salt) }));
}

function malformed(reason: Text): VerifyError {
  return new VerifyError('RECEIPT_MALFORMED', { reason });
}
