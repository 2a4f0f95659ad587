// Alarms: who reacts, and the two persons that closing a fire takes. Articles 17(3) and 29.
import type { Rule } from '@wanglou/core';
import { person } from '../common.ts';
import { headRoles, onWatch } from './words.ts';

const alarm = { 'subject.kind': { in: ['alarm', 'alarm-closing'] } } as const;
const isHead = { 'actor.roles': { hasAny: headRoles } } as const;

/** Refusals about alarms. */
export const alarmRules: readonly Rule[] = [
  {
    id: 'a17.3-watch',
    article: '17(3)',
    text: { zh: '报警由在班监控操作人员处置', en: 'Alarms are handled by the control-room staff on duty' },
    effect: 'forbid',
    actions: ['duty'],
    when: alarm,
    unless: { any: [onWatch, isHead] },
    missing: [{ kind: 'duty' }],
  },
  {
    id: 'a29-close-own',
    article: '29',
    text: { zh: '火警办结须两人：提请人不得自行确认', en: 'Closing a fire takes two persons: nobody confirms their own proposal' },
    effect: 'forbid',
    actions: ['duty'],
    when: { 'subject.kind': 'alarm-closing' },
    unless: { 'proposal.own': false },
    missing: [{ kind: 'second-person' }],
  },
];

/** The heads, to whom an alarm is escalated, may take it on. */
export const alarmPermit: Rule = {
  id: 'p17.3',
  article: '17(3)',
  text: { zh: '公安处、治安科负责人可处置升级的报警', en: 'The heads may take on an alarm that was escalated to them' },
  effect: 'permit',
  actions: ['duty'],
  when: { all: [person, isHead, alarm] },
  missing: [{ kind: 'role', role: 'section-head' }],
};
