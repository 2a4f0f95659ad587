// Worked examples that the pack must decide as said.
import type { FactValue, PackTest } from '@wanglou/core';

const base = { 'actor.kind': 'person', 'actor.session': true, 'actor.standing': 'staff', 'actor.trained': true, 'actor.workstation': true, 'grant.covers': false, 'grant.approvals': [], 'request.own': false, 'request.awaitsActor': true } satisfies Record<string, FactValue>;
const operator = { ...base, 'actor.unit': 'section', 'actor.roles': ['operator'], 'actor.onDuty': true } satisfies Record<string, FactValue>;
const head = { ...base, 'actor.unit': 'section', 'actor.roles': ['section-head'], 'actor.onDuty': false } satisfies Record<string, FactValue>;
const granted = (...approvals: string[]) => ({ 'grant.covers': true, 'grant.approvals': approvals });

export const tests: readonly PackTest[] = [
  { name: 'the operator on duty watches live', action: 'live', facts: operator, effect: 'permit' },
  { name: 'the operator off duty does not', action: 'live', facts: { ...operator, 'actor.onDuty': false }, effect: 'deny', articles: ['9(3)', '10'] },
  { name: 'the operator plays nothing back without consent', action: 'playback', facts: operator, effect: 'deny', articles: ['10'] },
  { name: 'she plays back what the Section consented to', action: 'playback', facts: { ...operator, ...granted('section') }, effect: 'permit' },
  { name: 'the consent of the Section is not enough for a copy', action: 'copy', facts: { ...operator, ...granted('section') }, effect: 'deny', articles: ['10'] },
  { name: 'the approval of the Office is', action: 'copy', facts: { ...operator, ...granted('section', 'office') }, effect: 'permit' },
  { name: 'training that has run out stops everything', action: 'live', facts: { ...operator, 'actor.trained': false }, effect: 'deny', articles: ['9(2)'] },
  { name: 'an unregistered computer shows nothing', action: 'live', facts: { ...operator, 'actor.workstation': false }, effect: 'deny', articles: ['9(4)'] },
  { name: 'the head of the Section needs consent as well', action: 'live', facts: head, effect: 'deny', articles: ['10'] },
  { name: 'the head of the Section judges a request', action: 'review', facts: head, effect: 'permit' },
  { name: 'but not her own', action: 'review', facts: { ...head, 'request.own': true }, effect: 'deny', articles: ['10'] },
  { name: 'and not one that waits for another unit', action: 'review', facts: { ...head, 'request.awaitsActor': false }, effect: 'deny', articles: ['8'] },
  { name: 'an operator judges nothing', action: 'review', facts: operator, effect: 'deny', articles: ['8'] },
  { name: 'an individual is refused whatever is approved', action: 'playback', facts: { ...base, 'actor.standing': 'individual', 'actor.roles': [], 'actor.onDuty': false, ...granted('section', 'office') }, effect: 'deny', articles: ['14'] },
  { name: 'an individual may not even ask', action: 'request', facts: { ...base, 'actor.standing': 'individual', 'actor.roles': [] }, effect: 'deny', articles: ['14'] },
  { name: 'a contractor never sees footage', action: 'live', facts: { ...base, 'actor.roles': ['contractor'], 'actor.onDuty': false, ...granted('section') }, effect: 'deny', articles: ['19'] },
  {
    name: 'outside staff alone and without papers learn everything that is missing',
    action: 'playback',
    facts: { ...base, 'actor.standing': 'outside', 'actor.roles': [], 'actor.onDuty': false, ...granted('section'), 'visit.persons': 1, 'visit.identified': false, 'visit.certificate': false, 'visit.registered': false, 'visit.confidentiality': false, 'visit.caseBody': false },
    effect: 'deny',
    articles: ['13(1)', '13(2)', '13(3)', '13(4)', '13(5)'],
  },
  {
    name: 'police on a case need no certificate',
    action: 'playback',
    facts: { ...base, 'actor.standing': 'outside', 'actor.roles': [], 'actor.onDuty': false, ...granted('section'), 'visit.persons': 2, 'visit.identified': true, 'visit.certificate': false, 'visit.registered': true, 'visit.confidentiality': true, 'visit.caseBody': true },
    effect: 'permit',
  },
  { name: 'whoever has not signed in sees nothing', action: 'view', facts: { 'actor.kind': 'anonymous', 'actor.session': false }, effect: 'deny', articles: ['9(3)'] },
  { name: 'the Section reads the register', action: 'audit', facts: head, effect: 'permit' },
  { name: 'an operator does not', action: 'audit', facts: operator, effect: 'deny', articles: ['11'] },
];
