// The rules of the worked example: the zones decide what is seen, and what leaves the campus takes two keys of the centre.
import type { Rule } from '@wanglou/core';
import { footage, person, signedInActs } from '../common.ts';

/** Whoever keeps watch in a zone, on duty. */
export const zoneWatch = { all: [{ 'actor.roles': { has: 'zone-guard' } }, { 'actor.onDuty': true }] } as const;
export const twoKeys = { 'grant.approvals': { has: 'centre' } } as const;
export const zoneKey = { 'grant.approvals': { hasAny: ['zones', 'centre'] } } as const;
export const inEmergency = { 'grant.emergency': true } as const;
export const judges: readonly string[] = ['key-holder', 'zone-warden'];
const ownSystem = { 'actor.kind': { in: ['plugin', 'system'] } } as const;

/** Refusals. */
const forbids: readonly Rule[] = [
  { id: 'k1-staff', article: '1', text: { zh: '系统只供本校工作人员使用', en: 'The system is for staff of the campus alone' }, effect: 'forbid', actions: signedInActs, when: person, unless: { 'actor.standing': 'staff' } },
  { id: 'k1-suspended', article: '1', text: { zh: '账户已停用', en: 'The account is suspended' }, effect: 'forbid', actions: signedInActs, when: person, unless: { 'actor.suspended': false }, missing: [{ kind: 'review' }] },
  { id: 'k1-sign-in', article: '1', text: { zh: '请先登录', en: 'Sign in first' }, effect: 'forbid', actions: signedInActs, when: { 'actor.kind': 'anonymous' }, missing: [{ kind: 'sign-in' }], keptBecause: { zh: '给出条款和下一步', en: 'It names the article and the next step' } },
  { id: 'k2-live', article: '2', text: { zh: '分区值班人员或经分区同意者方可实时查看', en: 'Live is for the watch of the zones, or with their consent' }, effect: 'forbid', actions: ['live'], unless: { any: [zoneWatch, zoneKey, inEmergency] }, missing: [{ kind: 'approval', unit: 'zones' }] },
  { id: 'k2-playback', article: '2', text: { zh: '回放须经分区同意', en: 'Playback needs the consent of the zones' }, effect: 'forbid', actions: ['playback'], unless: { any: [zoneKey, inEmergency] }, missing: [{ kind: 'approval', unit: 'zones' }] },
  { id: 'k3-copy', article: '3', text: { zh: '拷贝须经安全中心两人同意', en: 'A copy takes two persons of the centre' }, effect: 'forbid', actions: ['copy'], unless: twoKeys, missing: [{ kind: 'approval', unit: 'centre' }, { kind: 'second-person' }] },
  { id: 'k4-own', article: '4', text: { zh: '不得审批本人的申请', en: 'Nobody judges their own request' }, effect: 'forbid', actions: ['review'], unless: { 'request.own': false }, missing: [{ kind: 'second-person' }] },
  { id: 'k4-unit', article: '4', text: { zh: '各部门审批各自的申请', en: 'Each unit judges what is for it' }, effect: 'forbid', actions: ['review'], unless: { 'request.awaitsActor': true } },
  { id: 'k5-appoint', article: '5', text: { zh: '任免须由持钥人办理，且不得任免本人', en: 'Key holders appoint, and never themselves' }, effect: 'forbid', actions: ['configure'], when: { 'subject.kind': 'roles' }, unless: { all: [{ 'actor.roles': { has: 'key-holder' } }, { 'person.self': false }] }, missing: [{ kind: 'role', role: 'key-holder' }] },
  { id: 'k5-rules', article: '5', text: { zh: '规则由另一名持钥人批准', en: 'Rules are approved by another key holder' }, effect: 'forbid', actions: ['review'], when: { 'subject.kind': 'policy' }, unless: { all: [{ 'actor.roles': { has: 'key-holder' } }, { 'proposal.own': false }] }, missing: [{ kind: 'second-person' }] },
  { id: 'k5-accounts', article: '5', text: { zh: '审批人员的账户由持钥人管理', en: 'Accounts of those who judge are for key holders' }, effect: 'forbid', actions: ['configure'], when: { all: [{ 'subject.kind': 'person' }, { 'person.reviews': true }] }, unless: { 'actor.roles': { has: 'key-holder' } }, missing: [{ kind: 'role', role: 'key-holder' }] },
  { id: 'k6-age', article: '6', text: { zh: '录像至少保存四十五日', en: 'Footage is kept for forty-five days' }, effect: 'forbid', actions: ['erase'], unless: { 'footage.ageDays': { gte: 45 } } },
  { id: 'k6-held', article: '6', text: { zh: '保全的录像不得删除', en: 'What is held stays' }, effect: 'forbid', actions: ['erase'], unless: { 'footage.held': false } },
  { id: 'k6-lift', article: '6', text: { zh: '解除保全须两名审批人员', en: 'Lifting a hold takes two who judge' }, effect: 'forbid', actions: ['review'], when: { 'subject.kind': 'hold' }, unless: { 'proposal.own': false }, missing: [{ kind: 'second-person' }] },
  { id: 'k7-open', article: '7', text: { zh: '上一次紧急调阅须先经复核', en: 'The emergency before must be reviewed first' }, effect: 'forbid', actions: ['emergency'], unless: { 'actor.emergencyOpen': false }, missing: [{ kind: 'review' }] },
];

