import type { DocumentRef } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { countPresence, isAnybodyHere, isComplete as everybodyHere } from '../web/presence/presence-count.ts';
import { visitRequestOf } from '../web/presence/visit-request.ts';
import { draftFromQuery } from '../web/requests/request-draft.ts';
import { readScan } from '../web/visits/read-scan.ts';
import { emptyVisit, isExempt, maskedNumber, stepIssues, toVisitInput, toVisitPreview, type VisitDraft } from '../web/visits/visit-draft.ts';
import { sampleRequests } from './mock/mock-requests.ts';

const certificate: DocumentRef = { id: 'd1', kind: 'certificate', sha256: 'a'.repeat(64) };
const footage = { ...draftFromQuery(new URLSearchParams('cameras=a&from=1&to=2&actions=playback')), purpose: 'case' as const, reason: '案情' };
const complete: VisitDraft = {
  ...emptyVisit(footage),
  organisation: ' 某局 ',
  visitors: [
    { name: '甲', idKind: 'work', idNumber: 'AB1234' },
    { name: '乙', idKind: 'work', idNumber: 'AB1235 ' },
  ],
  documents: [certificate],
  termsAccepted: true,
};

describe('an outside visit', () => {
  it('begins with places for two persons, and names everything that article 13 asks for', () => {
    expect(emptyVisit(draftFromQuery(new URLSearchParams())).visitors).toHaveLength(2);
    expect(stepIssues(emptyVisit(draftFromQuery(new URLSearchParams())), 'review')).toEqual(['organisation', 'visitor', 'certificate', 'footage', 'terms']);
    expect(stepIssues(complete, 'review')).toEqual([]);
  });

  it('needs two different persons with numbers that have the form of one', () => {
    const [first, second] = complete.visitors as [VisitDraft['visitors'][0], VisitDraft['visitors'][0]];
    expect(stepIssues({ ...complete, visitors: [first] }, 'visitors')).toEqual(['few']);
    expect(stepIssues({ ...complete, visitors: [first, { ...second, idNumber: '12' }] }, 'visitors')).toEqual(['visitor']);
    expect(stepIssues({ ...complete, visitors: [first, { ...second, idNumber: 'ab1234' }] }, 'visitors')).toEqual(['twice']);
  });

  it('needs no certificate of police or state security that name a case, and of nobody else', () => {
    const bare = { ...complete, documents: [] };
    const onCase = { ...footage, caseNumber: '2026-17' };
    expect(stepIssues(bare, 'papers')).toEqual(['certificate']);
    expect(stepIssues({ ...bare, body: 'police' }, 'papers')).toEqual(['certificate']);
    expect(stepIssues({ ...bare, body: 'police', request: onCase }, 'papers')).toEqual([]);
    expect(isExempt({ body: 'state-security', request: onCase })).toBe(true);
    expect(isExempt({ body: 'department', request: onCase })).toBe(false);
  });

  it('is sent trimmed, with the ids of its papers', () => {
    expect(toVisitInput(complete)).toMatchObject({ cameras: ['a'], purpose: 'case', visit: { organisation: '某局', body: 'department', documents: ['d1'], termsAccepted: true, visitors: [{ idNumber: 'AB1234' }, { idNumber: 'AB1235' }] } });
  });

  it('is previewed with the visitors that are complete, once there is something to judge', () => {
    expect(toVisitPreview({ ...complete, visitors: [complete.visitors[0]!, { name: '', idKind: 'work', idNumber: '' }] })?.visit?.visitors).toHaveLength(1);
    expect(toVisitPreview({ ...complete, organisation: ' ' })).toBeUndefined();
    expect(toVisitPreview({ ...complete, request: { ...footage, cameras: [] } })).toBeUndefined();
  });

  it('shows the last four of a number alone', () => {
    expect(maskedNumber(' AB123456 ')).toBe('••••3456');
    expect(maskedNumber('123')).toBe('123');
  });
});

describe('a scan', () => {
  const file = (type: string, size: number) => ({ type, size, arrayBuffer: async () => new Uint8Array([1, 2, 3]).buffer });
  it('is a picture or a PDF of at most 4 MB, in base64', async () => {
    expect(await readScan(file('image/png', 3))).toEqual({ mediaType: 'image/png', base64: 'AQID' });
    expect(await readScan(file('text/html', 3))).toEqual({ issue: 'type' });
    expect(await readScan(file('application/pdf', 4 * 1024 * 1024 + 1))).toEqual({ issue: 'size' });
  });
});

describe('presence', () => {
  const persons = (...present: boolean[]) => ({ persons: present.map((here, index) => ({ visitor: `v${index}`, name: '', present: here })) });
  it('counts who is here', () => {
    expect(countPresence(persons(true, false, true))).toEqual({ here: 2, all: 3 });
    expect([isAnybodyHere(persons(false, false)), isAnybodyHere(persons(false, true))]).toEqual([false, true]);
    expect([everybodyHere(persons(true, false)), everybodyHere(persons(true, true))]).toEqual([false, true]);
  });

  it('belongs to the visit whose grant covers the act, or to the only one', () => {
    const nowMs = 1_790_000_000_000;
    const lists = sampleRequests(nowMs);
    expect(visitRequestOf(lists, { operation: 'recording.live', input: { camera: 'dormitory-entrance' } }, nowMs)).toBe('r5');
    expect(visitRequestOf(lists, undefined, nowMs)).toBe('r5');
    expect(visitRequestOf({ ...lists, grants: [] }, undefined, nowMs)).toBeUndefined();
    expect(visitRequestOf(lists, undefined, nowMs + 10 * 86_400_000)).toBeUndefined();
  });
});
