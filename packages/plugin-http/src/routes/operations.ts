// Every operation at one place: POST /api/v1/operations/<id>, and the description of all of them.
import { readCampus } from '@wanglou/core';
import type { FastifyRequest } from 'fastify';
import { describeApi } from '../openapi/openapi.ts';
import { languageOf } from '../problem/problem.ts';
import { nextStep } from '../problem/next-step.ts';
import { HttpError } from '../errors.ts';
import { bodyLimitBytes, isDenied, type RouteContext } from '../server.ts';

/** The session routes own these: their credential goes into the cookie and nowhere else. */
const viaSessionRoutes = new Set(['session.sign-in', 'session.sign-out', 'session.begin-oidc', 'session.finish-oidc']);
/** No operation may ask for more than this. */
const mostBytes = 8 * 1024 * 1024;

/** Names the call in the answer, also when it is a refusal: whoever asked can take the receipt of it. */
const callHeader = 'wanglou-call';

type OperationRequest = FastifyRequest<{ Params: { id: string } }>;

/** Adds the routes of operations. */
export function addOperationRoutes({ app, ctx, principalOf, signedIn, fail }: RouteContext, version: string): void {
  const listed = () => ctx.operations().filter(({ operation }) => !viaSessionRoutes.has(operation.id));
  const operationOf = (request: OperationRequest) => {
    const found = listed().find(({ operation }) => operation.id === request.params.id);
    if (!found) throw new HttpError('NOT_FOUND', { path: request.url });
    return found.operation;
  };

  /** Before a byte of the body is read: how much it may be, and whether somebody who has signed in sends it. */
  const checkSize = async (request: OperationRequest) => {
    const declared = Number(request.headers['content-length'] ?? (request.headers['transfer-encoding'] === undefined ? 0 : Number.NaN));
    if (declared <= bodyLimitBytes) return;
    const { id, maxInputBytes = bodyLimitBytes } = operationOf(request);
    if (!(declared <= Math.min(maxInputBytes, mostBytes))) throw new HttpError('BODY_TOO_LARGE', { bytes: Math.min(maxInputBytes, mostBytes), operation: id });
    await signedIn(request);
  };

  app.post<{ Params: { id: string } }>('/api/v1/operations/:id', { bodyLimit: mostBytes, onRequest: checkSize }, async (request, reply) => {
    const operation = operationOf(request);
    try {
      const principal = await principalOf(request);
      if (principal.kind === 'person' && operation.action !== 'sign-in' && (await signedIn(request)).mustChangePassword) throw new HttpError('PASSWORD_MUST_CHANGE');
      const output = await ctx.call(operation, request.body as never, { principal, onCall: (call) => void reply.header(callHeader, call) });
      return await reply.header('cache-control', 'no-store').send(output);
    } catch (error) {
      return fail(request, reply, error, isDenied(error) ? nextStep(error.decision, operation, request.body, ctx.clock.now()) : undefined);
    }
  });
  app.get('/api/v1/campus', async (request) => ctx.call(readCampus, {}, { principal: await principalOf(request) }));
  app.get('/api/v1/openapi.json', async (request) => {
    // To describe everything costs tens of milliseconds: who has not signed in gets it as often as any other answer.
    await principalOf(request);
    return describeApi(listed(), languageOf(request.headers['accept-language']), version);
  });
}
