/**
 * Checks an audit log, a receipt, an evidence package or a clip without trusting the server. Needs no other package.
 *
 * @packageDocumentation
 */
import { nodeCrypto } from './crypto/node-crypto.ts';
import { createVerifier } from './verifier.ts';

export * from './common.ts';
export { main, type Output } from './command/main.ts';
export { nodeCrypto } from './crypto/node-crypto.ts';
export { createFilesSource, type NamedFile } from './sources/files-source.ts';
export { createFolderEvidence, createFolderSource, readFileBytes } from './sources/folder-source.ts';
export { createUrlSource, type UrlSourceOptions } from './sources/url-source.ts';

const verifier = createVerifier(nodeCrypto);
export const { verifyLog, verifyReceipt, verifyEvidence, verifyClip, parsePolicy, parseVkey, makeVkey, openNote, openCheckpoint, verifyInclusion, verifyConsistency, leafHash, nodeHash, rootOfLeaves } = verifier;
