// What cn-order-799 as a whole guarantees, proven over every valuation of the facts.
import { purposes, type Property } from '@wanglou/core';
import { footage, person, signedInActs } from '../common.ts';
import { never, promised, refused } from '../property.ts';
import { individual, manager, onWatch, organ, privatePlace } from './words.ts';

const notManager = { not: manager } as const;
const unauthorised = { not: { 'grant.approvals': { has: 'management' } } } as const;

/** Every property; each cites its article. */
export const properties: readonly Property[] = [
  never('private-places-dark', '8', { zh: '私密空间的画面不给任何人看', en: 'Nobody sees pictures of private rooms' }, [...footage, 'control'], privatePlace),
  never('private-places-empty', '8', { zh: '私密空间不得设置摄像机', en: 'No camera is set up in private rooms' }, ['configure'], { all: [{ 'subject.kind': 'camera' }, privatePlace] }),
  never('no-anonymous', '16', { zh: '未登录者一无所获', en: 'Whoever has not signed in gets nothing' }, signedInActs, { 'actor.kind': 'anonymous' }),
  refused('footage-for-persons', '16', { zh: '影像只对可登记的人员开放', en: 'Footage opens to persons alone, whom the register can name' }, footage, { 'actor.kind': { ne: 'person' } }),
  never('trained', '16', { zh: '未经培训不得使用', en: 'Nobody of the staff uses it untrained' }, [...footage, 'control'], { all: [person, { 'actor.standing': 'staff' }, { any: [{ 'actor.postTrained': false }, { 'actor.confidentialityTrained': false }] }] }),
  never('authorised', '16', { zh: '查阅、调取须经授权', en: 'Nothing is consulted or retrieved unauthorised' }, ['playback', 'copy'], unauthorised),
  never('live-authorised', '16', { zh: '未经授权的实时查看只属于在班值守人员', en: 'Live without a grant is for the watch on duty alone' }, ['live'], { all: [unauthorised, { not: onWatch }] }),
  refused('under-a-grant', '16', { zh: '除值守外，影像只在授权内开放', en: 'But for the watch, footage opens under a grant alone' }, footage, { all: [{ 'grant.covers': false }, { not: onWatch }] }),
  refused('reason-registered', '16', { zh: '没有事由的授权不放行', en: 'A grant without a reason opens nothing' }, ['playback', 'copy'], { not: { 'grant.purpose': { in: Object.keys(purposes) } } }),
  never('step-up', '15', { zh: '导出和审批须再次验证身份', en: 'Whoever exports or judges proves who they are' }, ['copy', 'review'], { all: [person, { 'actor.stepUp': false }] }),
  never('suspended', '16', { zh: '被停用的账户一无所获', en: 'A suspended account gets nothing' }, signedInActs, { all: [person, { 'actor.suspended': true }] }),
  never('no-contractor', '19', { zh: '维护单位看不到影像', en: 'Those who maintain never see footage' }, footage, { all: [person, { 'actor.roles': { has: 'contractor' } }] }),
  never('organs-identified', '20', { zh: '国家机关工作人员须出示证件', en: 'State organs never without papers' }, footage, { all: [organ, { 'visit.identified': false }] }),
  never('organs-registered', '20', { zh: '国家机关调取须登记', en: 'State organs never unregistered' }, footage, { all: [organ, { 'visit.registered': false }] }),
  never('organs-by-procedure', '20', { zh: '国家机关须有手续', en: 'State organs never without a letter or a case' }, footage, { all: [organ, { 'visit.certificate': false }, { 'visit.caseBody': false }] }),
  never('individual-sees-recorded', '21', { zh: '个人不得实时查看或操作', en: 'An individual neither watches live nor runs anything' }, signedInActs.filter((action) => action !== 'playback' && action !== 'request'), individual),
  never('individual-concerned', '21', { zh: '与己无关者不得查看', en: 'Whom it does not concern sees nothing' }, ['playback'], { all: [individual, { 'grant.concerned': false }] }),
  never('concerned-never-copies', '21', { zh: '当事人不得复制', en: 'The person concerned never takes a copy' }, ['copy'], { 'grant.concerned': true }),
  refused('managers-judge', '16', { zh: '只有管理单位负责人审批', en: 'Only the manager judges, and reads the register' }, ['review', 'audit'], notManager),
  never('nobody-judges-own', '16', { zh: '任何人不得审批本人的申请', en: 'Nobody judges their own' }, ['review'], { 'request.own': true }),
  never('unit-judges-its-own', '16', { zh: '各部门只审批属于自己的申请', en: 'Each unit judges what is for it' }, ['review'], { 'request.awaitsActor': false }),
  never('rules-take-two', '16', { zh: '更换规则须两人', en: 'Other rules take two persons' }, ['review'], { all: [{ 'subject.kind': 'policy' }, { 'proposal.own': true }] }),
  never('lifting-takes-two', '17', { zh: '解除保全须两人', en: 'Lifting a hold takes two persons' }, ['review'], { all: [{ 'subject.kind': 'hold' }, { 'proposal.own': true }] }),
  refused('managers-hold', '17', { zh: '只有管理单位负责人保全和解除', en: 'Only managers hold and let go' }, ['hold'], notManager),
  never('nobody-appoints-self', '16', { zh: '任何人不得任免本人', en: 'Nobody appoints themselves' }, ['configure'], { all: [{ 'subject.kind': 'roles' }, { 'person.self': true }] }),
  never('manager-appoints', '16', { zh: '只有负责人授权', en: 'Only the manager authorises people' }, ['configure'], { all: [notManager, { any: [{ 'subject.kind': 'roles' }, { all: [{ 'subject.kind': 'person' }, { 'person.reviews': true }] }] }] }),
  refused('manager-stays-out-of-devices', '15', { zh: '设备只由系统管理员配置', en: 'Devices are for the engineer alone' }, ['configure', 'maintain'], { all: [person, { not: { 'actor.roles': { has: 'engineer' } } }, { not: { 'subject.kind': { in: ['roles', 'person', 'policy', 'none'] } } }] }),
  never('no-emergency', '16', { zh: '没有未经授权的紧急调阅', en: 'There is no access without authorisation' }, ['emergency']),
  never('floor', '17', { zh: '三十日内任何人不得删除', en: 'Nobody erases within thirty days' }, ['erase'], { 'footage.ageDays': { lte: 29 } }),
  never('no-erasing-by-hand', '23(5)', { zh: '任何人员不得删除', en: 'No person erases' }, ['erase'], { 'actor.kind': { in: ['person', 'anonymous'] } }),
  never('held', '17', { zh: '保全的录像不得删除', en: 'What is held stays' }, ['erase'], { 'footage.held': true }),
  promised('duty-to-delete', '17', { zh: '到期且未保全的录像系统总能删除', en: 'The system can always delete what is old and not held' }, ['erase'], { all: [{ 'actor.kind': 'system' }, { 'footage.ageDays': { gte: 30 } }, { 'footage.held': false }] }),
  promised('concerned-may-ask', '21', { zh: '当事人总能提出申请', en: 'The person concerned can always ask' }, ['request'], { all: [individual, { 'actor.suspended': false }] }),
  promised('anybody-signs-in', '16', { zh: '任何人都可以登录', en: 'Anybody may sign in' }, ['sign-in']),
];
