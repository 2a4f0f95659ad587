// Opens the campus to browsers.
import { definePlugin, sessionsService } from '@wanglou/core';
import { httpConfig } from './config.ts';
import { httpServerService } from './contract.ts';
import { addEventRoutes } from './routes/events.ts';
import { addMediaRoutes } from './routes/media.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addSessionRoutes } from './routes/session.ts';
import { addStaticRoutes } from './routes/static.ts';
import { createServer, listen } from './server.ts';

/** Version of the HTTP API, in its description. */
const apiVersion = '1';

/**
 * The HTTP server.
 *
 * @example
 * http({ port: 8080 })
 */
export const http = definePlugin({
  id: 'http',
  config: httpConfig,
  needs: { sessions: sessionsService },
  provides: [httpServerService],
  critical: true,
  async setup(ctx, { config, sessions }) {
    const routes = await createServer(ctx, config, sessions);
    addSessionRoutes(routes);
    addOperationRoutes(routes, apiVersion);
    addMediaRoutes(routes);
    addEventRoutes(routes);
    routes.app.get('/healthz', async () => ({ status: 'ok' }));
    await addStaticRoutes(routes);
    ctx.defer(() => routes.app.close());
    const address = await listen(routes.app, config);
    ctx.provide(httpServerService, { address, routes: routes.registered });
  },
});
