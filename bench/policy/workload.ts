// A campus of 200 people, 10,000 cameras and 5,000 live grants, and what these people ask; the same on every run.
import type { Grant, Purpose, Question } from '../../packages/core/src/index.ts';
import type { StoredPerson } from '../../packages/plugin-access/src/people/people.ts';

export const nowMs = Date.UTC(2026, 2, 2, 10);
const hourMs = 3_600_000;
const peopleCount = 200;
const cameraCount = 10_000;
const grantCount = 5000;
const roles = ['operator', 'operator', 'shift-leader', 'administrator', 'section-head', 'office-head', 'patrol', 'contractor'];
const purposes: readonly Purpose[] = ['case', 'incident', 'safety', 'equipment', 'training', 'complaint'];

/** What is known of the campus. */
export interface Workload {
  readonly people: ReadonlyMap<string, StoredPerson>;
  readonly onDuty: ReadonlySet<string>;
  readonly workstations: ReadonlySet<string>;
  readonly grants: readonly Grant[];
  readonly questions: readonly Question[];
}

/** Makes the campus and so many questions. */
export function makeWorkload(count: number): Workload {
  const pick = picker(2013);
  const people = Array.from({ length: peopleCount }, (_, index) => makePerson(index, pick));
  const grants = Array.from({ length: grantCount }, (_, index) => makeGrant(index, people[pick(peopleCount)]!.id, pick));
  const byHolder = Map.groupBy(grants, ({ holder }) => holder);
  return {
    people: new Map(people.map((person) => [person.id, person])),
    onDuty: new Set(people.filter(({ roles: held }) => held.includes('operator') && pick(3) > 0).map(({ id }) => id)),
    workstations: new Set(Array.from({ length: 50 }, (_, index) => `10.0.0.${index}`)),
    grants,
    questions: Array.from({ length: count }, () => makeQuestion(people[pick(peopleCount)]!.id, byHolder, pick)),
  };
}

function makePerson(index: number, pick: (below: number) => number): StoredPerson {
  const role = roles[index % roles.length]!;
  return {
    id: `person${index}`,
    name: `${index}`,
    unit: role === 'office-head' ? 'office' : 'section',
    roles: [role],
    standing: index % 12 === 11 ? 'outside' : 'staff',
    active: true,
    passwordHash: undefined,
    mustChangePassword: false,
    externalId: undefined,
    totp: undefined,
    qualifiedUntilMs: { post: nowMs + (pick(20) > 0 ? hourMs : -hourMs), confidentiality: nowMs + hourMs },
  };
}

function makeGrant(index: number, holder: string, pick: (below: number) => number): Grant {
  const copies = pick(4) === 0;
  return {
    id: `grant${index}`,
    holder,
    scope: { cameras: Array.from({ length: 1 + pick(20) }, () => camera(pick(cameraCount))), range: { fromMs: nowMs - 24 * hourMs, toMs: nowMs + hourMs }, actions: copies ? ['playback', 'copy'] : ['live', 'playback'], purpose: purposes[pick(purposes.length)]! },
    approvals: copies ? ['section', 'office'] : ['section'],
    ...(copies && { destination: 'archive' }),
    startsMs: nowMs - hourMs,
    beginByMs: nowMs + hourMs,
    useMs: hourMs,
    endsMs: nowMs + hourMs,
  };
}

function makeQuestion(person: string, byHolder: ReadonlyMap<string, readonly Grant[]>, pick: (below: number) => number): Question {
  const held = byHolder.get(person) ?? [];
  const grant = held.length > 0 && pick(4) > 0 ? held[pick(held.length)]! : undefined;
  const action = (['live', 'live', 'live', 'playback', 'playback', 'copy', 'control', 'view'] as const)[pick(8)]!;
  const recorded = action === 'playback' || action === 'copy';
  return {
    principal: { kind: 'person', id: person, session: `session-${person}`, address: `10.0.0.${pick(55)}` },
    operation: `bench.${action}`,
    action,
    resource: {
      ...(action !== 'view' && { cameras: [grant?.scope.cameras[pick(grant.scope.cameras.length)] ?? camera(pick(cameraCount))] }),
      ...(recorded && { range: { fromMs: nowMs - 2 * hourMs, toMs: nowMs - hourMs } }),
      ...(action === 'copy' && { destination: 'archive' }),
    },
    atMs: nowMs,
  };
}

const camera = (index: number) => `camera${index}`;

function picker(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
