// Footage under a lease: GET /media/<lease>/<path>. No lease, no byte; and no byte before the ledger names the lease.
import { Readable } from 'node:stream';
import { KernelError, type Lease, type MediaRequest, type MediaResponse } from '@wanglou/core';
import type { FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import type { LeaseLedger } from '../ledger/lease-ledger.ts';
import type { RouteContext } from '../server.ts';

/** What a lease's own playlists name: words, digits, dots, hyphens and slashes; never a step up. */
const mediaPath = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/** Adds the media routes. */
export function addMediaRoutes({ app, ctx, signedIn }: RouteContext, ledger: LeaseLedger): void {
  const tallied = async (lease: Lease, body: MediaResponse['body']): Promise<MediaResponse['body']> => {
    const operation = ctx.operations().find(({ operation: { id } }) => id === lease.operation)?.operation;
    const sent = await ledger.begin(lease, operation?.whenAuditFails === 'spool', body).catch((error: unknown) => {
      throw new HttpError('LEDGER_UNAVAILABLE', {}, { cause: error });
    });
    // It took a moment, in which the policy may have said no.
    if (lease.end.value) throw new KernelError('LEASE_ENDED', { reason: lease.end.value });
    if (lease.paused.value) throw new KernelError('LEASE_PAUSED');
    return sent;
  };
  app.get<{ Params: { lease: string; '*': string }; Querystring: Record<string, string> }>('/media/:lease/*', async (request, reply) => {
    const { principal } = await signedIn(request);
    const path = request.params['*'];
    if (!mediaPath.test(path)) throw new HttpError('NOT_FOUND', { path: request.url });
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const range = rangeOf(request);
    const query = Object.fromEntries(Object.entries(request.query).filter(([, value]) => typeof value === 'string'));
    // Looked up before it is served: it may end meanwhile, and what was begun is tallied all the same.
    const lease = ctx.leases.list().find(({ id }) => id === request.params.lease);
    const { status, headers, body } = await ctx.leases.serve(request.params.lease, principal, { path, query, ...(range && { range }) }, gone.signal);
    const isEmpty = (typeof body === 'string' || body instanceof Uint8Array) && body.length === 0;
    // `serve` throws for a lease that is not listed.
    const sent = isEmpty ? body : await tallied(lease!, body);
    reply.code(status).headers({ 'cache-control': 'no-store', ...headers });
    return reply.send(typeof sent === 'string' || sent instanceof Uint8Array ? sent : Readable.from(sent, { objectMode: false }));
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
