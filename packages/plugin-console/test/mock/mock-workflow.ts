// The approval workflow of the mock server: what the operations of access answer, with nothing kept but this process.
import type { AccessRequest, ApprovalStep, Grant } from '@wanglou/core';
import type { Presence } from '@wanglou/plugin-access/contract';
import { campus, people, registerRows, sessionOf } from './mock-data.ts';
import { grantWith, requestWith } from './mock-requests.ts';
import { personRecords, policy, policyTrace, sampleProposals, whatMay, whoMay, workstations } from './mock-rules.ts';
import { CodedAnswer, type Mock } from './mock-state.ts';

type Handler = (mock: Mock, input: any, nowMs: number) => unknown;

/** Steps that a request needs. */
export function stepsOf(actions: readonly ('live' | 'playback' | 'copy')[]): ApprovalStep[] {
  return [...new Set(actions.flatMap((action) => (campus.approvals[action] ?? []).map(({ unit }) => unit)))].map((unit) => ({ unit }));
}

const presence = (mock: Mock, id: string): Presence => {
  const request = mock.requests.find((candidate) => candidate.id === id);
  return { request: id, persons: (request?.visit?.visitors ?? []).map(({ id: visitor, name }) => ({ visitor, name, present: mock.present.has(visitor), ...(mock.present.has(visitor) && { sinceMs: Date.now() - 60_000 }) })), lapsesAfterMs: 30_000 };
};

function moved(mock: Mock, id: string): Presence {
  const answer = presence(mock, id);
  mock.send('presence', { request: id, holder: 'operator', present: [...mock.present] });
  for (const [lease, { camera }] of mock.leases) if (camera === 'dormitory-entrance') mock.send('lease-paused', { lease, paused: mock.present.size < 2 });
  return answer;
}

function submit(mock: Mock, input: any, nowMs: number): AccessRequest & { codes?: { visitor: string; code: string }[] } {
  const { cameras, fromMs, toMs, actions, purpose, visit, ...rest } = input;
  const visitors = visit?.visitors.map(({ name, idKind, idNumber }: { name: string; idKind: string; idNumber: string }, index: number) => ({ id: `v${index + 1}`, name, idKind, idLast4: idNumber.slice(-4) }));
  const request = requestWith({ ...rest, id: mock.id(), requester: mock.person!.id, scope: { cameras, range: { fromMs, toMs }, actions, purpose }, needs: stepsOf(actions), createdMs: nowMs, sha256: 'c'.repeat(64), ...(visit && { visit: { ...visit, visitors, documents: visit.documents.map((id: string) => ({ id, kind: 'work-id', sha256: 'd2'.repeat(32) })) } }) });
  mock.requests = [request, ...mock.requests];
  return visit ? { ...request, codes: visitors.map(({ id }: { id: string }, index: number) => ({ visitor: id, code: String(428_113 + index * 1937) })) } : request;
}

function change<T extends { readonly id: string }>(list: readonly T[], id: string, changes: Partial<T>): { list: T[]; changed: T } {
  const changed = { ...list.find((item) => item.id === id)!, ...changes };
  return { list: list.map((item) => (item.id === id ? changed : item)), changed };
}

function changeGrant(mock: Mock, id: string, changes: Partial<Grant>): Grant {
  const { list, changed } = change(mock.grants, id, changes);
  mock.grants = list;
  mock.cut(id);
  return changed;
}

const ownPeople = (mock: Mock) => people.filter(({ id }) => id !== mock.person?.id);

