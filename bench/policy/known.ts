// Facts as an application would gather them for another library: nested, from the same books, by hand.
import type { Question } from '../../packages/core/src/index.ts';
import { endOf } from '../../packages/plugin-access/src/grants/in-force.ts';
import type { GrantBook } from '../../packages/plugin-access/src/grants/grants.ts';
import { nowMs, type Workload } from './workload.ts';

/** The facts of a question, with the grant that covers it. */
export function gather(workload: Workload, grants: GrantBook, question: Question) {
  const { principal, action, resource } = question;
  const grant = grants.covering(principal.id, action, resource, nowMs);
  return { ...gatherActor(workload, question), grant: { covers: grant !== undefined, approvals: grant?.approvals ?? [], purpose: grant?.scope.purpose, emergency: grant?.emergency !== undefined, visit: false, endsMs: grant && endOf(grant, action, nowMs) } };
}

/** What is known of who asks. */
export function gatherActor({ people, onDuty, workstations }: Workload, { principal }: Question) {
  const person = people.get(principal.id)!;
  return {
    actor: {
      kind: principal.kind,
      unit: person.unit,
      roles: person.roles,
      standing: person.standing,
      onDuty: onDuty.has(person.id),
      postTrained: nowMs < (person.qualifiedUntilMs.post ?? 0),
      confidentialityTrained: nowMs < (person.qualifiedUntilMs.confidentiality ?? 0),
      workstation: workstations.has(principal.address!),
      stepUp: true,
      suspended: false,
      emergencyOpen: false,
    },
    grant: { visit: false, emergency: false },
    visit: {},
    request: { own: false, awaitsActor: true },
    subject: { kind: 'none' },
    person: {},
    proposal: {},
    footage: {},
    work: {},
  };
}
