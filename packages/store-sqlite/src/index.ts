/**
 * The embedded store: SQLite files in a folder, each with one writer thread.
 *
 * @packageDocumentation
 */
export { StoreError, storeErrorTable, type StoreErrorCode } from './errors.ts';
export { sqlite } from './plugin.ts';
export { SqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
