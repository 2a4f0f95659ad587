// What two-keys as a whole guarantees, proven over every valuation of the facts.
import type { Property } from '@wanglou/core';
import { footage, person, signedInActs } from '../common.ts';
import { never, promised, refused } from '../property.ts';
import { inEmergency, judges, twoKeys, zoneKey, zoneWatch } from './rules.ts';

const keyHolder = { 'actor.roles': { has: 'key-holder' } } as const;

/** Every property; each cites its article. */
export const properties: readonly Property[] = [
  never('staff-only', '1', { zh: '外人一无所获', en: 'Outsiders get nothing' }, signedInActs, { all: [person, { 'actor.standing': { ne: 'staff' } }] }),
  never('no-anonymous', '1', { zh: '未登录者一无所获', en: 'Whoever has not signed in gets nothing' }, signedInActs, { 'actor.kind': 'anonymous' }),
  never('suspended', '1', { zh: '被停用的账户一无所获', en: 'A suspended account gets nothing' }, signedInActs, { all: [person, { 'actor.suspended': true }] }),
  refused('footage-for-persons', '2', { zh: '影像只对人员开放', en: 'Footage opens to persons alone' }, footage, { 'actor.kind': { ne: 'person' } }),
  never('copy-takes-the-centre', '3', { zh: '未经安全中心不得拷贝', en: 'No copy without the centre' }, ['copy'], { not: twoKeys }),
  never('playback-takes-a-zone', '2', { zh: '未经分区不得回放', en: 'No playback without the zones' }, ['playback'], { all: [{ not: zoneKey }, { not: inEmergency }] }),
  never('live-for-the-watch', '2', { zh: '实时查看只属于值班人员和获准者', en: 'Live is for the watch and whom the zones let' }, ['live'], { all: [{ not: zoneKey }, { not: inEmergency }, { not: zoneWatch }] }),
  refused('judges-judge', '4', { zh: '只有审批人员审批', en: 'Only those who judge judge' }, ['review', 'audit'], { not: { 'actor.roles': { hasAny: judges } } }),
  never('nobody-judges-own', '4', { zh: '任何人不得审批本人的申请', en: 'Nobody judges their own' }, ['review'], { 'request.own': true }),
  never('units-judge-theirs', '4', { zh: '各部门审批各自的申请', en: 'Each unit judges what is for it' }, ['review'], { 'request.awaitsActor': false }),
  never('key-holders-appoint', '5', { zh: '只有持钥人任免他人', en: 'Only key holders appoint, and others' }, ['configure'], { all: [{ 'subject.kind': 'roles' }, { any: [{ not: keyHolder }, { 'person.self': true }] }] }),
  never('rules-take-two', '5', { zh: '规则须两名持钥人', en: 'Rules take two key holders' }, ['review'], { all: [{ 'subject.kind': 'policy' }, { any: [{ not: keyHolder }, { 'proposal.own': true }] }] }),
  never('judges-out-of-reach', '5', { zh: '工程师碰不到审批人员的账户', en: 'No engineer touches the account of one who judges' }, ['configure'], { all: [{ 'subject.kind': 'person' }, { 'person.reviews': true }, { not: keyHolder }] }),
  never('age', '6', { zh: '四十五日内不得删除', en: 'Nobody erases within forty-five days' }, ['erase'], { 'footage.ageDays': { lte: 44 } }),
  never('held', '6', { zh: '保全的录像不得删除', en: 'What is held stays' }, ['erase'], { 'footage.held': true }),
  never('lifting-takes-two', '6', { zh: '解除保全须两人', en: 'Lifting a hold takes two' }, ['review'], { all: [{ 'subject.kind': 'hold' }, { 'proposal.own': true }] }),
  refused('judges-hold', '6', { zh: '只有审批人员保全', en: 'Only those who judge hold footage' }, ['hold'], { not: { 'actor.roles': { hasAny: judges } } }),
  refused('no-erasing-by-hand', '6', { zh: '任何人员不得删除', en: 'No person erases' }, ['erase'], { 'actor.kind': { in: ['person', 'anonymous'] } }),
  never('one-emergency', '7', { zh: '未复核前不得再次紧急调阅', en: 'No second emergency before the first is reviewed' }, ['emergency'], { 'actor.emergencyOpen': true }),
  promised('anybody-signs-in', '1', { zh: '任何人都可以登录', en: 'Anybody may sign in' }, ['sign-in']),
];
