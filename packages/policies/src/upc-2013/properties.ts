// What upc-2013 as a whole guarantees, proven over every valuation of the facts.
import { purposes, type Condition, type Property, type Text } from '@wanglou/core';
import { footage, person, signedInActs } from '../common.ts';
import { never, promised, refused } from '../property.ts';
import { headRoles, onWatch, outsideVisit, watchRoles } from './words.ts';

const staff = { all: [person, { 'actor.standing': 'staff' }] } as const;
const officeHead = { 'actor.roles': { has: 'office-head' } } as const;
const notOfficeHead = { not: officeHead } as const;
const listedPurpose = { 'grant.purpose': { in: Object.keys(purposes) } };

const personal: readonly Property[] = [
  never('no-individual', '14', { zh: '任何审批都不能使个人获得影像或权限', en: 'No individual gets anything, whoever approves' }, signedInActs, { all: [person, { 'actor.standing': 'individual' }] }),
  never('no-anonymous', '9(3)', { zh: '未登录者一无所获', en: 'Whoever has not signed in gets nothing' }, signedInActs, { 'actor.kind': 'anonymous' }),
  refused('footage-for-persons', '11', { zh: '影像只对可登记的人员开放', en: 'Footage opens to persons alone, whom the register can name' }, footage, { 'actor.kind': { ne: 'person' } }),
  never('trained', '9(2)', { zh: '工作人员未经两项培训不得观看', en: 'Staff see nothing without both trainings' }, [...footage, 'control'], { all: [staff, { any: [{ 'actor.postTrained': false }, { 'actor.confidentialityTrained': false }] }] }),
  never('on-duty', '9(3)', { zh: '监控操作人员离岗后看不到任何影像', en: 'Control-room staff off duty see nothing' }, [...footage, 'control'], { all: [person, { 'actor.roles': { hasAny: watchRoles } }, { 'actor.onDuty': false }] }),
  never('at-workstation', '9(4)', { zh: '影像只出现在已登记的终端上', en: 'Footage appears at registered workstations alone' }, footage, { all: [person, { 'actor.workstation': false }] }),
  never('step-up-to-judge', '9', { zh: '审批须再次验证身份', en: 'Whoever judges proves who they are' }, ['review'], { all: [person, { 'subject.kind': { in: ['request', 'grant', 'emergency', 'policy', 'delegation', 'hold'] } }, { 'actor.stepUp': false }] }),
  never('step-up-to-copy', '9', { zh: '拷贝须再次验证身份', en: 'Whoever copies proves who they are' }, ['copy'], { all: [person, { 'actor.stepUp': false }] }),
  never('suspended', '10', { zh: '被停用的账户一无所获', en: 'A suspended account gets nothing' }, signedInActs, { all: [person, { 'actor.suspended': true }] }),
  never('no-contractor', '19', { zh: '维修单位人员看不到任何影像', en: 'A contractor never sees footage' }, footage, { all: [person, { 'actor.roles': { has: 'contractor' } }] }),
];

