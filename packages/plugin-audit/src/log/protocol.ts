// What the log and its thread say to one another.
import type { StoreAddress } from '@wanglou/core';

/** What the thread is started with. */
export interface LogThreadOptions {
  readonly store: StoreAddress;
  readonly keyFile: string;
  readonly origin?: string;
}

/** First word of the thread. */
export type LogGreeting = { readonly ready: true; readonly vkey: string; readonly origin: string; readonly head: HeadReply } | { readonly ready: false; readonly error: ErrorReply };

/** A failure, with what an `AuditError` or a store's error is made of. */
export interface ErrorReply {
  readonly message: string;
  readonly code?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly status?: number;
  readonly text?: { readonly zh: string; readonly en: string };
}

/** The newest commit. */
export interface HeadReply {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** Groups of encoded entries. Everything that was asked in one turn goes over together; flat, because copying many small objects costs more than the commit. */
export interface AppendRequest {
  readonly groups: readonly { readonly id: number; readonly count: number }[];
  /** Leaf data of all groups, in order. */
  readonly bodies: readonly string[];
  /** Private parts beside them; empty where there is none. */
  readonly hidden: readonly string[];
  /** Salts of all entries, 16 bytes each. */
  readonly salts: Uint8Array;
  /** Persons who act for the first time, and the salts of their pseudonyms. */
  readonly persons: readonly NewPerson[];
}

/** A person whose salt is not on disk yet. */
export interface NewPerson {
  readonly id: string;
  readonly salt: Uint8Array;
}

/** Answers to groups, when they are on disk. */
export type AppendReply =
  | { readonly appended: readonly number[]; readonly firstSeq: number; /** Leaf hashes, one after the other. */ readonly hashes: Uint8Array }
  | { readonly refused: readonly number[]; readonly error: ErrorReply };

/** What else can be asked. */
export interface LogQueries {
  head(): HeadReply;
  tile(level: number, index: number, width: number): Uint8Array;
  root(size: number): Uint8Array;
  inclusion(seq: number, size: number): readonly Uint8Array[];
  consistency(before: number, size: number): readonly Uint8Array[];
  /** Salt of a person's pseudonym; `undefined` for somebody who has not acted yet. */
  salt(person: string): Uint8Array | undefined;
  eraseSalt(person: string): void;
  erasePrivateParts(person: string, fromSeq: number, toSeq: number): number;
  prune(seq: number): void;
}

export interface QueryRequest {
  readonly id: number;
  readonly query: keyof LogQueries;
  readonly args: readonly unknown[];
}

export type QueryReply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: ErrorReply };

export type LogRequest = AppendRequest | QueryRequest | 'close';
export type LogReply = AppendReply | QueryReply;
