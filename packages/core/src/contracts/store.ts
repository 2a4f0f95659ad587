// Where plugins keep their tables. SQLite by default; PostgreSQL fits behind the same contract.
import type { Kysely } from 'kysely';
import { defineService } from '../refs.ts';

/** One numbered step of a namespace's tables. Runs once, inside a transaction, in the order of the numbers. */
export interface Migration {
  /** 1, 2, 3 … without holes. */
  readonly id: number;
  readonly name: string;
  /**
   * Tables that this step makes and whose small rows (some 1,000 bytes at most) are read by ranges of their key: stores that can, keep the rows themselves in
   * that order.
   */
  readonly clustered?: readonly string[];
  /** Portable SQL only: integers for times and ids, 0/1 for flags, JSON as text, bytes as blobs. */
  up(database: Kysely<any>): Promise<void>;
}

/**
 * Durable tables. A resolved write is on disk: it survives `kill -9` and, as far as the disk keeps its word, a power cut.
 * Each plugin owns the tables of its namespace and no others.
 */
export interface Store {
  /**
   * Opens a namespace and brings its tables up to date.
   * Throws `STORE_NEWER` when the tables were made by a later version, `STORE_UNAVAILABLE` when the folder cannot be written.
   */
  open<Tables>(namespace: string, migrations: readonly Migration[]): Promise<Kysely<Tables>>;
  /** How a worker thread reaches an opened namespace by itself, for a hot path that must cost the event loop nothing. */
  address(namespace: string): StoreAddress;
}

/** The campus's store. */
export const storeService = defineService<Store>('store');

/** Plain data, so that it can be a worker's `workerData`. */
export interface StoreAddress {
  /** URL of a module that exports `connect`, a {@link Connect}. */
  readonly module: string;
  readonly options: unknown;
}

/** A value a column can hold. */
export type StoreValue = null | number | string | Uint8Array;

/** A write: one statement with `?` for each parameter, or many rows into one table. */
export type StoreWrite =
  | { readonly sql: string; readonly parameters: readonly StoreValue[] }
  | { readonly into: string; readonly columns: readonly string[]; readonly rows: readonly (readonly StoreValue[])[] };

/**
 * A thread's own way to its tables. At most one connection of a namespace has the right to write through `commit`: whoever comes
 * second is refused with `STORE_IN_USE`, also from another process or machine.
 */
export interface StoreConnection {
  /** All writes in one transaction, all of them or none; on disk when it resolves. */
  commit(writes: readonly StoreWrite[]): Promise<void>;
  /** Rows of one query with `?` for each parameter; bytes are `Uint8Array`. */
  query(sql: string, parameters: readonly StoreValue[]): Promise<readonly Readonly<Record<string, StoreValue>>[]>;
  close(): Promise<void>;
}

/** What the module of a {@link StoreAddress} exports as `connect`. Throws `STORE_UNAVAILABLE`, `STORE_IN_USE`. */
export type Connect = (options: unknown) => Promise<StoreConnection>;
