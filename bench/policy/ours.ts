// Ours: the fact source of plugin-access over its book of grants, and the policy engine.
import { createPolicyEngine, kernelFacts, type Facts } from '../../packages/core/src/index.ts';
import { joinFacts } from '../../packages/core/src/policy/catalogue.ts';
import { accessFacts } from '../../packages/plugin-access/src/facts/declarations.ts';
import { accessFactSource, type AccessBooks } from '../../packages/plugin-access/src/facts/source.ts';
import type { GrantBook } from '../../packages/plugin-access/src/grants/grants.ts';
import type { Contender } from './contenders.ts';
import { nowMs, type Workload } from './workload.ts';

export const ours: Contender = {
  name: 'wanglou',
  prepare(pack, workload, grants) {
    const source = accessFactSource(booksOf(workload, grants));
    const engine = createPolicyEngine(pack, [...kernelFacts, ...accessFacts]);
    return (question) => {
      // As the gate does it, without the turn of the event loop.
      const facts = joinFacts([source.read(question) as Facts], question, unheard);
      const { effect, denials, permits } = engine.decide(question.action, facts);
      return { permitted: effect === 'permit', reasons: effect === 'permit' ? permits : denials.map(({ rule }) => rule) };
    };
  },
};

/** The engine alone, over facts that are there: what remains when nothing has to be looked up. */
export const engineAlone: Contender = {
  name: 'its engine alone',
  prepare(pack, workload, grants) {
    const source = accessFactSource(booksOf(workload, grants));
    const engine = createPolicyEngine(pack, [...kernelFacts, ...accessFacts]);
    const known = new Map(workload.questions.map((question) => [question, joinFacts([source.read(question) as Facts], question, unheard)]));
    return (question) => {
      const { effect, denials, permits } = engine.decide(question.action, known.get(question)!);
      return { permitted: effect === 'permit', reasons: effect === 'permit' ? permits : denials.map(({ rule }) => rule) };
    };
  },
};

const unheard = () => undefined;

function booksOf({ people, onDuty, workstations }: Workload, grants: GrantBook): AccessBooks {
  const sessions = new Map([...people.keys()].map((person) => [`session-${person}`, { id: `session-${person}`, person, createdMs: nowMs, seenMs: nowMs, stepUpMs: nowMs, workstation: undefined }]));
  const nobody: readonly never[] = [];
  return {
    people,
    grants,
    sessions,
    duty: { sinceMs: (person) => (onDuty.has(person) ? nowMs : undefined) },
    delegations: { inForce: () => nobody } as unknown as AccessBooks['delegations'],
    reviews: (role) => role.endsWith('-head'),
    requests: { get: () => undefined, awaits: () => [] as never },
    visits: { firstOf: (request) => request },
    workstations: { at: (address) => (address !== undefined && workstations.has(address) ? { id: address, by: 'address' } : undefined), isInUse: () => false },
    presence: { count: () => 0 },
    emergencies: { isOpen: () => false, isSuspended: () => false },
    isAtOrAbove: () => false,
    proposedBy: () => undefined,
    qualifications: true,
    stepUpMs: 300_000,
    now: () => nowMs,
  };
}
