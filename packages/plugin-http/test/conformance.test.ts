import { sessionsService, storeService } from '@wanglou/core';
import { fake, pluginChecks } from '@wanglou/core/testing';
import { describe, it } from 'vitest';
import { http } from '../src/index.ts';

describe('plugin-http passes the checks every plugin must', () => {
  const sessions = fake(sessionsService, { resolve: async () => undefined, isOpen: () => false });
  for (const check of pluginChecks(http({ port: 0 }), [sessions, fake(storeService, { open: async () => ({}) as never })])) it(check.name, () => check.run());
});
