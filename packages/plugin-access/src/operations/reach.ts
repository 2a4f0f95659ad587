// Who may see this camera, and what may this person see: the rules asked about everybody, at a registered workstation, as things are.
import { cameras, type Action, type Decision, type Grant, type Missing, type Person, type PluginContext, type Resource } from '@wanglou/core';
import { whatMay, whoMay, type Reach, type ReachAnswer } from '../contract.ts';
import { footageAction } from '../contract/common.ts';
import { isInForce } from '../grants/in-force.ts';
import type { Books } from './books.ts';
import { byName } from './people.ts';

/** What somebody settles by themselves, without asking anybody. */
const byOneself: readonly Missing['kind'][] = ['duty', 'workstation', 'step-up', 'sign-in', 'presence'];
/** Decisions between two turns of the event loop. */
const atOnce = 50;

/** Handles both questions. */
export function handleReach(ctx: PluginContext, books: Books): void {
  const { people } = books;
  ctx.handle(whoMay, async ({ camera, action }) => {
    const turns = createTurns();
    const answers: (ReachAnswer & { readonly person: Person })[] = [];
    for (const { id } of people.all().filter(({ active }) => active)) {
      answers.push({ person: people.view(id)!, ...(await reachOf(ctx, id, camera, action, openGrants(books, id).get(camera))) });
      await turns.next();
    }
    return { people: answers.sort((a, b) => order.indexOf(a.reach) - order.indexOf(b.reach) || byName(a.person.name, b.person.name)) };
  });
  ctx.handle(whatMay, async ({ person: id }) => {
    const person = people.known(id);
    const turns = createTurns();
    const grants = openGrants(books, id);
    const groups = new Map<string, ReachAnswer & { readonly action: Action; readonly cameras: string[] }>();
    for (const action of footageAction.options) {
      for (const camera of ctx.contributions(cameras)) {
        const answer = await reachOf(ctx, person.id, camera.id, action, grants.get(camera.id));
        const key = JSON.stringify([action, answer]);
        const group = groups.get(key) ?? { ...answer, action, cameras: [] };
        group.cameras.push(camera.id);
        groups.set(key, group);
        await turns.next();
      }
    }
    return { person: people.view(id)!, answers: [...groups.values()] };
  });
}

const order: readonly Reach[] = ['now', 'ready', 'no', 'never'];

/** Lets others have their turn now and then: facts are answered without waiting, and would keep the event loop for themselves. */
function createTurns(): { next(): Promise<void> } {
  let asked = 0;
  return {
    async next() {
      if (++asked % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A person's grants in force, by camera. */
function openGrants({ grants, now }: Books, person: string): ReadonlyMap<string, readonly Grant[]> {
  const nowMs = now();
  const byCamera = new Map<string, Grant[]>();
  for (const grant of grants.of(person).filter((one) => isInForce(one, nowMs))) {
    for (const camera of grant.scope.cameras) byCamera.set(camera, [...(byCamera.get(camera) ?? []), grant]);
  }
  return byCamera;
}

/** The best answer under any grant that is open on the camera. */
async function reachOf(ctx: PluginContext, person: string, camera: string, action: Action, grants: readonly Grant[] = []): Promise<ReachAnswer> {
  const granted = grants.filter(({ scope }) => scope.actions.includes(action));
  const resources: readonly Resource[] = granted.length === 0 ? [{ cameras: [camera] }] : granted.map(({ scope, destination }) => ({ cameras: [camera], range: scope.range, ...(destination !== undefined && { destination }) }));
  const answers = await Promise.all(
    resources.map(async (resource) => {
      const facts = await ctx.policy.facts({ principal: { kind: 'person', id: person }, operation: 'policy.reach', action, resource });
      return answerOf(ctx.policy.decide(action, { ...facts, 'actor.workstation': true }));
    }),
  );
  return answers.sort((a, b) => order.indexOf(a.reach) - order.indexOf(b.reach))[0]!;
}

function answerOf({ effect, denials, articles, facts }: Decision): ReachAnswer {
  const missing = [...new Map(denials.flatMap((denial) => denial.missing).map((item) => [JSON.stringify(item), item])).values()];
  const grant = facts['grant.id'];
  return { reach: reachFrom(effect, denials, missing), articles, missing, ...(typeof grant === 'string' && { grant }) };
}

function reachFrom(effect: Decision['effect'], denials: Decision['denials'], missing: readonly Missing[]): Reach {
  if (effect === 'permit') return 'now';
  if (denials.some((denial) => denial.missing.length === 0)) return 'never';
  // A step by oneself may be one of several ways out of the same denial.
  return denials.every((denial) => denial.missing.some(({ kind }) => byOneself.includes(kind))) && missing.length > 0 ? 'ready' : 'no';
}
