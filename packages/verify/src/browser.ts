/**
 * The same checks for browsers: the primitives are bundled in, nothing else is needed.
 *
 * @packageDocumentation
 */
import { nobleCrypto } from './crypto/noble-crypto.ts';
import { createVerifier } from './verifier.ts';

export * from './common.ts';
export { nobleCrypto } from './crypto/noble-crypto.ts';
export { createFilesSource, type NamedFile } from './sources/files-source.ts';

const verifier = createVerifier(nobleCrypto);
export const { verifyLog, verifyReceipt, verifyEvidence, verifyClip, parsePolicy, parseVkey, makeVkey, openNote, openCheckpoint, verifyInclusion, verifyConsistency, leafHash, nodeHash, rootOfLeaves } = verifier;
