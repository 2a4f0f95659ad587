// Emergency access: at once, told to all who must know, and answered for afterwards. Off unless the pack switches it on.
import { alarmRaised, emergencyBegun, factsChanged, type EmergencyReview, type Grant, type PluginContext } from '@wanglou/core';
import { beginEmergency, listEmergencies, reviewEmergency } from '../contract.ts';
import { capacitiesOf } from '../delegations/capacities.ts';
import { AccessError } from '../errors.ts';
import { People } from '../people/people.ts';
import { hasSpoken } from '../requests/judging.ts';
import type { Books } from './books.ts';
import { personOf } from './person-of.ts';

const minuteMs = 60_000;

/** Handles the operations of emergencies. */
export function handleEmergencies(ctx: PluginContext, books: Books): void {
  const { emergencies, grants, people, changed, newId, now } = books;
  ctx.handle(beginEmergency, async ({ cameras, kind, reason }, { principal, note }) => {
    const { emergency } = ctx.policy.pack();
    if (!emergency) throw new AccessError('EMERGENCY_OFF');
    const known = Object.keys(emergency.reasons);
    if (!known.includes(kind)) throw new AccessError('EMERGENCY_KIND_UNKNOWN', { kind, known: known.join(', ') });
    const unknown = cameras.find((camera) => !books.hasCamera(camera));
    if (unknown !== undefined) throw new AccessError('CAMERA_UNKNOWN', { camera: unknown });
    const startsMs = now();
    const useMs = emergency.minutes * minuteMs;
    const grant: Grant = {
      id: newId(),
      holder: personOf(principal),
      scope: { cameras: [...new Set(cameras)], range: { fromMs: startsMs - emergency.lookBackMinutes * minuteMs, toMs: startsMs + useMs }, actions: ['live', 'playback'], purpose: 'incident' },
      approvals: [],
      startsMs,
      beginByMs: startsMs + useMs,
      useMs,
      begunMs: startsMs,
      endsMs: startsMs + useMs,
      emergency: { kind, reason, reviewByMs: startsMs + emergency.reviewWithinHours * 60 * minuteMs, reviewers: emergency.reviewers, reviews: [] },
    };
    await emergencies.begin(grant);
    note({ grant: grant.id });
    changed({ grant });
    ctx.emit(emergencyBegun, grant);
    const name = people.get(principal.id)?.name ?? principal.id;
    ctx.emit(alarmRaised, { source: `access:emergency-${grant.id}`, priority: 'high', title: { zh: `${name} 启用了紧急调阅`, en: `${name} took emergency access` }, cameras: grant.scope.cameras, raisedMs: startsMs });
    return grant;
  });
  ctx.handle(reviewEmergency, async ({ grant: id, verdict, reason }, { principal }) => {
    const violated = verdict === 'violated';
    // In one transaction: a crash must not leave a violation on record and the account open.
    const review: EmergencyReview = { ...voiceFor(books, id, personOf(principal)), verdict, reason, atMs: now() };
    const reviewed = await emergencies.review(id, review, async (database, holder) => {
      if (violated) await People.close(database, holder);
    });
    if (violated) {
      await people.reload(reviewed.holder);
      await books.sessions.endAllOf(reviewed.holder);
      // Roles that the holder lent rest on the account.
      ctx.emit(factsChanged, {});
    }
    changed({ grant: reviewed });
    return reviewed;
  });
  ctx.handle(listEmergencies, () => {
    const list = grants.emergencies();
    const named = new Set(list.flatMap(({ holder, emergency }) => [holder, ...(emergency?.reviews ?? []).flatMap(({ reviewer, onBehalfOf = reviewer }) => [reviewer, onBehalfOf])]));
    return { grants: list.slice(0, 200), people: [...named].flatMap((id) => people.view(id) ?? []) };
  });
}

/** By whose power a person reviews: whoever lends a role has one voice with the one who borrows it. Throws `GRANT_UNKNOWN` or `EMERGENCY_REVIEWED`. */
function voiceFor(books: Books, id: string, reviewer: string): Pick<EmergencyReview, 'reviewer' | 'onBehalfOf'> {
  const grant = books.grants.get(id);
  if (!grant?.emergency) throw new AccessError('GRANT_UNKNOWN', { grant: id });
  const { reviews } = grant.emergency;
  const free = capacitiesOf(books, books.people.known(reviewer), books.now()).find(({ onBehalfOf = reviewer }) => onBehalfOf !== grant.holder && !hasSpoken(reviews, onBehalfOf));
  if (!free) throw new AccessError('EMERGENCY_REVIEWED');
  return { reviewer, ...(free.onBehalfOf !== undefined && { onBehalfOf: free.onBehalfOf }) };
}
