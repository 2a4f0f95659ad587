// Footage and the approvals it needs. Articles 10 and 12.
import { purposes, type Rule } from '@wanglou/core';
import { footage } from '../common.ts';
import { onWatch } from './words.ts';

/** Refusals of footage; with the switch on, an emergency stands in for the Section's consent, never for the Office's. */
export function footageRules(emergency: boolean): readonly Rule[] {
  const consented = [{ 'grant.approvals': { has: 'section' } }, ...(emergency ? [{ 'grant.emergency': true }] : [])];
  return [
    {
      id: 'a10-live',
      article: '10',
      text: { zh: '观看实时监控须经治安科同意', en: 'Live view needs the consent of the Security Section' },
      effect: 'forbid',
      actions: ['live'],
      unless: { any: [...consented, onWatch] },
      missing: [{ kind: 'approval', unit: 'section' }],
    },
    {
      id: 'a10-playback',
      article: '10',
      text: { zh: '回放须经治安科同意', en: 'Playback needs the consent of the Security Section' },
      effect: 'forbid',
      actions: ['playback'],
      unless: { any: consented },
      missing: [{ kind: 'approval', unit: 'section' }],
    },
    {
      id: 'a10-copy',
      article: '10',
      text: { zh: '拷贝须经公安处审批', en: 'A copy needs the approval of the Public Security Office' },
      effect: 'forbid',
      actions: ['copy'],
      unless: { 'grant.approvals': { has: 'office' } },
      missing: [{ kind: 'approval', unit: 'office' }],
    },
    {
      id: 'a10-emergency-copy',
      article: '10',
      text: { zh: '紧急调阅不得拷贝', en: 'An emergency never gives a copy' },
      effect: 'forbid',
      actions: ['copy'],
      unless: { 'grant.emergency': false },
      missing: [{ kind: 'approval', unit: 'office' }],
    },
    {
      id: 'a12.1',
      article: '12(1)',
      text: { zh: '授权须写明所列用途之一', en: 'A grant opens nothing without one of the listed purposes' },
      effect: 'forbid',
      actions: footage,
      when: { 'grant.covers': true },
      unless: { 'grant.purpose': { in: Object.keys(purposes) } },
    },
    {
      id: 'a12.4',
      article: '12(4)',
      text: { zh: '未经审批不得对外提供，拷贝须符合授权的范围和去向', en: 'Nothing is handed over unapproved: a copy stays within its grant and goes where the grant says' },
      effect: 'forbid',
      actions: ['copy'],
      unless: { 'grant.covers': true },
      missing: [{ kind: 'approval', unit: 'office' }],
      keptBecause: { zh: '没有授权时本就得不到许可；本规则使拒绝引用第十二条（四）', en: 'Without a grant nothing is permitted anyway; this makes the refusal cite article 12(4)' },
    },
    {
      id: 'a12.2',
      article: '12(2)',
      text: { zh: '留存期限内的录像任何人不得删除', en: 'Footage within its retention is erased by nobody' },
      effect: 'forbid',
      actions: ['erase'],
      unless: { 'footage.ageDays': { gte: 30 } },
    },
    {
      id: 'a12.2-by-hand',
      article: '12(2)',
      text: { zh: '录像只由系统按留存期限清除，不得人工删除', en: 'Only the system erases, by retention; nobody does by hand' },
      effect: 'forbid',
      actions: ['erase'],
      unless: { 'actor.kind': { in: ['plugin', 'system'] } },
      keptBecause: { zh: '人员本就得不到许可；本规则使拒绝引用第十二条（二）', en: 'Persons are permitted nothing of the kind anyway; this makes the refusal cite article 12(2)' },
    },
    {
      id: 'a12.3',
      article: '12(3)',
      text: { zh: '处于保全状态的录像不得删除', en: 'Footage that is held is not erased' },
      effect: 'forbid',
      actions: ['erase'],
      unless: { 'footage.held': false },
    },
  ];
}