/** Permits. */
const permits: readonly Rule[] = [
  { id: 'p1-sign-in', article: '1', text: { zh: '任何人都可以登录', en: 'Anybody may sign in' }, effect: 'permit', actions: ['sign-in'] },
  { id: 'p1-view', article: '1', text: { zh: '工作人员查看状态并提出申请', en: 'Staff see states and may ask' }, effect: 'permit', actions: ['view', 'request'], when: person },
  { id: 'p2-watch', article: '2', text: { zh: '分区值班人员实时监控', en: 'The watch of the zones sees live pictures and steers' }, effect: 'permit', actions: ['live', 'control'], when: { all: [person, zoneWatch] }, missing: [{ kind: 'duty' }] },
  { id: 'p2-grant', article: '2', text: { zh: '按照授权', en: 'What a grant gives' }, effect: 'permit', actions: footage, when: { all: [person, { 'grant.covers': true }] }, missing: [{ kind: 'approval', unit: 'centre' }] },
  { id: 'p2-duty', article: '2', text: { zh: '分区保安上岗和离岗', en: 'Zone guards sign on to duty and off' }, effect: 'permit', actions: ['duty'], when: { all: [person, { 'actor.roles': { has: 'zone-guard' } }] }, missing: [{ kind: 'role', role: 'zone-guard' }] },
  { id: 'p4-judge', article: '4', text: { zh: '持钥人和分区主管审批', en: 'Key holders and wardens judge and read the register' }, effect: 'permit', actions: ['review', 'audit'], when: { all: [person, { 'actor.roles': { hasAny: judges } }] }, missing: [{ kind: 'role', role: 'zone-warden' }] },
  { id: 'p5-configure', article: '5', text: { zh: '工程师和持钥人管理系统', en: 'Engineers and key holders manage the system' }, effect: 'permit', actions: ['configure', 'maintain'], when: { all: [person, { 'actor.roles': { hasAny: ['engineer', 'key-holder'] } }] }, missing: [{ kind: 'role', role: 'engineer' }] },
  { id: 'p5-system', article: '5', text: { zh: '系统自身运行所需', en: 'What the system needs to run itself' }, effect: 'permit', actions: ['view', 'maintain'], when: ownSystem },
  { id: 'p6-erase', article: '6', text: { zh: '系统清除到期录像', en: 'The system erases what is due' }, effect: 'permit', actions: ['erase'], when: ownSystem },
  { id: 'p6-hold', article: '6', text: { zh: '审批人员保全录像', en: 'Those who judge hold footage' }, effect: 'permit', actions: ['hold'], when: { all: [person, { 'actor.roles': { hasAny: judges } }] }, missing: [{ kind: 'role', role: 'zone-warden' }] },
  { id: 'p7-emergency', article: '7', text: { zh: '分区主管遇紧急情况可先行调阅', en: 'A warden may look at once in an emergency' }, effect: 'permit', actions: ['emergency'], when: { all: [person, { 'actor.roles': { has: 'zone-warden' } }] }, missing: [{ kind: 'role', role: 'zone-warden' }] },
];

/** All rules. */
export const rules: readonly Rule[] = [...forbids, ...permits];
