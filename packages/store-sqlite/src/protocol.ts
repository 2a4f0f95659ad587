// What the store and its writer thread say to one another.
import type { PackedRows } from './packed-rows.ts';

/** A value SQLite can hold. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** One statement. `transaction` statements run as they come; the others share commits. */
export interface StatementRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  readonly transaction: boolean;
}

/** The answer to one statement, sent when it is durable. */
export type StatementReply =
  | { readonly id: number; readonly rows: PackedRows; readonly changes?: number; readonly lastInsertId?: number }
  | { readonly id: number; readonly error: { readonly message: string; readonly resultCode?: number } };

/** What the writer thread is started with. */
export interface WriterOptions {
  readonly file: string;
  /** How long a statement waits for a lock that another program holds. */
  readonly busyTimeoutMs: number;
}

/** First word of the writer thread. */
export type WriterGreeting = { readonly ready: true } | { readonly ready: false; readonly message: string; readonly resultCode?: number };

/** Opens a transaction. Immediate: a lock that cannot be had is refused here and not half-way. */
export const beginStatement = 'BEGIN IMMEDIATE';
