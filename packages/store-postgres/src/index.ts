/**
 * The store on PostgreSQL: a schema for each plugin, for campuses that keep their tables on a server.
 *
 * @packageDocumentation
 */
export { StoreError, storeErrorTable, type StoreErrorCode } from './errors.ts';
export { postgres } from './plugin.ts';
export { PostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
