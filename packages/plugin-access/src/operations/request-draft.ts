// From what a person typed to the content of a request, checked against the campus and the rules.
import type { AccessRequest, Denial, PluginContext, Principal, Resource, Text, Visit } from '@wanglou/core';
import type { z } from 'zod';
import { previewRequest, type requestContent, type RequestPreview, type VisitorCode } from '../contract.ts';
import { capacitiesOf } from '../delegations/capacities.ts';
import { AccessError } from '../errors.ts';
import { approvalPath } from '../requests/approval-path.ts';
import { isPartyTo } from '../requests/judging.ts';
import { asIfApproved, obstacles } from '../requests/preview.ts';
import { contentOf, type RequestContent } from '../requests/request-content.ts';
import { prepareVisitors, type PreparedVisitors } from '../visits/visitors.ts';
import { visitFacts } from '../visits/visit-facts.ts';
import type { Books } from './books.ts';

/** A request as it is typed. */
export type DraftInput = z.output<typeof requestContent>;

/** A checked draft. */
export interface Draft {
  readonly content: RequestContent;
  readonly visitors: PreparedVisitors;
}

const longestUseMinutes = 20_160;
const longestBeginHours = 720;

/** Throws `CAMERA_UNKNOWN`, `RANGE_TOO_LONG`, `COMPANION_UNKNOWN`, `VISITOR_TWICE` or `DOCUMENT_UNKNOWN`. `request`: the one that is amended. */
export async function draftOf(books: Books, person: string, input: DraftInput, request?: string): Promise<Draft> {
  const { cameras, fromMs, toMs, actions, purpose, reason, caseNumber, destination, concerned } = input;
  const hours = books.config.requestHours;
  if (toMs - fromMs > hours * 3_600_000) throw new AccessError('RANGE_TOO_LONG', { hours });
  const unknown = cameras.find((camera) => !books.hasCamera(camera));
  if (unknown !== undefined) throw new AccessError('CAMERA_UNKNOWN', { camera: unknown });
  const companions = [...new Set(input.companions)];
  const stranger = companions.find((companion) => companion === person || !books.people.get(companion)?.active);
  if (stranger !== undefined) throw new AccessError('COMPANION_UNKNOWN', { person: stranger });
  const visitors = await prepareVisitors(input.visit?.visitors ?? [], books.keys, () => books.digits());
  const visit: Visit | undefined = input.visit && {
    organisation: input.visit.organisation,
    body: input.visit.body,
    visitors: visitors.visitors,
    documents: await books.documents.refs(person, input.visit.documents, request),
    termsAccepted: input.visit.termsAccepted,
  };
  const scope = { cameras: [...new Set(cameras)], range: { fromMs, toMs }, actions: [...new Set(actions)], purpose };
  return { content: contentOf({ scope, reason, companions, caseNumber, destination, concerned, visit }), visitors };
}

/** What would keep a request from being of use, even approved, to whoever asks or comes along. */
async function look(ctx: PluginContext, principal: Principal, content: RequestContent) {
  const needs = approvalPath(ctx.policy.pack().approvals, content.scope.actions);
  const { cameras, range } = content.scope;
  const resource: Resource = { cameras, range, ...(content.destination !== undefined && { destination: content.destination }) };
  const decisions = await Promise.all(
    content.scope.actions.map(async (action) => {
      const facts = await ctx.policy.facts({ principal, operation: previewRequest.id, action, resource });
      const ofVisit = content.visit ? visitFacts(content.visit, { ...content, state: 'approved' }, content.visit.visitors.length) : {};
      return ctx.policy.decide(action, asIfApproved(facts, { ...content, needs }, ofVisit));
    }),
  );
  return { needs, ...obstacles(decisions) };
}

/** Whoever comes along sees what is shown: nobody does whom no approval would let see it, such as an individual. Throws `COMPANION_BARRED`. */
async function refuseBarred(ctx: PluginContext, content: RequestContent): Promise<void> {
  for (const person of content.companions) {
    const { hopeless } = await look(ctx, { kind: 'person', id: person }, content);
    if (hopeless.length > 0) throw new AccessError('COMPANION_BARRED', { person, reasons: wordsOf(hopeless) });
  }
}

function wordsOf(denials: readonly Denial[]): Text {
  return { zh: denials.map(({ article, text }) => `第${article}条 ${text.zh}`).join('；'), en: denials.map(({ article, text }) => `article ${article}: ${text.en}`).join('; ') };
}

/** Throws `REQUEST_INCOMPLETE`, naming what the rules would refuse however many approve, or `COMPANION_BARRED`. */
export async function refuseIncomplete(ctx: PluginContext, principal: Principal, content: RequestContent): Promise<void> {
  const { hopeless, lacking } = await look(ctx, principal, content);
  const reasons = [...hopeless, ...lacking];
  if (reasons.length > 0) throw new AccessError('REQUEST_INCOMPLETE', { missing: wordsOf(reasons), rules: reasons.map(({ rule }) => rule) });
  await refuseBarred(ctx, content);
}

/** Dry run. Problems of the input are told, not thrown. */
export async function previewOf(ctx: PluginContext, books: Books, principal: Principal, input: DraftInput): Promise<RequestPreview> {
  const limits = { longestUseMinutes, longestBeginHours, answerWithinMs: books.config.requestDays * 86_400_000 };
  const problems: RequestPreview['problems'][number][] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      problems.push({ code: error.code, text: error.text });
      return undefined;
    }
  };
  const draft = await attempt(() => draftOf(books, principal.id, input));
  const seen = draft && (await attempt(() => look(ctx, principal, draft.content)));
  if (draft) await attempt(() => refuseBarred(ctx, draft.content));
  if (!draft || !seen) return { possible: false, denials: [], missing: [], problems, needs: [], ...limits };
  const party = { requester: principal.id, companions: draft.content.companions };
  const needs = seen.needs.map((step) => ({ ...step, people: reviewersOf(books, step.unit, party) }));
  return { possible: seen.hopeless.length === 0, denials: seen.hopeless, missing: seen.missing, problems, needs, ...limits };
}

/** People who may judge for a unit: never the requester nor a companion, and nobody by their power. */
export function reviewersOf(books: Books, unit: string, request: Pick<AccessRequest, 'requester' | 'companions'>): RequestPreview['needs'][number]['people'] {
  const nowMs = books.now();
  return books.people.all().flatMap((person) => {
    const may = person.active && !isPartyTo(request, person.id) && capacitiesOf(books, person, nowMs).some((capacity) => capacity.unit === unit && (capacity.onBehalfOf === undefined || !isPartyTo(request, capacity.onBehalfOf)));
    return may ? [books.people.view(person.id)!] : [];
  });
}

/** What is told once of a visit. */
export function codesOf({ visitors }: Draft): { readonly codes?: readonly VisitorCode[] } {
  return visitors.codes.length > 0 ? { codes: visitors.codes } : {};
}
