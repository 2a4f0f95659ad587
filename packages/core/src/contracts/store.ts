// Where plugins keep their tables. SQLite by default; PostgreSQL fits behind the same contract.
import type { Kysely } from 'kysely';
import { defineService } from '../refs.ts';

/** One numbered step of a namespace's tables. Runs once, inside a transaction, in the order of the numbers. */
export interface Migration {
  /** 1, 2, 3 … without holes. */
  readonly id: number;
  readonly name: string;
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
}

/** The campus's store. */
export const storeService = defineService<Store>('store');
