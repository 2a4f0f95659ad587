// Gives the campus its store.
import { definePlugin, objectSchema, storeService } from '@wanglou/core';
import { PostgresStore } from './postgres-store.ts';

/**
 * The store on PostgreSQL.
 *
 * @example
 * defineCampus({ store: postgres({ url: process.env['DATABASE_URL'] ?? '' }), ... })
 */
export const postgres = definePlugin({
  id: 'store-postgres',
  config: objectSchema({ url: { type: 'string', description: 'Secret. postgres://user:password@host:5432/database' } }),
  provides: [storeService],
  critical: true,
  async setup(ctx, { config }) {
    const store = await PostgresStore.create({
      url: config.url,
      lost: (error) => ctx.log.error({ err: error }, 'the database of the store is gone: what needs its tables is refused until the campus is restarted'),
    });
    ctx.defer(() => store[Symbol.asyncDispose]());
    ctx.provide(storeService, store);
  },
});
