// Requests, reviews and grants.
import type { AccessRequest, Grant, PluginContext } from '@wanglou/core';
import { approveRequest, denyRequest, listInbox, listMyRequests, revokeGrant, submitRequest, withdrawRequest } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { GrantBook } from '../grants/grants.ts';
import type { People } from '../people/people.ts';
import type { RequestBook } from '../requests/requests.ts';
import { personOf } from './person-of.ts';

interface Books {
  readonly people: People;
  readonly requests: RequestBook;
  readonly grants: GrantBook;
  /** Longest stretch of footage one request may ask for. */
  readonly requestHours: number;
  hasCamera(id: string): boolean;
  /** Tells the campus what has changed. */
  changed(request: AccessRequest | undefined, grant: Grant | undefined): void;
}

/** Handles the operations of requests and grants. */
export function handleRequests(ctx: PluginContext, { people, requests, grants, requestHours, hasCamera, changed }: Books): void {
  const grantsOf = (list: readonly AccessRequest[]) => list.flatMap((request) => (request.grant === undefined ? [] : (grants.get(request.grant) ?? [])));
  const unitOf = (person: string) => people.get(person)?.unit ?? '';

  ctx.handle(submitRequest, async (input, { id, principal }) => {
    const { cameras, fromMs, toMs, actions, purpose, reason, caseNumber, destination } = input;
    if (toMs - fromMs > requestHours * 3_600_000) throw new AccessError('RANGE_TOO_LONG', { hours: requestHours });
    const unknown = cameras.find((camera) => !hasCamera(camera));
    if (unknown !== undefined) throw new AccessError('CAMERA_UNKNOWN', { camera: unknown });
    const content = {
      scope: { cameras: [...new Set(cameras)], range: { fromMs, toMs }, actions: [...new Set(actions)], purpose },
      reason,
      ...(caseNumber !== undefined && { caseNumber }),
      ...(destination !== undefined && { destination }),
    };
    const request = await requests.submit(personOf(principal), content, id);
    changed(request, undefined);
    return request;
  });
  ctx.handle(withdrawRequest, async ({ request }, { principal }) => {
    const withdrawn = await requests.withdraw(request, personOf(principal));
    changed(withdrawn, undefined);
    return withdrawn;
  });
  ctx.handle(listMyRequests, ({ limit }, { principal }) => {
    const person = personOf(principal);
    return { requests: requests.ofRequester(person, limit), grants: grants.of(person).toReversed().slice(0, limit) };
  });
  ctx.handle(listInbox, ({ limit }, { principal }) => {
    const unit = unitOf(personOf(principal));
    const waiting = requests.waitingFor(unit, limit);
    const list = [...waiting, ...requests.notWaitingFor(unit, limit - waiting.length)];
    const requesters = [...new Set(list.flatMap((request) => [request.requester, ...request.reviews.map((review) => review.reviewer)]))];
    return { requests: list, grants: grantsOf(list), people: requesters.flatMap((id) => people.view(id) ?? []) };
  });
  ctx.handle(approveRequest, async ({ request, sha256, minutes, reason }, { principal }) => {
    const reviewer = personOf(principal);
    const judged = await requests.judge(request, { reviewer, unit: unitOf(reviewer), verdict: 'approve', reason, sha256, minutes });
    changed(judged.request, judged.grant);
    return judged;
  });
  ctx.handle(denyRequest, async ({ request, reason }, { principal }) => {
    const reviewer = personOf(principal);
    const asked = requests.get(request);
    if (!asked) throw new AccessError('REQUEST_UNKNOWN', { request });
    const judged = await requests.judge(request, { reviewer, unit: unitOf(reviewer), verdict: 'deny', reason, sha256: asked.sha256, minutes: 0 });
    changed(judged.request, undefined);
    return judged.request;
  });
  // The reason is in the audit log with the act, and from there in the register.
  ctx.handle(revokeGrant, async ({ grant }, { principal }) => {
    if (!grants.get(grant)) throw new AccessError('GRANT_UNKNOWN', { grant });
    const revoked = await grants.revoke(grant, personOf(principal), ctx.clock.now());
    if (!revoked) throw new AccessError('GRANT_ENDED');
    changed(undefined, revoked);
    return revoked;
  });
}
