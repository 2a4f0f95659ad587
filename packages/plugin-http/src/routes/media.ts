// Footage under a lease: GET /media/<lease>/<path>.
import { Readable } from 'node:stream';
import type { MediaRequest } from '@wanglou/core';
import type { FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import type { RouteContext } from '../server.ts';
import type { MediaDoor } from './media-door.ts';

/** What a lease's own playlists name: words, digits, dots, hyphens and slashes; never a step up. */
const mediaPath = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/** Adds the media routes. */
export function addMediaRoutes({ app, ctx, signedIn }: RouteContext, door: MediaDoor): void {
  app.get<{ Params: { lease: string; '*': string }; Querystring: Record<string, string> }>('/media/:lease/*', async (request, reply) => {
    const { principal } = await signedIn(request);
    const path = request.params['*'];
    if (!mediaPath.test(path)) throw new HttpError('NOT_FOUND', { path: request.url });
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const range = rangeOf(request);
    const query = Object.fromEntries(Object.entries(request.query).filter(([, value]) => typeof value === 'string'));
    const { status, headers, body } = await door.serve(request.params.lease, principal, { path, query, ...(range && { range }) }, gone.signal);
    reply.code(status).headers({ 'cache-control': 'no-store', ...headers });
    return reply.send(typeof body === 'string' || body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false }));
  });
  app.delete<{ Params: { lease: string } }>('/media/:lease', async (request, reply) => {
    const { principal } = await signedIn(request);
    ctx.leases.release(request.params.lease, principal);
    return reply.send({});
  });
}

/** One byte range (RFC 9110 section 14.1.2); any other form is ignored, as the RFC allows. */
function rangeOf(request: FastifyRequest): MediaRequest['range'] {
  const [, start, end] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(request.headers.range ?? '') ?? [];
  if (start === undefined || (end && Number(end) < Number(start))) return undefined;
  return { start: Number(start), ...(end && { end: Number(end) }) };
}
