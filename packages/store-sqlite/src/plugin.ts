// Gives the campus its store.
import { definePlugin, objectSchema, storeService } from '@wanglou/core';
import { SqliteStore } from './sqlite-store.ts';

/**
 * The embedded store.
 *
 * @example
 * defineCampus({ store: sqlite({ path: './data' }), ... })
 */
export const sqlite = definePlugin({
  id: 'store-sqlite',
  config: objectSchema({ path: { type: 'string', description: 'Folder of the database files' } }),
  provides: [storeService],
  critical: true,
  async setup(ctx, { config }) {
    const store = await SqliteStore.create(config.path, {
      lost: (error) => ctx.log.error({ err: error }, 'a writer of the store is gone: what needs its tables is refused until the campus is restarted'),
    });
    ctx.defer(() => store[Symbol.asyncDispose]());
    ctx.provide(storeService, store);
  },
});
