// Who watched a camera, put together from decisions, leases and lines of the register.
import type { AuditEntry, AuditRecord } from '@wanglou/core';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import { describe, expect, it } from 'vitest';
import { watchedBy } from '../web/audit/watched/watched-acts.ts';
import { lastDays, readWatched, watchedAddress } from '../web/audit/watched/watched-query.ts';

const always = { fromMs: 0, toMs: 1_000_000 };
const base = { principal: { kind: 'person', id: 'operator' }, call: 'c1' } as const;
const decided = (seq: number, changes: Partial<AuditEntry> = {}, effect: 'permit' | 'deny' = 'permit', facts = {}): AuditRecord => ({
  seq,
  hash: '',
  entry: { ...base, kind: 'decision', atMs: seq * 1000, action: 'playback', resource: { cameras: ['a'], range: { fromMs: 1, toMs: 2 } }, decision: { effect, permits: [], denials: effect === 'deny' ? [{ rule: 'r', article: '10' }, { rule: 's', article: '10' }] : [], articles: ['11'], pack: '', packSha256: '', facts }, ...changes },
});
const lease = (seq: number, outcome: string, call = 'c1'): AuditRecord => ({ seq, hash: '', entry: { ...base, call, kind: 'lease', atMs: seq * 1000, outcome, resource: { cameras: ['a'] } } });
const row = (seq: number, changes: Partial<RegisterRow> = {}): RegisterRow => ({ seq, atMs: 0, person: 'operator', personName: 'A', operation: '', action: 'playback', cameras: [], recordedBy: [], accompaniedBy: [], hashes: [], approvals: [], effect: 'permit', articles: [], ...changes });

describe('who watched', () => {
  it('is said by person, the newest first, with what the register knows', () => {
    const records = [decided(1), lease(31, 'released'), decided(40, { call: 'c2', principal: { kind: 'person', id: 'head' }, action: 'copy' })];
    const by = watchedBy(records, [row(1, { purpose: 'case', caseNumber: '7', accompaniedBy: ['B'] })], always);
    expect(by.map(({ person }) => person)).toEqual(['head', 'operator']);
    expect(by[1]).toMatchObject({ name: 'A', permitted: 1, refused: 0, openMs: 30_000, acts: [{ seq: 1, openMs: 30_000, end: 'released', purpose: 'case', caseNumber: '7', accompaniedBy: ['B'], footage: { fromMs: 1, toMs: 2 }, paused: false }] });
  });

  it('counts refused attempts with their articles, and no time for them', () => {
    const [group] = watchedBy([decided(1, {}, 'deny')], [], always);
    expect(group).toMatchObject({ permitted: 0, refused: 1, openMs: 0, acts: [{ effect: 'deny', articles: ['10'] }] });
    expect(group!.acts[0]).not.toHaveProperty('openMs');
  });

  it('takes the pauses out of the time', () => {
    const [group] = watchedBy([decided(10), lease(20, 'paused'), lease(50, 'resumed'), lease(60, 'paused'), lease(70, 'expired')], [], always);
    expect(group!.acts).toMatchObject([{ openMs: 20_000, paused: true, end: 'expired' }]);
  });

  it('says nothing of how long where no end stands in the log', () => {
    expect(watchedBy([decided(10), lease(20, 'paused')], [], always)[0]!.acts[0]).not.toHaveProperty('openMs');
  });

  it('counts an act once that was decided more than once, by its last decision', () => {
    const [group] = watchedBy([decided(12, {}, 'deny'), decided(10)], [], always);
    expect(group!.acts).toMatchObject([{ seq: 12, effect: 'deny' }]);
  });

  it('leaves out what shows no footage, and what was over before the range or began after it', () => {
    const records = [decided(1, { action: 'view' }), decided(2, { call: 'c2' }), lease(5, 'released', 'c2'), decided(9, { call: 'c3' }), lease(30, 'released', 'c3'), decided(50, { call: 'c4' })];
    expect(watchedBy(records, [], { fromMs: 20_000, toMs: 50_000 }).flatMap(({ acts }) => acts.map(({ seq }) => seq))).toEqual([9]);
  });

  it('knows live view by duty from live view under a grant', () => {
    const live = { action: 'live' } as const;
    const acts = watchedBy([decided(1, live), decided(2, { ...live, call: 'c2' }, 'permit', { 'grant.id': 'g' }), decided(3, { ...live, call: 'c3' }, 'deny')], [], always)[0]!.acts;
    expect(acts.map(({ byDuty }) => byDuty)).toEqual([false, false, true]);
  });

  it('keeps the acts of an erased person together', () => {
    const erased = { ...decided(1, { principal: { kind: 'person', id: 'erased-1' } }), erased: true as const };
    expect(watchedBy([erased], [], always)).toMatchObject([{ person: 'erased-1', erased: true }]);
  });
});

describe('the address of who watched', () => {
  it('holds camera and range, the last day unless said', () => {
    const read = (address: string) => readWatched(new URLSearchParams(address.split('?')[1]), 100 * 86_400_000 + 1);
    expect(read(watchedAddress('a b', { fromMs: 5, toMs: 9 }))).toEqual({ camera: 'a b', range: { fromMs: 5, toMs: 9 } });
    expect(read(watchedAddress('a')).range).toEqual({ fromMs: 99 * 86_400_000 + 60_000, toMs: 100 * 86_400_000 + 60_000 });
    expect(read('/audit/watched?from=9&to=5')).toEqual({ camera: undefined, range: lastDays(1, 100 * 86_400_000 + 1) });
  });
});
