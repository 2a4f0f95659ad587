// What is allowed, where nothing forbids it. Articles 5 to 11 and 16.
import type { Rule } from '@wanglou/core';
import { footage, person } from '../common.ts';
import { headRoles, onWatch, watchRoles } from './words.ts';

const ownSystem = { 'actor.kind': { in: ['plugin', 'system'] } } as const;

/** Permits. */
export const permits: readonly Rule[] = [
  {
    id: 'p-sign-in',
    article: '9',
    text: { zh: '任何人都可以登录、退出并查看自己的登录状态', en: 'Anybody may sign in, sign out and see their own session' },
    effect: 'permit',
    actions: ['sign-in'],
  },
  {
    id: 'p6',
    article: '6',
    text: { zh: '在班监控操作人员进行实时监控', en: 'Control-room staff on duty watch live and steer cameras' },
    effect: 'permit',
    actions: ['live', 'control'],
    when: { all: [person, onWatch] },
    missing: [{ kind: 'duty' }],
  },
  {
    id: 'p10',
    article: '10',
    text: { zh: '按照获批的授权观看、回放或拷贝', en: 'What a grant gives may be watched, played back or copied' },
    effect: 'permit',
    actions: footage,
    when: { all: [person, { 'grant.covers': true }] },
    missing: [{ kind: 'approval', unit: 'section' }],
  },
  {
    id: 'p8',
    article: '8',
    text: { zh: '公安处、治安科负责人审批申请、撤销授权、复核紧急调阅', en: 'The heads of the Office and of the Section judge requests, revoke grants and review emergencies' },
    effect: 'permit',
    actions: ['review'],
    when: { all: [person, { 'actor.roles': { hasAny: headRoles } }] },
    missing: [{ kind: 'role', role: 'section-head' }],
  },
  {
    id: 'p11',
    article: '11',
    text: { zh: '公安处、治安科查阅调取登记和审计日志', en: 'The Office and the Section read the register and the audit log' },
    effect: 'permit',
    actions: ['audit'],
    when: { all: [person, { 'actor.roles': { hasAny: headRoles } }] },
    missing: [{ kind: 'role', role: 'section-head' }],
  },
  {
    id: 'p9',
    article: '9',
    text: { zh: '系统管理员管理和维护系统', en: 'The system administrator runs and maintains the system' },
    effect: 'permit',
    actions: ['configure', 'maintain'],
    when: { all: [person, { 'actor.roles': { has: 'administrator' } }] },
    missing: [{ kind: 'role', role: 'administrator' }],
  },
  // After p9: of two permits that are as near, a refusal cites the first.
  {
    id: 'p8-office',
    article: '8',
    text: { zh: '公安处负责人管理人员、任免岗位、提请更换规则', en: 'The head of the Office manages people, appoints, and proposes rules' },
    effect: 'permit',
    actions: ['configure'],
    when: { all: [person, { 'actor.roles': { has: 'office-head' } }, { 'subject.kind': { in: ['roles', 'person', 'policy', 'none'] } }] },
    missing: [{ kind: 'role', role: 'office-head' }],
  },
  {
    id: 'p5-view',
    article: '5',
    text: { zh: '工作人员查看设备和录像状态（不含影像）', en: 'Staff see the state of devices and recordings, without pictures' },
    effect: 'permit',
    actions: ['view'],
    when: { all: [person, { 'actor.standing': 'staff' }] },
    missing: [{ kind: 'role', role: 'operator' }],
  },
  {
    id: 'p10-request',
    article: '10',
    text: { zh: '因工作或案情需要可以提出申请', en: 'Whoever needs footage for work or a case may ask' },
    effect: 'permit',
    actions: ['request'],
    when: { all: [person, { 'actor.standing': { in: ['staff', 'outside'] } }] },
  },
  {
    id: 'p16',
    article: '16(1)',
    text: { zh: '监控室人员上岗和离岗', en: 'Control-room staff sign on to duty and off' },
    effect: 'permit',
    actions: ['duty'],
    when: { all: [person, { 'actor.roles': { hasAny: [...watchRoles, 'patrol'] } }] },
    missing: [{ kind: 'role', role: 'operator' }],
  },
  {
    id: 'p-system',
    article: '5',
    text: { zh: '系统自身运行所需', en: 'What the system needs to run itself' },
    effect: 'permit',
    actions: ['view', 'maintain'],
    when: ownSystem,
  },
  {
    id: 'p-erase',
    article: '12(2)',
    text: { zh: '留存期满且未保全的录像由系统清除', en: 'The system erases footage that is past its retention and not held' },
    effect: 'permit',
    actions: ['erase'],
    when: ownSystem,
  },
];
