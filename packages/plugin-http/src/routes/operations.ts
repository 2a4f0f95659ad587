// Every operation at one place: POST /api/v1/operations/<id>, and the description of all of them.
import { readCampus } from '@wanglou/core';
import { describeApi } from '../openapi/openapi.ts';
import { languageOf } from '../problem/problem.ts';
import { nextStep } from '../problem/next-step.ts';
import { HttpError } from '../errors.ts';
import { isDenied, type RouteContext } from '../server.ts';

/** The session routes own these: their credential goes into the cookie and nowhere else. */
const viaSessionRoutes = new Set(['session.sign-in', 'session.sign-out']);

/** Adds the routes of operations. */
export function addOperationRoutes({ app, ctx, principalOf, fail }: RouteContext, version: string): void {
  const listed = () => ctx.operations().filter(({ operation }) => !viaSessionRoutes.has(operation.id));

  app.post<{ Params: { id: string } }>('/api/v1/operations/:id', async (request, reply) => {
    const found = listed().find(({ operation }) => operation.id === request.params.id);
    if (!found) throw new HttpError('NOT_FOUND', { path: request.url });
    const { operation } = found;
    try {
      const output = await ctx.call(operation, request.body as never, { principal: await principalOf(request) });
      return await reply.header('cache-control', 'no-store').send(output);
    } catch (error) {
      return fail(request, reply, error, isDenied(error) ? nextStep(error.decision, operation, request.body, ctx.clock.now()) : undefined);
    }
  });
  app.get('/api/v1/campus', async (request) => ctx.call(readCampus, {}, { principal: await principalOf(request) }));
  app.get('/api/v1/openapi.json', async (request) => describeApi(listed(), languageOf(request.headers['accept-language']), version));
}
