// Facts that the kernel itself knows. Plugins add theirs with fact sources.
import type { FactDeclaration, Facts, FactValue, Question } from '../contracts/permission.ts';

/** A fact source that knows when the right behind an act ends gives this fact; no lease of that act outlives it. */
export const leaseEndFact = 'lease.endsMs';

/** The kernel's own facts, and those of what every campus has. */
export const kernelFacts: readonly FactDeclaration[] = [
  { path: 'actor.kind', type: 'string', values: ['person', 'plugin', 'system', 'anonymous'], text: { zh: '主体类别', en: 'Kind of principal' } },
  { path: 'actor.session', type: 'boolean', text: { zh: '已登录', en: 'Acts in a session' } },
  { path: 'subject.kind', type: 'string', text: { zh: '所涉记录的类别', en: 'Kind of record that is touched' } },
  { path: 'camera.places', type: 'strings', text: { zh: '所涉摄像机的场所类别', en: 'Kinds of place of the cameras that are touched' } },
  { path: leaseEndFact, type: 'integer', text: { zh: '访问凭证最晚到期时间', en: 'Latest end of a lease, UTC epoch milliseconds' } },
];

/**
 * Joins what the sources know with the kernel's own facts, which come last: no source can speak for them. Where two sources contradict
 * each other the fact is not known, and `contradicted` hears of it.
 */
export function joinFacts(known: readonly Facts[], { principal, resource }: Question, contradicted: (path: string) => void): Facts {
  return {
    ...(known.length === 1 ? known[0] : joinSources(known, contradicted)),
    'actor.kind': principal.kind,
    'actor.session': principal.session !== undefined,
    'subject.kind': resource.subject === undefined ? 'none' : resource.subject.split(':', 1)[0],
  };
}

function joinSources(known: readonly Facts[], contradicted: (path: string) => void): Facts {
  const joined: Record<string, FactValue | undefined> = {};
  const lost = new Set<string>();
  for (const facts of known) {
    for (const [path, value] of Object.entries(facts)) {
      // A source leaves to others what it does not know.
      if (value === undefined || lost.has(path)) continue;
      const before = joined[path];
      if (before === undefined || isSame(before, value)) joined[path] = value;
      else {
        lost.add(path);
        joined[path] = undefined;
        contradicted(path);
      }
    }
  }
  return joined;
}

function isSame(a: FactValue, b: FactValue): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item) => b.includes(item)));
}
