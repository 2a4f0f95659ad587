// Sign-in and sign-out: the credential lives in a cookie that no script can read.
import { readSession, signIn, signOut } from '@wanglou/plugin-access/contract';
import { sessionCookie, type RouteContext } from '../server.ts';

/** Sign-ins of one address in a minute; the lock-out of plugin-access counts failures beside it. */
const signInsPerMinute = 30;

/** Adds the routes of the session. */
export function addSessionRoutes({ app, ctx, principalOf, signedIn, secureCookie }: RouteContext): void {
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: secureCookie } as const;

  app.post('/api/v1/session', { config: { rateLimit: { max: signInsPerMinute, timeWindow: 60_000 } } }, async (request, reply) => {
    const before = await principalOf(request);
    const { credential, ...view } = await ctx.call(signIn, request.body as never, { principal: { kind: 'anonymous', id: 'anonymous', address: request.ip } });
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
}
