// A folder for each test of a file, and what the test opened is closed after it, the last first.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { Centre, type CentreOptions } from './centre.ts';

/** What {@link useCentre} gives. */
export interface CentreTest {
  /** Folder of the test that runs. */
  readonly folder: string;
  start(options?: CentreOptions): Promise<Centre>;
  /** Closes something after the test. */
  later(close: () => unknown): void;
}

/** Call it once, at the top of a file of tests. */
export function useCentre(): CentreTest {
  let folder = '';
  const closers: (() => unknown)[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wanglou-fire-'));
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await rm(folder, { recursive: true });
  });
  return {
    get folder() {
      return folder;
    },
    async start(options = {}) {
      const centre = await Centre.start(folder, options);
      closers.push(() => centre[Symbol.asyncDispose]());
      return centre;
    },
    later: (close) => void closers.push(close),
  };
}
