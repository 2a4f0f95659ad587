// Judging, appointing, changing: who guards the guards. Articles 8, 10, 12(5) and 16(3).
import type { Rule } from '@wanglou/core';

const policy = { 'subject.kind': 'policy' } as const;
const roles = { 'subject.kind': 'roles' } as const;
const officeHead = { 'actor.roles': { has: 'office-head' } } as const;

/** Refusals about requests, roles, rules and devices. */
export const managementRules: readonly Rule[] = [
  {
    id: 'a10-own',
    article: '10',
    text: { zh: '不得审批本人的申请', en: 'Nobody judges a request of their own' },
    effect: 'forbid',
    actions: ['review'],
    unless: { 'request.own': false },
    missing: [{ kind: 'second-person' }],
  },
  {
    id: 'a8-unit',
    article: '8',
    text: { zh: '该申请不由您的部门审批', en: 'This request is not for your unit to judge' },
    effect: 'forbid',
    actions: ['review'],
    unless: { 'request.awaitsActor': true },
  },
  {
    id: 'a8-policy',
    article: '8',
    text: { zh: '规则由公安处批准', en: 'Rules are for the Office to approve' },
    effect: 'forbid',
    actions: ['review'],
    when: policy,
    unless: officeHead,
    missing: [{ kind: 'role', role: 'office-head' }],
  },
  {
    id: 'a8-policy-own',
    article: '8',
    text: { zh: '更换规则须两人：提请人不得自行批准', en: 'Other rules take two persons: nobody approves their own proposal' },
    effect: 'forbid',
    actions: ['review'],
    when: policy,
    unless: { 'proposal.own': false },
    missing: [{ kind: 'second-person' }],
  },
  {
    id: 'a8-appoint',
    article: '8',
    text: { zh: '岗位角色由公安处任免', en: 'Only the Office appoints' },
    effect: 'forbid',
    actions: ['configure'],
    when: roles,
    unless: officeHead,
    missing: [{ kind: 'role', role: 'office-head' }],
  },
  {
    id: 'a8-appoint-self',
    article: '8',
    text: { zh: '不得任免本人', en: 'Nobody appoints themselves' },
    effect: 'forbid',
    actions: ['configure'],
    when: roles,
    unless: { 'person.self': false },
    missing: [{ kind: 'second-person' }],
  },
  {
    id: 'a8-judges',
    article: '8',
    // Otherwise an administrator could reset a head's password and judge in the head's name.
    text: { zh: '审批人员的账户由公安处管理', en: 'Accounts of those who judge are for the Office to change' },
    effect: 'forbid',
    actions: ['configure'],
    when: { all: [{ 'subject.kind': 'person' }, { 'person.reviews': true }] },
    unless: officeHead,
    missing: [{ kind: 'role', role: 'office-head' }],
  },
  {
    id: 'a12.5',
    article: '12(5)',
    text: { zh: '非工作原因不得改变设备的位置和功能', en: 'A camera is moved or changed only for a reason of work' },
    effect: 'forbid',
    actions: ['configure'],
    when: { 'subject.kind': 'camera' },
    unless: { 'work.reason': true },
    missing: [{ kind: 'work-order' }],
  },
  {
    id: 'a16.3',
    article: '16(3)',
    text: { zh: '未经许可不得关闭设备或更改设置', en: 'No device is switched off and no setting changed without a permit' },
    effect: 'forbid',
    actions: ['configure', 'maintain'],
    when: { 'subject.kind': { in: ['recorder', 'device'] } },
    unless: { 'work.permit': true },
    missing: [{ kind: 'work-order' }],
  },
];
