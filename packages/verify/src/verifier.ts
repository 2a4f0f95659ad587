// All that can be checked, over one set of primitives.
import type { Crypto } from './crypto/crypto.ts';
import type { EvidenceSource } from './evidence/evidence-source.ts';
import { verifyClip, verifyEvidence, type ClipResult, type EvidenceProgress, type EvidenceResult } from './evidence/verify-evidence.ts';
import type { LogResult } from './log/log-result.ts';
import type { LogSource } from './log/source.ts';
import { verifyLog, type VerifyLogOptions } from './log/verify-log.ts';
import { openNote, type OpenedNote } from './note/open-note.ts';
import { makeVkey, parseVkey, type SignatureType, type VerifierKey } from './note/vkey.ts';
import { openCheckpoint, type OpenedCheckpoint } from './policy/open-checkpoint.ts';
import { parsePolicy, type Policy } from './policy/policy.ts';
import { verifyReceipt, type ReceiptResult } from './receipt/verify-receipt.ts';
import { emptyRoot, leafHash, nodeHash, rootOfHashes } from './tree/tree-hash.ts';
import { verifyConsistency, verifyInclusion, type ConsistencyClaim, type InclusionClaim } from './tree/proof.ts';

/** The checks. Every entry of the package exports the same ones, with the primitives of where it runs. */
export interface Verifier {
  /**
   * Checks a whole log: the signatures of its checkpoint and the quorum, every entry, every tile, the root, and that it continues
   * a checkpoint saved before. Memory does not grow with the log. What is wrong is in the answer; throws `SOURCE_UNREADABLE` only.
   */
  verifyLog(source: LogSource, options: VerifyLogOptions): Promise<LogResult>;
  /** Checks a receipt (`*.tlog-proof`). Never throws. */
  verifyReceipt(receipt: Uint8Array | string, policy: Policy): ReceiptResult;
  /** Checks a folder with `evidence.json`. Files are hashed as they are read. Throws `SOURCE_UNREADABLE` only. */
  verifyEvidence(source: EvidenceSource, policy: Policy, progress?: EvidenceProgress): Promise<EvidenceResult>;
  /** Checks one file of an evidence package, whatever its name now is, by the package's `evidence.json`. */
  verifyClip(clip: { readonly name: string; readonly content: AsyncIterable<Uint8Array> }, evidence: Uint8Array | string, policy: Policy): Promise<ClipResult>;
  /** Reads a policy file. Throws `POLICY_INVALID` with the line. */
  parsePolicy(policy: Uint8Array | string): Policy;
  /** Reads a verifier key. Throws `VKEY_INVALID`. */
  parseVkey(vkey: string): VerifierKey;
  /** Writes a verifier key of 32 bytes. Throws `VKEY_INVALID`. */
  makeVkey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey;
  /** Opens a signed note. Throws `NOTE_MALFORMED`, `NOTE_SIGNATURE_BAD` or `NOTE_UNSIGNED`. */
  openNote(note: Uint8Array | string, keys: readonly VerifierKey[]): OpenedNote;
  /** Opens a checkpoint by a policy. Throws as {@link openNote}, `CHECKPOINT_MALFORMED` and `ORIGIN_UNKNOWN`. */
  openCheckpoint(note: Uint8Array | string, policy: Policy): OpenedCheckpoint;
  /** Throws `INCLUSION_FAILED`. */
  verifyInclusion(claim: InclusionClaim): void;
  /** Throws `CONSISTENCY_FAILED`. */
  verifyConsistency(claim: ConsistencyClaim): void;
  /** RFC 6962. */
  leafHash(data: Uint8Array): Uint8Array;
  nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** The root over leaf hashes; that of the empty tree for none. */
  rootOfLeaves(leaves: readonly Uint8Array[]): Uint8Array;
}

/** Makes the checks over primitives. */
export function createVerifier(crypto: Crypto): Verifier {
  return {
    verifyLog: (source, options) => verifyLog(crypto, source, options),
    verifyReceipt: (receipt, policy) => verifyReceipt(crypto, receipt, policy),
    verifyEvidence: (source, policy, progress) => verifyEvidence(crypto, source, policy, progress),
    verifyClip: (clip, evidence, policy) => verifyClip(crypto, clip, evidence, policy),
    parsePolicy: (policy) => parsePolicy(crypto, policy),
    parseVkey: (vkey) => parseVkey(crypto, vkey),
    makeVkey: (name, type, publicKey) => makeVkey(crypto, name, type, publicKey),
    openNote: (note, keys) => openNote(crypto, note, keys),
    openCheckpoint: (note, policy) => openCheckpoint(crypto, note, policy),
    verifyInclusion: (claim) => verifyInclusion(crypto, claim),
    verifyConsistency: (claim) => verifyConsistency(crypto, claim),
    leafHash: (data) => leafHash(crypto, data),
    nodeHash: (left, right) => nodeHash(crypto, left, right),
    rootOfLeaves: (leaves) => (leaves.length === 0 ? emptyRoot(crypto) : rootOfHashes(crypto, leaves)),
  };
}
