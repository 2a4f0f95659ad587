/**
 * The tamper-evident audit log.
 *
 * @packageDocumentation
 */
export { chainHash, emptyHash, hashBody } from './chain/hash.ts';
export { keyFingerprint, publicKeyOf } from './chain/public-key.ts';
export { isSigned } from './chain/signer.ts';
export { verifyChain, type ChainVerification, type RecordRow } from './chain/verify.ts';
export { AuditError, auditErrorTable, type AuditErrorCode } from './errors.ts';
export { audit } from './plugin.ts';
