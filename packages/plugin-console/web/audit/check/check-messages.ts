// What the page and the worker that checks the log say to one another. Plain data.
import type { Text } from '@wanglou/core';
import type { LogResult } from '@wanglou/verify/browser';

/** What is checked. */
export interface CheckInput {
  /** Address of the files, with the slash at its end. */
  readonly address: string;
  /** A checkpoint that this browser has kept: the log must continue it. */
  readonly since?: string;
}

/** What was found, with the checkpoint that the files led to. */
export interface CheckFound {
  readonly result: LogResult;
  /** The signed note. */
  readonly note: string;
}

/** What the worker says. */
export type CheckMessage =
  | { readonly kind: 'progress'; readonly index: number; readonly size: number }
  | { readonly kind: 'found'; readonly found: CheckFound }
  /** The files could not be read, so nothing is known of them. */
  | { readonly kind: 'failed'; readonly text: Text };
