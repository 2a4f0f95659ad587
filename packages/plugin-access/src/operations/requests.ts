// Requests, reviews and grants.
import type { AccessRequest, Grant, Person, PluginContext } from '@wanglou/core';
import { amendRequest, approveRequest, denyRequest, endGrant, extendRequest, listInbox, listMyRequests, previewRequest, readRequest, revokeGrant, submitRequest, withdrawRequest } from '../contract.ts';
import { capacitiesOf } from '../delegations/capacities.ts';
import { Documents } from '../documents/documents.ts';
import { AccessError } from '../errors.ts';
import { isInForce } from '../grants/in-force.ts';
import { standingTo } from '../requests/judging.ts';
import { contentOf } from '../requests/request-content.ts';
import type { Verdict } from '../requests/requests.ts';
import { settledError } from '../requests/settled-error.ts';
import { keepVisitors } from '../visits/visitors.ts';
import type { Books } from './books.ts';
import { personOf } from './person-of.ts';
import { mayRead } from './readers.ts';
import { codesOf, draftOf, previewOf, refuseIncomplete, type Draft } from './request-draft.ts';

/** Requests of a requester that a reviewer is shown beside the one to judge. */
const recentOfPerson = 5;

/** Handles the operations of requests and grants. */
export function handleRequests(ctx: PluginContext, books: Books): void {
  const { requests, grants, changed } = books;
  const beside = ({ content, visitors }: Draft) => async (database: Books['database'], request: string) => {
    await keepVisitors(database, request, visitors.rows);
    await Documents.bind(database, request, content.visit?.documents ?? []);
  };

  ctx.handle(previewRequest, (input, { principal }) => previewOf(ctx, books, principal, input));
  ctx.handle(submitRequest, async (input, { id, principal }) => {
    const draft = await draftOf(books, personOf(principal), input);
    await refuseIncomplete(ctx, principal, draft.content);
    const request = await requests.submit(principal.id, draft.content, id, beside(draft));
    changed({ request });
    return { ...request, ...codesOf(draft) };
  });
  ctx.handle(amendRequest, async ({ request: id, sha256, ...input }, { principal }) => {
    const draft = await draftOf(books, personOf(principal), input, id);
    await refuseIncomplete(ctx, principal, draft.content);
    const request = await requests.amend(id, principal.id, sha256, draft.content, beside(draft));
    changed({ request });
    return { ...request, ...codesOf(draft) };
  });
  ctx.handle(extendRequest, async ({ grant: id, reason }, { id: call, principal }) => {
    const grant = ownGrant(books, id, personOf(principal));
    const before = grant.request === undefined ? undefined : requests.get(grant.request);
    if (!before) throw new AccessError('GRANT_UNKNOWN', { grant: id });
    const content = contentOf({ ...before, reason, extends: id });
    await refuseIncomplete(ctx, principal, content);
    const request = await requests.submit(principal.id, content, call);
    changed({ request });
    return request;
  });
  ctx.handle(withdrawRequest, async ({ request }, { principal }) => {
    const withdrawn = await requests.withdraw(request, personOf(principal));
    changed({ request: withdrawn });
    return withdrawn;
  });
  ctx.handle(readRequest, async ({ request: id }, { principal }) => {
    const request = requests.get(id);
    // Whoever has no business with it learns not even that it is there.
    if (!request || !(await mayRead(ctx, books, request, principal))) throw new AccessError('REQUEST_UNKNOWN', { request: id });
    const grant = request.grant === undefined ? undefined : grants.get(request.grant);
    return { request, ...(grant && { grant }), people: namesIn(books, [request], grant ? [grant] : []) };
  });
  ctx.handle(listMyRequests, ({ limit }, { principal }) => {
    const person = personOf(principal);
    return { requests: requests.ofRequester(person, limit), grants: grants.of(person).toReversed().slice(0, limit) };
  });
  ctx.handle(listInbox, ({ limit }, { principal }) => {
    const person = books.people.known(personOf(principal));
    const capacities = capacitiesOf(books, person, books.now());
    const units = [...new Set(capacities.map(({ unit }) => unit))];
    const waiting = requests.waitingFor(units, limit);
    const list = [...waiting, ...requests.notWaitingFor(units, limit - waiting.length)];
    const recent = [...new Set(waiting.map(({ requester }) => requester))].flatMap((requester) => requests.ofRequester(requester, recentOfPerson));
    const given = list.flatMap((request) => (request.grant === undefined ? [] : (grants.get(request.grant) ?? [])));
    return { requests: list, grants: given, people: namesIn(books, [...list, ...recent], given, capacities.flatMap(({ onBehalfOf }) => onBehalfOf ?? [])), recent };
  });
  ctx.handle(approveRequest, async ({ request, sha256, minutes, beginWithinHours, reason }, { principal }) => {
    const judged = await requests.judge(request, { ...capacityFor(books, request, personOf(principal)), verdict: 'approve', reason, sha256, minutes, beginWithinHours });
    changed(judged);
    return judged;
  });
  ctx.handle(denyRequest, async ({ request, reason }, { principal }) => {
    const capacity = capacityFor(books, request, personOf(principal));
    const judged = await requests.judge(request, { ...capacity, verdict: 'deny', reason, sha256: requests.get(request)!.sha256, minutes: 0, beginWithinHours: 0 });
    changed(judged);
    return judged.request;
  });
  // The reason is in the audit log with the act, and from there in the register.
  ctx.handle(revokeGrant, async ({ grant }, { principal }) => {
    if (!grants.get(grant)) throw new AccessError('GRANT_UNKNOWN', { grant });
    return settled(books, await grants.revoke(grant, personOf(principal), books.now()));
  });
  ctx.handle(endGrant, async ({ grant }, { principal }) => {
    ownGrant(books, grant, personOf(principal));
    return settled(books, await grants.end(grant, books.now()));
  });
}

