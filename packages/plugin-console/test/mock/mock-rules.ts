// People, workstations and rules of the mock server.
import type { ConditionTrace, RuleTrace } from '@wanglou/core';
import type { PackProposal, PackSummary, PersonRecord, PolicyTrace, ReachAnswer, Workstation, RuleWords } from '@wanglou/plugin-access/contract';
import { cameraList, campus, people } from './mock-data.ts';

/** People as those see them who run the campus; 40 guards make a long list. */
export function personRecords(nowMs: number): PersonRecord[] {
  const guards = Array.from({ length: 40 }, (_, index) => ({ id: `guard-${index + 1}`, name: `队员${index + 1}`, unit: 'guard-team', roles: index % 3 === 0 ? ['operator'] : [], standing: 'staff' as const }));
  return [...people, ...guards].map((person, index) => ({
    ...person,
    active: index % 9 !== 8,
    qualifications: { ...(index % 4 !== 3 && { post: nowMs + (index % 5 === 0 ? 10 : 200) * 86_400_000 }), ...(index % 6 !== 5 && { confidentiality: nowMs - (index % 7 === 6 ? 5 : -300) * 86_400_000 }) },
    hasPassword: true,
    mustChangePassword: person.id === 'newcomer',
    hasTotp: person.id === 'administrator',
    onDuty: person.id === 'operator',
    suspended: person.id === 'guard-4',
  }));
}

/** Three workstations: known by address, by nothing yet, and removed. */
export function workstations(nowMs: number): Workstation[] {
  return [
    { id: 'room-1', name: '监控室 1 号席', addresses: ['10.20.0.11', '10.20.0.12'], certificateSha256: 'c4'.repeat(32), enrolled: true },
    { id: 'section-1', name: '治安科办公室', addresses: [], enrolled: false },
    { id: 'old-1', name: '旧监控室', addresses: ['10.20.0.9'], enrolled: false, removedMs: nowMs - 86_400_000 },
  ];
}

const duty: ConditionTrace = { kind: 'test', answer: 'no', test: { path: 'actor.onDuty', operator: 'eq', operand: true }, value: false };
const operatorRole: ConditionTrace = { kind: 'test', answer: 'yes', test: { path: 'actor.roles', operator: 'hasAny', operand: ['operator'] }, value: ['operator'] };
const consent: ConditionTrace = { kind: 'test', answer: 'unknown', test: { path: 'grant.approvals', operator: 'has', operand: 'section' } };

/** A decision taken apart. */
export function policyTrace(operation: string): PolicyTrace {
  const rules: RuleTrace[] = [
    { rule: 'a10-playback', article: '10', text: { zh: '回放须经治安科同意', en: 'Playback needs the consent of the Security Section' }, effect: 'forbid', speaks: true, unless: consent },
    { rule: 'a9.3-duty', article: '9(3)', text: { zh: '监控操作人员须在班才能观看', en: 'Control-room staff may watch only while on duty' }, effect: 'forbid', speaks: true, when: operatorRole, unless: duty },
    { rule: 'a14', article: '14', text: { zh: '系统和资料不对个人开放', en: 'The system and its footage are not open to individuals' }, effect: 'forbid', speaks: false, when: { kind: 'all', answer: 'no', parts: [operatorRole, { kind: 'not', answer: 'no', parts: [operatorRole] }] } },
    { rule: 'p10', article: '10', text: { zh: '有覆盖的授权即可回放', en: 'A grant that covers it permits playback' }, effect: 'permit', speaks: false, when: { kind: 'any', answer: 'unknown', parts: [consent, duty] } },
  ];
  return {
    operation,
    action: 'playback',
    decision: { effect: 'deny', permits: [], denials: rules.slice(0, 2).map(({ rule, article, text }, index) => ({ rule, article, text, missing: index === 0 ? [{ kind: 'approval', unit: 'section' }] : [{ kind: 'duty' }] })), articles: ['10', '9(3)'], pack: 'upc-2013@1', packSha256: campus.pack.sha256, facts: {} },
    rules,
    facts: [
      { path: 'actor.onDuty', text: { zh: '在班', en: 'On duty' } },
      { path: 'actor.roles', text: { zh: '岗位角色（含受托）', en: 'Roles, with those lent to them' } },
      { path: 'grant.approvals', text: { zh: '已同意的部门', en: 'Units that approved' } },
    ],
  };
}

const answers: readonly ReachAnswer[] = [
  { reach: 'ready', articles: ['6', '9(3)'], missing: [{ kind: 'duty' }] },
  { reach: 'no', articles: ['10'], missing: [{ kind: 'approval', unit: 'section' }] },
  { reach: 'now', articles: ['10'], missing: [], grant: 'g3' },
  { reach: 'never', articles: ['14'], missing: [] },
];

/** Who may see a camera. */
export function whoMay(): { people: unknown[] } {
  return { people: people.map((person, index) => ({ ...answers[person.standing === 'individual' ? 3 : index % 3], person })) };
}

/** What a person may see. */
export function whatMay(id: string): unknown {
  const cameras = cameraList().map(({ info }) => info.id);
  const person = people.find((candidate) => candidate.id === id) ?? people[0];
  return { person, answers: [{ ...answers[0], action: 'live', cameras }, { ...answers[2], action: 'playback', cameras: cameras.slice(1, 2) }, { ...answers[1], action: 'playback', cameras: cameras.filter((_, index) => index !== 1) }, { ...answers[1], action: 'copy', cameras }] };
}

const pack = (version: string, sha256: string): PackSummary => ({ id: 'upc-2013', version, title: campus.pack.title, effective: '2013-11-13', sha256, rules: 41 });

const ruleWords: readonly RuleWords[] = [
  { id: 'a10-playback', article: '10', text: { zh: '回放须经治安科同意', en: 'Playback needs the consent of the Security Section' } },
  { id: 'p10-grant', article: '10', text: { zh: '持有有效授权的人员可在授权范围内调阅', en: 'Whoever holds a valid grant may see what it covers' } },
];

/** The rules with two proposals: one open, one settled. */
export function policy(nowMs: number, proposals: readonly PackProposal[]): unknown {
  return { inForce: pack('1', campus.pack.sha256), rules: ruleWords, configured: pack('2', '7e'.repeat(32)), proposals: proposals.length > 0 ? proposals : sampleProposals(nowMs), people };
}

/** Proposals to begin with. */
export function sampleProposals(nowMs: number): PackProposal[] {
  return [
    {
      id: 'p1',
      pack: pack('2', '7e'.repeat(32)),
      proposedBy: 'administrator',
      reason: '按新的培训安排，保密培训改为每年一次。',
      atMs: nowMs - 7_200_000,
      state: 'open',
      verdict: { ok: true, valuations: '2311680', problems: [] },
      differences: [{ action: 'playback', before: 'permit', after: 'deny', facts: { 'actor.confidentialityTrained': false, 'grant.approvals': ['section'] }, valuations: '18432' }],
    },
    { id: 'p0', pack: pack('1-draft', '1f'.repeat(32)), proposedBy: 'section-head', reason: '试行放宽外来调阅。', atMs: nowMs - 900_000_000, state: 'rejected', settledBy: 'office-head', settledMs: nowMs - 890_000_000, verdict: { ok: false, valuations: '2311680', problems: ['property a13-certificate does not hold: visit.certificate=false is permitted'] }, differences: [] },
  ];
}
