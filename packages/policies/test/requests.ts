// Random requests near the worked examples of a pack, always the same ones: far from them almost everything is denied.
import { actions, kernelFacts, type Action, type FactDeclaration, type Facts, type FactValue, type PolicyPack } from '@wanglou/core';
import { accessFacts } from '@wanglou/plugin-access';

/** What the kernel and plugin-access know. */
export const catalogue: readonly FactDeclaration[] = [...kernelFacts, ...accessFacts];

/** An act and what is known about it. */
export interface RandomRequest {
  readonly action: Action;
  readonly facts: Facts;
  /** Facts of the example that are unknown here. */
  readonly forgotten: number;
}

/** Picks whole numbers below a bound from a seed (xorshift32). */
function picker(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Words that rules name for the facts with no closed list, and one that none names. */
const words: Readonly<Record<string, readonly string[]>> = {
  'subject.kind': ['none', 'request', 'grant', 'emergency', 'policy', 'delegation', 'roles', 'person', 'camera', 'recorder', 'device', 'workstation'],
  'actor.roles': ['office-head', 'section-head', 'administrator', 'operator', 'shift-leader', 'patrol', 'contractor', 'manager', 'engineer', 'watcher', 'key-holder', 'zone-warden', 'zone-guard', 'gardener'],
  'grant.approvals': ['office', 'section', 'management', 'zones', 'centre', 'library'],
  'camera.places': ['gate', 'library', 'dormitory-room', 'bathroom', 'changing-room'],
};

/** So many requests: an example with up to four facts changed or forgotten, now and then for another action. */
export function* randomRequests(pack: PolicyPack, count: number, seed = 20_131_113): Generator<RandomRequest> {
  const pick = picker(seed);
  const declared = [...new Map([...catalogue, ...(pack.facts ?? [])].map((fact) => [fact.path, fact])).values()];
  const valueOf = ({ path, type, values }: FactDeclaration): FactValue => {
    const known = values ?? words[path] ?? ['one', 'two'];
    if (type === 'boolean') return pick(2) === 0;
    if (type === 'integer') return [0, 1, 2, 3, 29, 30, 44, 45, 400][pick(9)]!;
    return type === 'string' ? known[pick(known.length)]! : known.filter(() => pick(4) === 0);
  };
  for (let made = 0; made < count; made++) {
    const example = pack.tests[pick(pack.tests.length)]!;
    const facts: Record<string, FactValue> = { ...example.facts };
    for (let changes = pick(5); changes > 0; changes--) {
      const fact = declared[pick(declared.length)]!;
      if (pick(3) === 0) delete facts[fact.path];
      else facts[fact.path] = valueOf(fact);
    }
    const forgotten = Object.keys(example.facts).filter((path) => !(path in facts)).length;
    yield { action: pick(5) === 0 ? actions[pick(actions.length)]! : example.action, facts, forgotten };
  }
}
