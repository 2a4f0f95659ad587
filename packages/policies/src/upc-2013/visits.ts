// What visitors from other bodies must bring and do, and whoever retrieves for them. Article 13.
import type { Rule } from '@wanglou/core';
import { footage } from '../common.ts';
import { outsideVisit } from './words.ts';

/** Refusals of outside visits, one for each item. */
export const visitRules: readonly Rule[] = [
  {
    id: 'a13-1',
    article: '13(1)',
    text: { zh: '外来工作人员不得少于两人', en: 'Outside staff must be at least two' },
    effect: 'forbid',
    actions: footage,
    when: outsideVisit,
    unless: { 'visit.persons': { gte: 2 } },
    missing: [{ kind: 'companion', count: 1 }],
  },
  {
    id: 'a13-1-present',
    article: '13(1)',
    text: { zh: '观看期间至少两名来访人员须在场', en: 'At least two of the visitors must be present while footage is seen' },
    effect: 'forbid',
    actions: footage,
    when: outsideVisit,
    unless: { 'visit.present': { gte: 2 } },
    missing: [{ kind: 'presence', count: 2 }],
  },
  {
    id: 'a13-2',
    article: '13(2)',
    text: { zh: '须出示工作证件', en: 'Work identity cards must be shown' },
    effect: 'forbid',
    actions: footage,
    when: outsideVisit,
    unless: { 'visit.identified': true },
    missing: [{ kind: 'document', document: 'work-id' }],
  },
  {
    id: 'a13-3',
    article: '13(3)',
    text: { zh: '须出具所在单位证明（公安、国家安全机关因案件需要除外）', en: 'A certificate of their unit is needed, except for police and state security on a case' },
    effect: 'forbid',
    actions: footage,
    when: outsideVisit,
    unless: { any: [{ 'visit.certificate': true }, { 'visit.caseBody': true }] },
    missing: [{ kind: 'document', document: 'certificate' }],
  },
  {
    id: 'a13-4',
    article: '13(4)',
    text: { zh: '须履行登记和审批手续', en: 'The visit must be registered and approved' },
    effect: 'forbid',
    actions: footage,
    when: outsideVisit,
    unless: { 'visit.registered': true },
    missing: [{ kind: 'registration' }],
  },
  {
    id: 'a13-5',
    article: '13(5)',
    text: { zh: '须承诺遵守资料使用和保密制度', en: 'The terms of use and confidentiality must be accepted' },
    effect: 'forbid',
    actions: footage,
    when: outsideVisit,
    unless: { 'visit.confidentiality': true },
    missing: [{ kind: 'document', document: 'confidentiality-terms' }],
  },
];
