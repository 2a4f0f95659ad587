// A terminal that keeps what is said, and a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '@wanglou/core';
import { main, type Terminal } from '../src/index.ts';

/** A terminal whose lines can be read. */
export interface TestTerminal extends Terminal {
  readonly outLines: string[];
  readonly errLines: string[];
}

/** Makes a terminal of a reader's language. */
export function createTestTerminal(language: Language = 'en'): TestTerminal {
  const outLines: string[] = [];
  const errLines: string[] = [];
  return { language, outLines, errLines, out: (line) => void outLines.push(line), err: (line) => void errLines.push(line) };
}

/** What a command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line to its end. */
export async function run(args: readonly string[], language: Language = 'en'): Promise<Said> {
  const terminal = createTestTerminal(language);
  const code = await main(args, terminal);
  return { code, out: terminal.outLines.join('\n'), err: terminal.errLines.join('\n') };
}

/** Makes a folder that is removed when it is disposed of. */
export async function createFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'wanglou-cli-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
