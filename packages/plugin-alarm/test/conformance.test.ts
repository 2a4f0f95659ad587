import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeService } from '@wanglou/core';
import { fake, pluginChecks } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { alarm } from '../src/index.ts';

describe('plugin-alarm passes the checks every plugin must', () => {
  let path: string;
  let store: SqliteStore;
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'wanglou-alarm-'));
    store = await SqliteStore.create(path);
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await rm(path, { recursive: true });
  });

  const fakes = [fake(storeService, { open: (namespace, migrations) => store.open(namespace, migrations) })];
  for (const check of pluginChecks(alarm({}), fakes)) it(check.name, () => check.run());
});
