/**
 * The audit log: a transparency log that outsiders can verify.
 *
 * @packageDocumentation
 */
export { AuditError, auditErrorTable, type AuditErrorCode } from './errors.ts';
export { loadNoteKey, type NoteKey } from './note/note-key.ts';
export { audit } from './plugin.ts';
export { verifyTables, type CheckedTables, type KnownRoot } from './verification/verify-tables.ts';
