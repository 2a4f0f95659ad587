import type { Denial, Missing } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { missingOf, reasonsOf, wayForward } from '../web/denial/way-forward.ts';
import { draftFromQuery, draftFromRequest, draftIssues, formAddress, toPreviewInput, toRequestInput, type RequestDraft } from '../web/requests/request-draft.ts';
import { requestWith } from './mock/mock-requests.ts';

const denial = (article: string, ...missing: Missing[]): Denial => ({ rule: `a${article}`, article, text: { zh: article, en: article }, missing });
const base = { code: 'PERMISSION_DENIED', status: 403, text: { zh: '', en: '' } };
const approval: Missing = { kind: 'approval', unit: 'section' };
const asked = { cameras: ['library', 'east-gate'], fromMs: 1000, toMs: 601_000, actions: ['playback'] };

describe('the way forward from a denial', () => {
  it('leads to the request form, filled with what was refused', () => {
    const next = wayForward({ ...base, denials: [denial('10', approval)], next: { operation: 'request.submit', input: asked } }, ['request']);
    expect(next).toEqual({ kind: 'request', address: '/requests/new?cameras=library,east-gate&from=1000&to=601000&actions=playback' });
  });

  it('leads to duty where duty is missing and the person may begin it', () => {
    const problem = { ...base, denials: [denial('9(3)', { kind: 'duty' }), denial('10', approval)], next: { operation: 'duty.begin' as const } };
    expect(wayForward(problem, ['duty', 'request'])).toEqual({ kind: 'begin-duty' });
    expect(wayForward(problem, ['request'])).toEqual({ kind: 'none' });
  });

  it('leads to sign-in before anything else', () => {
    expect(wayForward({ ...base, denials: [denial('9(3)', { kind: 'sign-in' })] }, [])).toEqual({ kind: 'sign-in' });
  });

  it('leads to a fresh proof, or to presence, where nothing else is missing', () => {
    const stepUp: Missing = { kind: 'step-up' };
    const presence: Missing = { kind: 'presence', count: 1 };
    expect(wayForward({ ...base, denials: [denial('9', stepUp)] }, [])).toEqual({ kind: 'step-up' });
    expect(wayForward({ ...base, denials: [denial('13(1)', presence), denial('9', stepUp)] }, [])).toEqual({ kind: 'presence' });
    expect(wayForward({ ...base, denials: [denial('13(1)', presence), denial('10', approval)], next: { operation: 'request.submit', input: asked } }, [])).toMatchObject({ kind: 'request' });
    expect(wayForward({ ...base, denials: [denial('9', stepUp), denial('14')] }, [])).toEqual({ kind: 'none' });
  });

  it('leads nowhere for an individual', () => {
    expect(wayForward({ ...base, denials: [denial('14')] }, ['sign-in'])).toEqual({ kind: 'none' });
  });

  it('lists what is missing once, approvals first', () => {
    expect(missingOf([denial('9', { kind: 'duty' }), denial('10', approval), denial('10', approval)])).toEqual([approval, { kind: 'duty' }]);
  });

  it('says each reason once, those that can be helped first', () => {
    expect(reasonsOf([denial('14'), denial('10', approval), denial('10', approval)]).map(({ article }) => article)).toEqual(['10', '14']);
  });
});

describe('the request form', () => {
  const address = formAddress(asked);
  const draft = draftFromQuery(new URLSearchParams(address.split('?')[1]));
  const complete: RequestDraft = { ...draft, purpose: 'incident', reason: ' 书包 ' };

  it('reads from its address what the denial put there', () => {
    expect(draft).toMatchObject({ cameras: asked.cameras, fromMs: 1000, toMs: 601_000, actions: ['playback'], purpose: undefined, reason: '' });
  });

  it('takes nothing from an address that makes no sense', () => {
    expect(draftFromQuery(new URLSearchParams('cameras=,&from=soon&to=-4&actions=playback,review,destroy'))).toMatchObject({ cameras: [], fromMs: undefined, toMs: undefined, actions: ['playback'] });
  });

  it('names what is still missing, in the order of the form', () => {
    expect(draftIssues(draftFromQuery(new URLSearchParams()))).toEqual(['cameras', 'range', 'actions', 'purpose', 'reason']);
    expect(draftIssues({ ...complete, fromMs: 5, toMs: 5 })).toEqual(['rangeOrder']);
    expect(draftIssues(complete)).toEqual([]);
  });

  it('wants a destination for a copy (article 11), and sends one for nothing else', () => {
    expect(draftIssues({ ...complete, actions: ['copy'] })).toEqual(['destination']);
    expect(toRequestInput({ ...complete, actions: ['copy'], destination: ' 派出所 ' })).toMatchObject({ destination: '派出所' });
    expect(toRequestInput({ ...complete, destination: 'left over' })).not.toHaveProperty('destination');
  });

  it('begins with what a request asks for when it is amended', () => {
    const request = requestWith({ id: 'r', requester: 'operator', scope: { cameras: ['a'], range: { fromMs: 1, toMs: 2 }, actions: ['playback', 'copy'], purpose: 'case' }, reason: '案情', destination: '派出所', caseNumber: '17', companions: ['b'], createdMs: 0 });
    expect(toRequestInput(draftFromRequest(request))).toEqual({ cameras: ['a'], fromMs: 1, toMs: 2, actions: ['playback', 'copy'], purpose: 'case', reason: '案情', destination: '派出所', caseNumber: '17', companions: ['b'] });
  });

  it('is previewed as soon as it says what, where and when', () => {
    expect(toPreviewInput(draft)).toMatchObject({ cameras: asked.cameras, reason: '' });
    expect(toPreviewInput({ ...draft, actions: ['copy'] })).not.toHaveProperty('destination');
    expect(toPreviewInput({ ...draft, cameras: [] })).toBeUndefined();
    expect(toPreviewInput({ ...draft, toMs: 0 })).toBeUndefined();
  });

  it('sends what was written, trimmed, without empty fields', () => {
    expect(toRequestInput(complete)).toEqual({ ...asked, purpose: 'incident', reason: '书包' });
    expect(toRequestInput({ ...complete, caseNumber: ' 17 ' })).toHaveProperty('caseNumber', '17');
    expect(() => toRequestInput(draft)).toThrow(/purpose, reason/);
  });
});
