// Sign-in and sign-out: the credential lives in a cookie that no script can read.
import { isCodedError } from '@wanglou/core';
import { beginOidc, finishOidc, readSession, signIn, signOut } from '@wanglou/plugin-access/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import { sessionCookie, type RouteContext } from '../server.ts';

/** Sign-ins of one address in a minute; the lock-out of plugin-access counts failures beside it. */
const signInsPerMinute = 30;
/** What must come back with the identity provider's answer. */
const transactionCookie = 'wanglou-oidc';
const oidcPath = '/api/v1/session/oidc';

/** Adds the routes of the session. */
export function addSessionRoutes(routes: RouteContext): void {
  const { app, ctx, principalOf, signedIn, secureCookie } = routes;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: secureCookie } as const;
  const rateLimit = { max: signInsPerMinute, timeWindow: 60_000 };

  app.post('/api/v1/session', { config: { rateLimit } }, async (request, reply) => {
    const before = await principalOf(request);
    const { credential, ...view } = await ctx.call(signIn, request.body as never, { principal: anonymous(before) });
    // Whoever signs in anew leaves the session that came along.
    if (before.kind === 'person') await ctx.call(signOut, {}, { principal: before });
    // A new credential at each sign-in, whatever cookie came along: no session can be fixed beforehand.
    return reply.setCookie(sessionCookie, credential, cookie).header('cache-control', 'no-store').send(view);
  });
  app.get('/api/v1/session', async (request, reply) => {
    const { principal } = await signedIn(request);
    return reply.header('cache-control', 'no-store').send(await ctx.call(readSession, {}, { principal }));
  });
  app.delete('/api/v1/session', async (request, reply) => {
    const principal = await principalOf(request);
    if (principal.kind === 'person') await ctx.call(signOut, {}, { principal });
    return reply.clearCookie(sessionCookie, cookie).send({});
  });

  // To the identity provider and back. Coming back is a navigation from another site, so the transaction's cookie is lax and short-lived.
  const transaction = { path: oidcPath, httpOnly: true, sameSite: 'lax', secure: secureCookie, maxAge: 600 } as const;
  app.get<{ Querystring: { 'step-up'?: string } }>(oidcPath, { config: { rateLimit } }, async (request, reply) => {
    try {
      const begun = await ctx.call(beginOidc, { redirectAddress: callbackOf(routes, request), stepUp: request.query['step-up'] === '1' }, { principal: anonymous(await principalOf(request)) });
      return await reply.setCookie(transactionCookie, begun.transaction, transaction).header('cache-control', 'no-store').redirect(begun.address, 303);
    } catch (error) {
      return backWith(reply, error);
    }
  });
  app.get(`${oidcPath}/callback`, { config: { rateLimit } }, async (request, reply) => {
    const kept = request.cookies[transactionCookie];
    reply.clearCookie(transactionCookie, transaction).header('cache-control', 'no-store');
    try {
      if (kept === undefined) throw new HttpError('SESSION_NEEDED');
      const { search } = new URL(request.url, 'http://campus.invalid');
      const before = await principalOf(request);
      const { credential } = await ctx.call(finishOidc, { callbackAddress: callbackOf(routes, request) + search, transaction: kept }, { principal: anonymous(before) });
      if (before.kind === 'person') await ctx.call(signOut, {}, { principal: before });
      return await reply.setCookie(sessionCookie, credential, cookie).redirect('/', 303);
    } catch (error) {
      return backWith(reply, error);
    }
  });
}

/** Nobody yet, from the same place. */
function anonymous({ address, certificateSha256 }: Awaited<ReturnType<RouteContext['principalOf']>>) {
  return { kind: 'anonymous' as const, id: 'anonymous', ...(address !== undefined && { address }), ...(certificateSha256 !== undefined && { certificateSha256 }) };
}

function callbackOf({ originOf }: RouteContext, request: FastifyRequest): string {
  return `${originOf(request)}${oidcPath}/callback`;
}

/** Back to the sign-in page with the code alone: what the provider said may hold a secret. */
function backWith(reply: FastifyReply, error: unknown): FastifyReply {
  return reply.redirect(`/?sign-in-error=${isCodedError(error) ? error.code : 'UNEXPECTED'}`, 303);
}