function footageProperties(emergency: boolean): readonly Property[] {
  const unconsented: Condition = { all: [{ not: { 'grant.approvals': { has: 'section' } } }, ...(emergency ? [{ 'grant.emergency': false }] : [])] };
  return [
    never('no-copy-without-office', '10', { zh: '未经公安处审批不得拷贝', en: 'No copy without the Office' }, ['copy'], { not: { 'grant.approvals': { has: 'office' } } }),
    never('no-playback-without-section', '10', { zh: '未经治安科同意不得回放', en: 'No playback without the Section' }, ['playback'], unconsented),
    never('live-without-consent-for-watch', '10', { zh: '未经同意的实时监控只属于在班人员', en: 'Live without consent is for the watch on duty alone' }, ['live'], { all: [unconsented, { not: onWatch }] }),
    refused('footage-under-a-grant', '10', { zh: '除在班监控外，影像只在授权内开放', en: 'But for the watch, footage opens under a grant alone' }, footage, { all: [{ 'grant.covers': false }, { not: onWatch }] }),
    never('emergency-never-copies', '10', { zh: '紧急调阅不得拷贝', en: 'An emergency never gives a copy' }, ['copy'], { 'grant.emergency': true }),
    never('nothing-handed-over', '12(4)', { zh: '没有授权不得拷贝', en: 'Nothing is handed over without a grant that covers it' }, ['copy'], { 'grant.covers': false }),
    // Every purpose there is, negated: what remains is a purpose that is not known.
    refused('purpose-bound', '12(1)', { zh: '用途不明的授权不放行', en: 'A grant without a purpose opens nothing' }, ['playback', 'copy'], { not: listedPurpose }),
    never('floor', '12(2)', { zh: '留存期限内任何人不得删除', en: 'Nobody erases within the floor' }, ['erase'], { 'footage.ageDays': { lte: 29 } }),
    never('no-erasing-by-hand', '12(2)', { zh: '任何人员不得删除录像', en: 'No person erases' }, ['erase'], { 'actor.kind': { in: ['person', 'anonymous'] } }),
    never('closing-a-fire-takes-two', '29', { zh: '火警办结须两人', en: 'Closing a fire takes two persons' }, ['duty'], { all: [{ 'subject.kind': 'alarm-closing' }, { 'proposal.own': true }] }),
    never('lifting-takes-two', '12(3)', { zh: '解除保全须两人', en: 'Lifting a hold takes two persons' }, ['review'], { all: [{ 'subject.kind': 'hold' }, { 'proposal.own': true }] }),
    refused('heads-lift', '12(3)', { zh: '只有两级负责人解除保全', en: 'Only the heads lift a hold' }, ['hold', 'review'], { all: [{ 'subject.kind': 'hold' }, { not: { 'actor.roles': { hasAny: headRoles } } }] }),
    refused('hold-for-heads-and-watch', '12(3)', { zh: '保全由负责人和当班班长设置', en: 'Holds are placed by the heads and the shift leader on duty' }, ['hold'], { not: { any: [{ 'actor.roles': { hasAny: headRoles } }, { all: [{ 'actor.roles': { has: 'shift-leader' } }, { 'actor.onDuty': true }] }] } }),
    never('held', '12(3)', { zh: '保全的录像不得删除', en: 'What is held is not erased' }, ['erase'], { 'footage.held': true }),
  ];
}

const visitItems: readonly (readonly [id: string, article: string, text: Text, lacking: Condition])[] = [
  ['outside-never-alone', '13(1)', { zh: '外来人员不得单独调阅', en: 'Outside staff never come alone' }, { 'visit.persons': { lte: 1 } }],
  ['outside-present', '13(1)', { zh: '观看期间两人在场', en: 'Two visitors are there while footage is seen' }, { 'visit.present': { lte: 1 } }],
  ['outside-identified', '13(2)', { zh: '须出示证件', en: 'Never without work IDs' }, { 'visit.identified': false }],
  ['outside-certificate', '13(3)', { zh: '须有单位证明，公安和国家安全机关办案除外', en: 'Never without a certificate, unless police or state security on a case' }, { all: [{ 'visit.certificate': false }, { 'visit.caseBody': false }] }],
  ['outside-registered', '13(4)', { zh: '须登记审批', en: 'Never unregistered' }, { 'visit.registered': false }],
  ['outside-terms', '13(5)', { zh: '须承诺遵守制度', en: 'Never without the terms' }, { 'visit.confidentiality': false }],
];

