// Prebuilt files, such as the console. Unknown paths without an extension are pages of the single-page application.
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import { staticSites, type StaticSite } from '../contract.ts';
import { HttpError } from '../errors.ts';
import type { RouteContext } from '../server.ts';

/** Serves the sites that are there at the moment of the request: plugins come and go while the server runs. */
export async function addStaticRoutes({ app, ctx, fail }: RouteContext): Promise<void> {
  await app.register(fastifyStatic, {
    serve: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    cacheControl: false,
    setHeaders: (reply, path) => void reply.header('cache-control', /[/\\]assets[/\\]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  });
  const siteOf = (path: string): StaticSite | undefined =>
    ctx
      .contributions(staticSites)
      .filter((site) => path.startsWith(site.prefix))
      .sort((a, b) => b.prefix.length - a.prefix.length)[0];

  // The handlers return nothing: Fastify waits anew for each reply that is returned, and a fallback is a reply within a reply.
  app.get('/*', (request, reply) => {
    const path = pathOf(request);
    const site = siteOf(path);
    // sendFile refuses steps out of the root and calls the not-found handler for what is not there.
    if (!site || isApi(path)) reply.callNotFound();
    else reply.sendFile(path.slice(site.prefix.length) || 'index.html', fileURLToPath(site.directory));
  });
  const pagesSent = new WeakSet<FastifyRequest>();
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const site = siteOf(path);
    const isPage = site !== undefined && request.method === 'GET' && !isApi(path) && !/\.[a-z0-9]+$/i.test(path);
    // A site without its index.html would fall back to itself for ever.
    if (!isPage || pagesSent.has(request)) {
      fail(request, reply, new HttpError('NOT_FOUND', { path }));
      return;
    }
    pagesSent.add(request);
    reply.code(200).sendFile('index.html', fileURLToPath(site.directory));
  });
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/';
}

function isApi(path: string): boolean {
  return /^\/(api|media|healthz)(\/|$)/.test(path);
}
