// The server: security headers, cookies, limits, and failures as problem documents.
import { createHash } from 'node:crypto';
import { createId, type DeniedError, type Person, type PluginContext, type Principal, type Sessions } from '@wanglou/core';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { plainAddress } from './address.ts';
import type { HttpConfig } from './config.ts';
import { HttpError } from './errors.ts';
import { languageOf, toCodedError, toProblem, type NextStep } from './problem/problem.ts';

/** Name of the session cookie. */
export const sessionCookie = 'wanglou-session';

/** What routes share. */
export interface RouteContext {
  readonly app: FastifyInstance;
  readonly ctx: PluginContext;
  readonly sessions: Sessions;
  readonly secureCookie: boolean;
  /** Every route so far. */
  readonly registered: { readonly method: string; readonly path: string }[];
  /** Scheme and host under which browsers reach the campus. */
  originOf(request: FastifyRequest): string;
  /** Who asks: the person of the session, or nobody in particular. */
  principalOf(request: FastifyRequest): Promise<Principal>;
  /** The person of the session. Throws `SESSION_NEEDED`. */
  signedIn(request: FastifyRequest): Promise<{ readonly principal: Principal; readonly person: Person; readonly mustChangePassword: boolean }>;
  /** Sends a failure; `next` is added to a denial. */
  fail(request: FastifyRequest, reply: FastifyReply, error: unknown, next?: NextStep): FastifyReply;
}

/** What an operation takes unless it says more. */
export const bodyLimitBytes = 256 * 1024;
/** Calls without a session that one address may make in a minute. */
const anonymousPerMinute = 120;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Makes the server without listening yet. */
export async function createServer(ctx: PluginContext, config: HttpConfig, sessions: Sessions): Promise<RouteContext> {
  const secureCookie = config.publicOrigin?.startsWith('https:') ?? false;
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    // Ids, not counters: a number shown to a person must not tell how busy the campus is.
    genReqId: () => createId(ctx.random),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    forceCloseConnections: true,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
  });
  const registered: { method: string; path: string }[] = [];
  app.addHook('onRoute', ({ method, path }) => void registered.push(...[method].flat().map((one) => ({ method: one, path }))));
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
      },
    },
    strictTransportSecurity: secureCookie,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(fastifyRateLimit, { global: false });
  // Footage does not shrink, and what browsers send is short.
  await app.register(fastifyWebsocket, { options: { maxPayload: 1024, perMessageDeflate: false } });
  // Every act is recorded for good, so that who has not signed in gets few of them.
  const anonymousLimit = app.createRateLimit({ max: anonymousPerMinute, timeWindow: 60_000 });

  const fail: RouteContext['fail'] = (request, reply, error, next) => {
    const coded = toCodedError(error, request.id);
    if (coded.status >= 500) ctx.log.error({ err: error, request: request.id }, coded.message);
    const problem = toProblem(coded, request.url.split('?')[0] ?? '/', languageOf(request.headers['accept-language']), next);
    return reply.code(coded.status).header('cache-control', 'no-store').type('application/problem+json').send(JSON.stringify(problem));
  };
  app.setErrorHandler((error, request, reply) => fail(request, reply, error));
  app.addHook('onRequest', async (request) => {
    if (!safeMethods.has(request.method)) requireSameSite(request, config.publicOrigin);
  });
  const sessionOf = async (request: FastifyRequest) => {
    const credential = request.cookies[sessionCookie];
    return credential === undefined ? undefined : sessions.resolve(credential, plainAddress(request.ip), certificateOf(request, config));
  };
  return {
    app,
    ctx,
    sessions,
    secureCookie,
    registered,
    originOf: (request) => ownOrigin(request, config.publicOrigin),
    fail,
    async principalOf(request) {
      const found = await sessionOf(request);
      if (found) return found.principal;
      const limit = await anonymousLimit(request);
      if (!limit.isAllowed && limit.isExceeded) throw new HttpError('TOO_MANY_REQUESTS', { seconds: limit.ttlInSeconds });
      const certificateSha256 = certificateOf(request, config);
      return { kind: 'anonymous', id: 'anonymous', address: plainAddress(request.ip), ...(certificateSha256 !== undefined && { certificateSha256 }) };
    },
    async signedIn(request) {
      const found = await sessionOf(request);
      if (!found) throw new HttpError('SESSION_NEEDED');
      return found;
    },
  };
}

/** Against cross-site requests: a header that no form and no foreign page can send, and an origin that is ours. */
function requireSameSite(request: FastifyRequest, publicOrigin: string | undefined): void {
  const { origin } = request.headers;
  if (request.headers['x-wanglou'] !== '1' || (origin !== undefined && origin !== ownOrigin(request, publicOrigin))) throw new HttpError('HEADER_MISSING');
}

function ownOrigin(request: FastifyRequest, publicOrigin: string | undefined): string {
  return publicOrigin === undefined ? `${request.protocol}://${request.headers.host}` : new URL(publicOrigin).origin;
}

/** The client certificate as a trusted proxy shows it (RFC 9440: DER in base64 between colons). Anybody else could write the header themselves. */
function certificateOf(request: FastifyRequest, { clientCertificateHeader, trustedProxies }: Pick<HttpConfig, 'clientCertificateHeader' | 'trustedProxies'>): string | undefined {
  if (clientCertificateHeader === undefined || !trustedProxies.includes(addressOfPeer(request))) return undefined;
  const value = request.headers[clientCertificateHeader];
  const encoded = typeof value === 'string' ? /^:([A-Za-z0-9+/=]{4,16000}):$/.exec(value.trim())?.[1] : undefined;
  return encoded === undefined ? undefined : createHash('sha256').update(Buffer.from(encoded, 'base64')).digest('hex');
}

/** Who is at the other end of the connection, whatever its headers claim. */
function addressOfPeer(request: FastifyRequest): string {
  return plainAddress(request.socket.remoteAddress ?? '');
}

/** Listens; names a taken port. */
export async function listen(app: FastifyInstance, { host, port }: Pick<HttpConfig, 'host' | 'port'>): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new HttpError('PORT_IN_USE', { host, port }, { cause: error });
    throw new HttpError('LISTEN_FAILED', { host, port, reason: (error as Error).message }, { cause: error });
  }
}

/** Whether a failure is the policy's no. */
export function isDenied(error: unknown): error is DeniedError {
  return error instanceof Error && 'decision' in error;
}
