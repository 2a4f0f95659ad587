// Facts of article 13 that this pack needs beyond the catalogue: until a plugin knows them, they are unknown, and outside visitors are refused.
import type { FactDeclaration } from '@wanglou/core';

/** Facts about an outside visit. */
export const visitFacts: readonly FactDeclaration[] = [
  { path: 'visit.persons', type: 'integer', text: { zh: '来访人数', en: 'Persons present' } },
  { path: 'visit.identified', type: 'boolean', text: { zh: '已出示工作证件', en: 'Work identity cards were shown' } },
  { path: 'visit.certificate', type: 'boolean', text: { zh: '已出具单位证明', en: 'A certificate of their unit was shown' } },
  { path: 'visit.registered', type: 'boolean', text: { zh: '已登记审批', en: 'Registered and approved' } },
  { path: 'visit.confidentiality', type: 'boolean', text: { zh: '已承诺遵守使用和保密制度', en: 'Use and confidentiality terms were accepted' } },
  { path: 'visit.caseBody', type: 'boolean', text: { zh: '公安或国家安全机关因案件需要', en: 'Police or state security on a case' } },
];