/** Answers by operation. */
export const workflow: Readonly<Record<string, Handler>> = {
  'session.options': () => ({ oidc: { name: { zh: '校园统一身份认证', en: 'Campus Identity' } } }),
  'session.step-up': (mock, { password }, nowMs) => {
    if (password === 'wrong') throw new CodedAnswer(401, 'SIGN_IN_FAILED', '账号或密码不正确', 'Wrong account or password');
    mock.provenMs = nowMs;
    return sessionOf(mock.person!, mock.onDuty, nowMs);
  },
  'account.change-password': (mock, _, nowMs) => {
    mock.changedPassword = true;
    return { ...sessionOf(mock.person!, mock.onDuty, nowMs), mustChangePassword: false };
  },
  'account.begin-totp': () => ({ secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', address: 'otpauth://totp/Wanglou:operator?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Wanglou' }),
  'account.confirm-totp': (mock, _, nowMs) => ({ ...sessionOf(mock.person!, mock.onDuty, nowMs), hasTotp: true }),
  'workstation.list': (_, __, nowMs) => ({ workstations: workstations(nowMs) }),
  'workstation.register': (_, input) => ({ enrolled: false, ...input }),
  'workstation.invite': (_, __, nowMs) => ({ code: 'K7QF-2M9X', expiresMs: nowMs + 600_000 }),
  'workstation.remove': (_, { workstation }, nowMs) => ({ ...workstations(nowMs).find(({ id }) => id === workstation)!, removedMs: nowMs }),
  'workstation.enrol': () => ({ workstation: 'section-1' }),
  'workstation.challenge': () => ({ nonce: 'n'.repeat(32) }),
  'workstation.prove': (mock, _, nowMs) => sessionOf(mock.person!, mock.onDuty, nowMs),
  'person.list': (mock, { unit, search, limit = 100, offset = 0 }, nowMs) => {
    const all = mock.mode === 'empty' ? [] : personRecords(nowMs).filter((person) => (!unit || person.unit === unit) && (!search || `${person.id} ${person.name}`.includes(search)));
    return { people: all.slice(offset, offset + limit), total: all.length };
  },
  'person.create': (_, input, nowMs) => ({ ...personRecords(nowMs)[0]!, ...input, roles: [], qualifications: {} }),
  'person.update': (_, { person }, nowMs) => personRecords(nowMs).find(({ id }) => id === person),
  'person.assign-roles': (_, { person }, nowMs) => personRecords(nowMs).find(({ id }) => id === person),
  'person.qualify': (_, { person }, nowMs) => personRecords(nowMs).find(({ id }) => id === person),
  'person.set-active': (_, { person }, nowMs) => personRecords(nowMs).find(({ id }) => id === person),
  'person.reset-credentials': (_, { person }, nowMs) => personRecords(nowMs).find(({ id }) => id === person),
  'delegation.list': (mock, _, nowMs) => ({ delegations: mock.mode === 'empty' ? [] : [{ id: 'x1', from: 'office-head', to: 'section-head', role: 'office-head', fromMs: nowMs - 86_400_000, toMs: nowMs + 3 * 86_400_000, reason: '外出参加会议' }], people: ownPeople(mock) }),
  'delegation.create': (mock, input) => ({ id: mock.id(), from: mock.person!.id, ...input }),
  'delegation.revoke': (_, { delegation }, nowMs) => ({ id: delegation, from: 'office-head', to: 'section-head', role: 'office-head', fromMs: 0, toMs: nowMs, reason: '', revokedMs: nowMs }),
  'request.preview': (mock, { actions, visit }) => ({
    possible: true,
    denials: [],
    missing: visit && visit.visitors.length < 2 ? [{ kind: 'companion', count: 2 - visit.visitors.length }] : [],
    problems: [],
    needs: stepsOf(actions).map((step) => ({ ...step, people: ownPeople(mock).filter(({ unit, roles }) => unit === step.unit && roles.length > 0) })),
    longestUseMinutes: 1440,
    longestBeginHours: 72,
    answerWithinMs: 3 * 86_400_000,
  }),
  'request.submit': submit,
  'request.amend': (mock, { request, cameras, fromMs, toMs, actions, purpose, ...rest }) => {
    const { list, changed } = change(mock.requests, request, { ...rest, scope: { cameras, range: { fromMs, toMs }, actions, purpose }, needs: stepsOf(actions), reviews: [], sha256: 'e'.repeat(64) });
    mock.requests = list;
    return changed;
  },
  'request.extend': (mock, { grant, reason }, nowMs) => {
    const old = mock.grants.find(({ id }) => id === grant)!;
    const request = requestWith({ id: mock.id(), requester: old.holder, scope: old.scope, reason, extends: grant, createdMs: nowMs });
    mock.requests = [request, ...mock.requests];
    return request;
  },
  'request.withdraw': (mock, { request }) => {
    const { list, changed } = change(mock.requests, request, { state: 'withdrawn' });
    mock.requests = list;
    return changed;
  },
  'request.read': (mock, { request: id }) => {
    const request = mock.requests.find((candidate) => candidate.id === id);
    if (!request) throw new CodedAnswer(404, 'REQUEST_UNKNOWN', '没有这份申请', 'There is no such request');
    return { request, grant: mock.grants.find((grant) => grant.request === id), people };
  },
  'request.list-mine': (mock) => ({ requests: mock.requests.filter(({ requester }) => requester === mock.person?.id), grants: mock.grants.filter(({ holder }) => holder === mock.person?.id) }),
  'request.list-inbox': (mock) => ({ requests: mock.requests.filter(({ needs }) => needs.some(({ unit }) => [mock.person?.unit, 'office'].includes(unit))), grants: mock.grants, people, recent: mock.requests }),
  'request.approve': (mock, { request, minutes }) => mock.judge(request, 'approve', minutes, ''),
  'request.deny': (mock, { request, reason }) => mock.judge(request, 'deny', 0, reason).request,
  'grant.revoke': (mock, { grant }, nowMs) => changeGrant(mock, grant, { revokedMs: nowMs, revokedBy: mock.person!.id }),
  'grant.end': (mock, { grant }, nowMs) => changeGrant(mock, grant, { endedMs: nowMs }),
  'document.store': (mock, { kind }) => ({ id: mock.id(), kind, sha256: 'd3'.repeat(32) }),
  'document.read': () => ({ mediaType: 'image/png', base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==' }),
  'presence.read': (mock, { request }) => presence(mock, request),
  'presence.keep': (mock, { request }) => presence(mock, request),
  'presence.confirm': (mock, { request, visitor, code }) => {
    if (code === '000000') throw new CodedAnswer(401, 'PRESENCE_CODE_WRONG', '在场码不正确', 'The code is wrong');
    mock.present.add(visitor);
    return moved(mock, request);
  },
  'presence.leave': (mock, { request, visitor }) => {
    mock.present.delete(visitor);
    return moved(mock, request);
  },
  'emergency.begin': (mock, { cameras, kind, reason }, nowMs) => {
    const grant = grantWith({ id: mock.id(), holder: mock.person!.id, scope: { cameras, range: { fromMs: nowMs - 3_600_000, toMs: nowMs + 1_800_000 }, actions: ['live', 'playback'], purpose: 'incident' }, approvals: [], startsMs: nowMs, begunMs: nowMs, useMs: 1_800_000, endsMs: nowMs + 1_800_000, emergency: { kind, reason, reviewByMs: nowMs + 86_400_000, reviewers: 2, reviews: [] } });
    mock.grants = [grant, ...mock.grants];
    mock.send('grant', grant);
    mock.send('emergency', grant);
    return grant;
  },
  'emergency.list': (mock) => ({ grants: mock.grants.filter(({ emergency }) => emergency), people }),
  'emergency.review': (mock, { grant: id, verdict, reason }, nowMs) => {
    const grant = mock.grants.find((candidate) => candidate.id === id)!;
    const { list, changed } = change(mock.grants, id, { emergency: { ...grant.emergency!, reviews: [...grant.emergency!.reviews, { reviewer: mock.person!.id, verdict, reason, atMs: nowMs }] } });
    mock.grants = list;
    return changed;
  },
  'register.list': (mock, { beforeSeq, limit, effect, action }, nowMs) => ({ rows: mock.mode === 'empty' || beforeSeq !== undefined ? [] : registerRows(Math.min(limit, 60), nowMs).filter((row) => (!effect || row.effect === effect) && (!action || row.action === action)) }),
  'register.export': () => ({ csv: '\uFEFF序号\r\n4200\r\n', rows: 60, sha256: '4d'.repeat(32), truncated: false }),
  'policy.explain': (_, { operation }) => policyTrace(operation),
  'policy.explain-person': (_, { operation }) => policyTrace(operation),
  'policy.who-may': whoMay,
  'policy.what-may': (_, { person }) => whatMay(person),
  'policy.read': (mock, _, nowMs) => policy(nowMs, mock.proposals),
  'policy.propose': (_, __, nowMs) => sampleProposals(nowMs)[0],
  'policy.approve': (mock, { proposal }, nowMs) => settle(mock, proposal, 'approved', nowMs),
  'policy.reject': (mock, { proposal }, nowMs) => settle(mock, proposal, 'rejected', nowMs),
};

function settle(mock: Mock, id: string, state: 'approved' | 'rejected', nowMs: number): unknown {
  const all = mock.proposals.length > 0 ? mock.proposals : sampleProposals(nowMs);
  mock.proposals = all.map((proposal) => (proposal.id === id ? { ...proposal, state, settledBy: mock.person!.id, settledMs: nowMs } : proposal));
  return mock.proposals.find((proposal) => proposal.id === id);
}