function settled({ changed }: Books, grant: Grant | undefined): Grant {
  if (!grant) throw new AccessError('GRANT_ENDED');
  changed({ grant });
  return grant;
}

/** Throws `GRANT_UNKNOWN` also for a grant of somebody else, `GRANT_ENDED` for one that is over. */
function ownGrant({ grants, now }: Books, id: string, person: string): Grant {
  const grant = grants.get(id);
  if (grant?.holder !== person) throw new AccessError('GRANT_UNKNOWN', { grant: id });
  if (!isInForce(grant, now())) throw new AccessError('GRANT_ENDED');
  return grant;
}

/** For which unit, and by whose power, a person judges a request now. Throws `REQUEST_UNKNOWN`, `REQUEST_CHANGED` or `REQUEST_SETTLED`. */
function capacityFor(books: Books, id: string, reviewer: string): Pick<Verdict, 'reviewer' | 'unit' | 'onBehalfOf'> {
  const request = books.requests.get(id);
  if (!request) throw new AccessError('REQUEST_UNKNOWN', { request: id });
  const { capacity } = standingTo(request, books.requests.awaits(request), reviewer, capacitiesOf(books, books.people.known(reviewer), books.now()));
  if (!capacity) throw settledError(request);
  return { reviewer, ...capacity };
}

/** People whom requests and grants name, and those by whose power one judges. */
function namesIn({ people }: Books, list: readonly AccessRequest[], given: readonly Grant[], lenders: readonly string[] = []): readonly Person[] {
  const named = [...lenders, ...list.flatMap(({ requester, companions, reviews }) => [requester, ...companions, ...reviews.flatMap(({ reviewer, onBehalfOf }) => [reviewer, ...(onBehalfOf === undefined ? [] : [onBehalfOf])])]), ...given.map(({ holder }) => holder)];
  return [...new Set(named)].flatMap((id) => people.view(id) ?? []);
}
