// Holds: who may keep footage beyond its retention, and the two persons that letting it go takes. Article 12(3).
import type { Rule } from '@wanglou/core';
import { person } from '../common.ts';
import { headRoles } from './words.ts';

const hold = { 'subject.kind': 'hold' } as const;
const isHead = { 'actor.roles': { hasAny: headRoles } } as const;
const leadsShift = { all: [{ 'actor.roles': { has: 'shift-leader' } }, { 'actor.onDuty': true }] } as const;

/** Refusals about holds. */
export const holdRules: readonly Rule[] = [
  {
    id: 'a12.3-lift',
    article: '12(3)',
    text: { zh: '保全的延长和解除由公安处、治安科负责人办理', en: 'Holds are extended, and proposed for lifting, by the heads of the Office and of the Section' },
    effect: 'forbid',
    actions: ['hold'],
    when: hold,
    unless: isHead,
    missing: [{ kind: 'role', role: 'section-head' }],
  },
  {
    id: 'a12.3-lift-own',
    article: '12(3)',
    text: { zh: '解除保全须两人：提请人不得自行确认', en: 'Lifting a hold takes two persons: nobody confirms their own proposal' },
    effect: 'forbid',
    actions: ['review'],
    when: hold,
    unless: { 'proposal.own': false },
    missing: [{ kind: 'second-person' }],
  },
];

/** Who holds footage. */
export const holdPermit: Rule = {
  id: 'p12.3',
  article: '12(3)',
  text: { zh: '公安处、治安科负责人和当班班长保全涉案录像', en: 'The heads, and the shift leader on duty, hold footage that concerns a case' },
  effect: 'permit',
  actions: ['hold'],
  when: { all: [person, { any: [isHead, leadsShift] }] },
  missing: [{ kind: 'role', role: 'section-head' }],
};
