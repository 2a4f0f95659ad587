import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditService, campusService, purposes, storeService, type AuditLog } from '@wanglou/core';
import { fake, pluginChecks } from '@wanglou/core/testing';
import { upc2013 } from '@wanglou/policies';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { access } from '../src/index.ts';

describe('plugin-access passes the checks every plugin must', () => {
  let path: string;
  let store: SqliteStore;
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'wanglou-access-'));
    store = await SqliteStore.create(path);
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await rm(path, { recursive: true });
  });

  const log: Partial<AuditLog> = { append: async () => ({ seq: 0 }), read: async () => [], size: () => 0 };
  const fakes = [fake(storeService, { open: (namespace, migrations) => store.open(namespace, migrations) }), fake(auditService, log), fake(campusService, { read: () => ({ name: { zh: '试', en: 'Test' }, timeZone: 'Asia/Shanghai', pack: { id: 'p', version: '1', title: { zh: '试', en: 'Test' }, effective: '2026-01-01', sha256: '' }, units: upc2013().units, roles: upc2013().roles, approvals: upc2013().approvals, purposes }) })];
  for (const check of pluginChecks(access({}), fakes, { ownAudit: true })) it(check.name, () => check.run());
});
