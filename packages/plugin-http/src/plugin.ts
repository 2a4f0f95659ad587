// Opens the campus to browsers.
import { defineEvent, definePlugin, defineService, sessionsService } from '@wanglou/core';
import { httpConfig } from './config.ts';
import { addEventRoutes } from './routes/events.ts';
import { addMediaRoutes } from './routes/media.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addSessionRoutes } from './routes/session.ts';
import { addStaticRoutes } from './routes/static.ts';
import { createServer, listen } from './server.ts';

/** Where the server can be reached. */
export interface HttpServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly address: string;
}

/** The running server. */
export const httpServerService = defineService<HttpServer>('http.server');
/** The server listens. */
export const serverListening = defineEvent<HttpServer>('http.listening');

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
    ctx.provide(httpServerService, { address });
    ctx.emit(serverListening, { address });
  },
});