const management: readonly Property[] = [
  refused('heads-judge', '8', { zh: '只有两级负责人审批', en: 'Only the heads judge' }, ['review'], { not: { 'actor.roles': { hasAny: headRoles } } }),
  refused('heads-read-register', '11', { zh: '只有两级负责人查阅登记', en: 'Only the heads read the register' }, ['audit'], { not: { 'actor.roles': { hasAny: headRoles } } }),
  never('nobody-judges-own', '10', { zh: '任何人不得审批本人的申请', en: 'Nobody judges their own' }, ['review'], { 'request.own': true }),
  never('unit-judges-its-own', '8', { zh: '各部门只审批属于自己的申请', en: 'Each unit judges what is for it' }, ['review'], { 'request.awaitsActor': false }),
  never('office-approves-rules', '8', { zh: '规则只由公安处批准', en: 'Only the Office approves rules' }, ['review'], { all: [{ 'subject.kind': 'policy' }, notOfficeHead] }),
  never('rules-take-two', '8', { zh: '更换规则须两人', en: 'Other rules take two persons' }, ['review'], { all: [{ 'subject.kind': 'policy' }, { 'proposal.own': true }] }),
  never('office-appoints', '8', { zh: '只有公安处任免岗位', en: 'Only the Office appoints' }, ['configure'], { all: [{ 'subject.kind': 'roles' }, notOfficeHead] }),
  never('nobody-appoints-self', '8', { zh: '任何人不得任免本人', en: 'Nobody appoints themselves' }, ['configure'], { all: [{ 'subject.kind': 'roles' }, { 'person.self': true }] }),
  never('judges-out-of-reach', '8', { zh: '系统管理员碰不到审批人员的账户', en: 'No administrator touches the account of one who judges' }, ['configure'], { all: [{ 'subject.kind': 'person' }, { 'person.reviews': true }, notOfficeHead] }),
  refused('office-stays-out-of-devices', '9', { zh: '设备只由系统管理员配置', en: 'Devices are for the administrator alone' }, ['configure'], {
    all: [{ not: { 'actor.roles': { has: 'administrator' } } }, { not: { 'subject.kind': { in: ['roles', 'person', 'policy', 'none'] } } }],
  }),
  never('cameras-stay', '12(5)', { zh: '没有工作原因不得改变摄像机', en: 'No camera is changed without a reason of work' }, ['configure'], { all: [{ 'subject.kind': 'camera' }, { 'work.reason': false }] }),
  never('devices-stay-on', '16(3)', { zh: '未经许可不得停用设备', en: 'Nothing is switched off without a permit' }, ['configure', 'maintain'], { all: [{ 'subject.kind': { in: ['recorder', 'device'] } }, { 'work.permit': false }] }),
];

const wellPlaced = [staff, { 'actor.postTrained': true }, { 'actor.confidentialityTrained': true }, { 'actor.workstation': true }, { 'actor.suspended': false }, { not: { 'actor.roles': { has: 'contractor' } } }, { 'grant.visit': false }] as const;

/** The rules must also open what they promise: a control room that sees nothing is no safety either. */
const promises: readonly Property[] = [
  promised('watch-is-never-blind', '6', { zh: '在班监控不依赖任何授权', en: 'The watch on duty needs no grant' }, ['live', 'control'], { all: [...wellPlaced, onWatch, { 'grant.covers': false }] }),
  promised('consent-opens-playback', '10', { zh: '经同意即可回放', en: 'What the Section consented to plays' }, ['playback'], {
    all: [...wellPlaced, { any: [{ 'actor.onDuty': true }, { not: { 'actor.roles': { hasAny: watchRoles } } }] }, { 'grant.covers': true }, { 'grant.approvals': { has: 'section' } }, listedPurpose],
  }),
  promised('anybody-signs-in', '9', { zh: '任何人都可以登录', en: 'Anybody may sign in' }, ['sign-in']),
];

function emergencyProperties(on: boolean): readonly Property[] {
  if (!on) return [never('no-emergency', '10', { zh: '未启用时没有紧急调阅', en: 'Without the switch there is no emergency access' }, ['emergency'])];
  return [
    refused('emergency-for-watch', '10', { zh: '紧急调阅只属于在班监控人员', en: 'Emergency access is for the watch on duty alone' }, ['emergency'], { not: { all: [person, onWatch] } }),
    never('one-emergency', '10', { zh: '未复核前不得再次紧急调阅', en: 'No second emergency before the first is reviewed' }, ['emergency'], { 'actor.emergencyOpen': true }),
    refused('emergency-trained', '9(2)', { zh: '未经培训不得紧急调阅', en: 'No emergency access for the untrained' }, ['emergency'], { all: [person, { any: [{ 'actor.postTrained': false }, { 'actor.confidentialityTrained': false }] }] }),
    never('emergency-at-workstation', '9(4)', { zh: '紧急调阅也须在已登记终端', en: 'No emergency access away from a registered workstation' }, ['emergency'], { all: [person, { 'actor.workstation': false }] }),
  ];
}

/** Every property; each cites its article. */
export function properties(emergency: boolean): readonly Property[] {
  const visits = visitItems.map(([id, article, text, lacking]) => never(id, article, text, footage, { all: [outsideVisit, lacking] }));
  return [...personal, ...footageProperties(emergency), ...visits, ...management, ...emergencyProperties(emergency), ...promises];
}
