// Opens the campus to browsers.
import { definePlugin, servedLeaseSources, sessionsService, storeService } from '@wanglou/core';
import { httpConfig } from './config.ts';
import { httpServerService } from './contract.ts';
import { LeaseLedger } from './ledger/lease-ledger.ts';
import { ledgerMigrations, type LedgerTables } from './ledger/tables.ts';
import { addEventRoutes } from './routes/events.ts';
import { createMediaDoor } from './routes/media-door.ts';
import { addMediaRoutes } from './routes/media.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addSessionRoutes } from './routes/session.ts';
import { addStaticRoutes } from './routes/static.ts';
import { addWallRoute } from './routes/wall.ts';
import { createServer, listen } from './server.ts';

/** Version of the HTTP API, in its description. */
const apiVersion = '1';
/** Tallies of what is served are on disk this much later; the lease itself is at once. */
const flushPeriodMs = 10_000;
const prunePeriodMs = 3_600_000;

/**
 * The HTTP server.
 *
 * @example
 * http({ port: 8080 })
 */
export const http = definePlugin({
  id: 'http',
  config: httpConfig,
  needs: { sessions: sessionsService, store: storeService },
  provides: [httpServerService],
  critical: true,
  async setup(ctx, { config, sessions, store }) {
    const ledger = new LeaseLedger({
      database: await store.open<LedgerTables>('http', ledgerMigrations),
      clock: ctx.clock,
      failed: (error) => ctx.log.error({ err: error }, 'the ledger of served leases cannot be written: nothing is served but live view, whose tallies wait in memory'),
      restored: () => ctx.log.info({}, 'the ledger of served leases can be written again'),
    });
    ctx.defer(() => ledger.close());
    // A failure was told when it began; the next round tries again.
    ctx.defer(ctx.clock.every(flushPeriodMs, () => void ledger.flush().catch(() => undefined)));
    ctx.defer(ctx.clock.every(prunePeriodMs, () => void ledger.prune().catch((error: unknown) => ctx.log.warn({ err: error }, 'old rows of the ledger of served leases could not be removed; it is tried again in an hour'))));
    ctx.contribute(servedLeaseSources, { between: (fromMs, toMs) => ledger.between(fromMs, toMs) });

    const routes = await createServer(ctx, config, sessions);
    addSessionRoutes(routes);
    addOperationRoutes(routes, apiVersion);
    const door = createMediaDoor(ctx, ledger);
    addMediaRoutes(routes, door);
    addWallRoute(routes, door);
    addEventRoutes(routes);
    routes.app.get('/healthz', async () => ({ status: 'ok' }));
    await addStaticRoutes(routes);
    ctx.defer(() => routes.app.close());
    const address = await listen(routes.app, config);
    ctx.provide(httpServerService, { address, routes: routes.registered });
  },
});
