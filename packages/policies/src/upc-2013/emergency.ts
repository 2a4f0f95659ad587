// Emergency access: not in the text of 2013, so it is off unless a campus switches it on.
import type { EmergencySwitch, Rule } from '@wanglou/core';
import { person } from '../common.ts';
import { onWatch } from './words.ts';

/** How emergency access is bounded and answered for. */
export const emergencySwitch: EmergencySwitch = {
  minutes: 30,
  lookBackMinutes: 60,
  reasons: {
    life: { zh: '危及人身安全', en: 'A life is in danger' },
    fire: { zh: '火灾或爆炸', en: 'Fire or explosion' },
    crime: { zh: '正在发生的违法犯罪', en: 'A crime is under way' },
    missing: { zh: '人员走失或失联', en: 'A person is missing' },
  },
  tells: ['office', 'section'],
  reviewers: 2,
  reviewWithinHours: 24,
};

/** With the switch on, the watch on duty may act at once, one emergency at a time; with it off, the refusal says so. */
export function emergencyRules(on: boolean): readonly Rule[] {
  if (!on) {
    return [
      {
        id: 'a10-no-emergency',
        article: '10',
        text: { zh: '本校区未启用紧急调阅，请提出申请', en: 'Emergency access is not switched on at this campus; ask for permission' },
        effect: 'forbid',
        actions: ['emergency'],
        missing: [{ kind: 'approval', unit: 'section' }],
        keptBecause: { zh: '没有规则允许紧急调阅；本规则使拒绝引用第十条', en: 'No rule permits it; this makes the refusal cite article 10' },
      },
    ];
  }
  return [
    {
      id: 'a10-emergency-open',
      article: '10',
      text: { zh: '上一次紧急调阅须先经复核', en: 'The emergency before must be reviewed first' },
      effect: 'forbid',
      actions: ['emergency'],
      unless: { 'actor.emergencyOpen': false },
      missing: [{ kind: 'review' }],
    },
    {
      id: 'p-emergency',
      article: '10',
      text: { zh: '在班监控操作人员遇紧急情况可先行调阅，事后复核', en: 'In an emergency the watch on duty may look at once and is reviewed afterwards' },
      effect: 'permit',
      actions: ['emergency'],
      when: { all: [person, onWatch] },
      missing: [{ kind: 'duty' }],
    },
  ];
}
