// What order 799 allows, where nothing forbids it.
import type { Rule } from '@wanglou/core';
import { footage, person } from '../common.ts';
import { manager, onWatch } from './words.ts';

const ownSystem = { 'actor.kind': { in: ['plugin', 'system'] } } as const;
const engineer = { 'actor.roles': { has: 'engineer' } } as const;

/** Permits. */
export const permits: readonly Rule[] = [
  { id: 'p-sign-in', article: '16', text: { zh: '任何人都可以登录', en: 'Anybody may sign in' }, effect: 'permit', actions: ['sign-in'] },
  {
    id: 'p16-watch',
    article: '16',
    text: { zh: '经授权的值守人员在班实时查看', en: 'Authorised watchers on duty see live pictures' },
    effect: 'permit',
    actions: ['live', 'control'],
    when: { all: [person, onWatch] },
    missing: [{ kind: 'duty' }],
  },
  {
    id: 'p16-grant',
    article: '16',
    text: { zh: '按照授权查阅、调取', en: 'What was authorised is consulted and retrieved' },
    effect: 'permit',
    actions: footage,
    when: { all: [person, { 'grant.covers': true }] },
    missing: [{ kind: 'approval', unit: 'management' }],
  },
  {
    id: 'p16-manager',
    article: '16',
    text: { zh: '管理单位负责人审批申请并查阅登记', en: 'The manager judges requests and reads the register' },
    effect: 'permit',
    actions: ['review', 'audit'],
    when: { all: [person, manager] },
    missing: [{ kind: 'role', role: 'manager' }],
  },
  {
    id: 'p15-engineer',
    article: '15',
    text: { zh: '系统管理员维护系统安全运行', en: 'The engineer keeps the system running and safe' },
    effect: 'permit',
    actions: ['configure', 'maintain'],
    when: { all: [person, engineer] },
    missing: [{ kind: 'role', role: 'engineer' }],
  },
  {
    id: 'p16-people',
    article: '16',
    text: { zh: '管理单位负责人管理人员、授权和规则', en: 'The manager manages people, authorisations and rules' },
    effect: 'permit',
    actions: ['configure'],
    when: { all: [person, manager, { 'subject.kind': { in: ['roles', 'person', 'policy', 'none'] } }] },
    missing: [{ kind: 'role', role: 'manager' }],
  },
  {
    id: 'p15-view',
    article: '15',
    text: { zh: '工作人员查看设备和录像状态（不含影像）', en: 'Staff see the state of devices and recordings, without pictures' },
    effect: 'permit',
    actions: ['view'],
    when: { all: [person, { 'actor.standing': 'staff' }] },
    missing: [{ kind: 'role', role: 'watcher' }],
  },
  {
    id: 'p21-request',
    article: '21',
    text: { zh: '工作人员、国家机关和当事人可以提出申请', en: 'Staff, state organs and persons concerned may ask' },
    effect: 'permit',
    actions: ['request'],
    when: { all: [person, { 'actor.standing': { in: ['staff', 'outside', 'individual'] } }] },
  },
  {
    id: 'p16-duty',
    article: '16',
    text: { zh: '值守人员上岗和离岗', en: 'Watchers sign on to duty and off' },
    effect: 'permit',
    actions: ['duty'],
    when: { all: [person, { 'actor.roles': { has: 'watcher' } }] },
    missing: [{ kind: 'role', role: 'watcher' }],
  },
  {
    id: 'p17-hold',
    article: '17',
    text: { zh: '管理单位负责人保全用途尚未实现的录像', en: 'The manager holds footage whose purpose is not served' },
    effect: 'permit',
    actions: ['hold'],
    when: { all: [person, manager] },
    missing: [{ kind: 'role', role: 'manager' }],
  },
  { id: 'p15-system', article: '15', text: { zh: '系统自身运行所需', en: 'What the system needs to run itself' }, effect: 'permit', actions: ['view', 'maintain'], when: ownSystem },
  { id: 'p17-erase', article: '17', text: { zh: '用途已实现的录像由系统删除', en: 'The system deletes footage whose purpose is served' }, effect: 'permit', actions: ['erase'], when: ownSystem },
];
