// The facts that plugin-access knows.
import type { FactDeclaration } from '@wanglou/core';

/** Facts about the actor, the grant behind an act, and the request that is judged. */
export const accessFacts: readonly FactDeclaration[] = [
  { path: 'actor.unit', type: 'string', text: { zh: '所属部门', en: 'Unit' } },
  { path: 'actor.roles', type: 'strings', text: { zh: '岗位角色', en: 'Roles' } },
  { path: 'actor.standing', type: 'string', values: ['staff', 'outside', 'individual'], text: { zh: '人员类别', en: 'Standing' } },
  { path: 'actor.onDuty', type: 'boolean', text: { zh: '在班', en: 'On duty' } },
  { path: 'actor.trained', type: 'boolean', text: { zh: '培训有效', en: 'Training is valid' } },
  { path: 'actor.workstation', type: 'boolean', text: { zh: '在已登记终端上', en: 'At a registered workstation' } },
  { path: 'grant.covers', type: 'boolean', text: { zh: '有覆盖此操作的有效授权', en: 'A grant in force covers this act' } },
  { path: 'grant.id', type: 'string', text: { zh: '授权编号', en: 'Grant' } },
  { path: 'grant.approvals', type: 'strings', text: { zh: '已同意的部门', en: 'Units that approved' } },
  { path: 'request.own', type: 'boolean', text: { zh: '本人的申请', en: 'The request is the actor’s own' } },
  { path: 'request.awaitsActor', type: 'boolean', text: { zh: '由本部门审批', en: 'The request is for the actor’s unit to judge' } },
];
