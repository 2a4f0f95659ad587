// Served leases against the log: each reason, hour by hour, over restarts.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alarmRaised, definePlugin, objectSchema, servedLeaseSources, type AuditEntry, type Principal, type ServedLease } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAuditStatus, reconcileLeases } from '../src/contract.ts';
import { hourToCompare } from '../src/reconcile/hours.ts';
import { reconcile } from '../src/reconcile/reconcile.ts';
import { startAudit, type AuditCampus } from './harness.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const eight = Date.UTC(2026, 10, 23, 8);
const auditor: Principal = { kind: 'person', id: 'auditor' };
const holder: Principal = { kind: 'person', id: 'operator' };

describe('the comparison', () => {
  const log = { callOf: async (lease: string) => ({ good: 'c-good', deniedCall: 'c-denied', lateCall: 'c-late', atOnce: 'c-good' })[lease], permittedMs: async (call: string) => ({ 'c-good': 1000, 'c-late': 3000 })[call] };
  const served = (lease: string, firstMs = 2000): ServedLease => ({ lease, person: 'operator', kind: 'person', firstMs, lastMs: 9000, responses: 1, bytes: 1 });

  it('finds each reason, and nothing else', async () => {
    const found = await reconcile({ fromMs: 0, toMs: 10_000 }, [served('good'), served('strange'), served('deniedCall'), served('lateCall'), served('atOnce', 1000)], log);
    expect(found).toEqual({
      fromMs: 0,
      toMs: 10_000,
      served: 5,
      unmatched: [
        { lease: 'strange', person: 'operator', firstMs: 2000, reason: 'unknown' },
        { lease: 'deniedCall', person: 'operator', firstMs: 2000, reason: 'undecided' },
        { lease: 'lateCall', person: 'operator', firstMs: 2000, reason: 'late' },
      ],
    });
  });
});

describe('the hour that is compared', () => {
  const hour = (fromMs: number) => ({ fromMs, toMs: fromMs + hourMs });

  it('is the past one, from five minutes after its end on', () => {
    expect(hourToCompare(eight, eight + hourMs + 5 * minuteMs - 1)).toBeUndefined();
    expect(hourToCompare(eight, eight + hourMs + 5 * minuteMs)).toEqual(hour(eight));
    expect(hourToCompare(undefined, eight + 4 * minuteMs)).toEqual(hour(eight - 2 * hourMs));
    expect(hourToCompare(undefined, eight + 5 * minuteMs)).toEqual(hour(eight - hourMs));
  });

  it('follows the last one that was compared, at most seven days back', () => {
    expect(hourToCompare(eight - 3 * hourMs, eight + 5 * minuteMs)).toEqual(hour(eight - 3 * hourMs));
    expect(hourToCompare(eight - 30 * dayMs, eight + 5 * minuteMs)).toEqual(hour(eight - 7 * dayMs));
  });

  it('is none while the clock stands before the last one', () => {
    expect(hourToCompare(eight, eight - dayMs)).toBeUndefined();
  });

  it.each(['2026-03-29T00:00Z', '2026-10-25T00:00Z', '2026-03-08T00:00Z'])('covers every moment of a day once, also on a day when clocks are changed: %s', (day) => {
    const startMs = Date.parse(day);
    let doneMs = startMs;
    const seen: number[] = [];
    for (let nowMs = startMs; nowMs <= startMs + dayMs + 5 * minuteMs; nowMs += minuteMs) {
      const next = hourToCompare(doneMs, nowMs);
      if (!next) continue;
      seen.push(next.fromMs);
      doneMs = next.toMs;
    }
    expect(seen).toEqual(Array.from({ length: 24 }, (_, n) => startMs + n * hourMs));
  });
});

describe('the hourly comparison', () => {
  let folder: string;
  let served: ServedLease[];
  let asked: { fromMs: number; toMs: number }[];
  let alarms: unknown[];
  let failure: Error | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wanglou-reconcile-'));
    [served, asked, alarms, failure] = [[], [], [], undefined];
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A door that tells what the test wants. */
  const door = definePlugin({
    id: 'door',
    config: objectSchema({}),
    setup(ctx) {
      ctx.contribute(servedLeaseSources, {
        between: async (fromMs, toMs) => {
          asked.push({ fromMs, toMs });
          if (failure) throw failure;
          return served.filter((lease) => lease.firstMs < toMs && lease.lastMs >= fromMs);
        },
      });
      ctx.on(alarmRaised, (alarm) => void alarms.push(alarm));
    },
  });
  const start = async (startMs = eight, withDoor = true) => {
    const campus = await startAudit(folder, { startMs });
    if (withDoor) await campus.kernel.load([door()]);
    return campus;
  };
  const lease = (id: string, firstMs: number): ServedLease => ({ lease: id, person: holder.id, kind: 'person', firstMs, lastMs: firstMs + 1000, responses: 1, bytes: 10 });
  const entry = (kind: string, call: string, atMs: number, more: Partial<AuditEntry> = {}): AuditEntry => ({ kind, call, atMs, principal: holder, operation: 'recording.playback', action: 'playback', ...more });
  const decision = (call: string, atMs: number, effect: 'permit' | 'deny') => entry('decision', call, atMs, { decision: { effect, permits: [], denials: [], articles: [], pack: 'p', packSha256: '0', facts: {} } as never });
  const outcome = (call: string, atMs: number, id: string) => entry('outcome', call, atMs, { outcome: 'done', detail: { leases: [{ id, expiresMs: atMs + hourMs }] } });
  const reconciled = async ({ log }: AuditCampus) => (await log.query({ kind: 'audit.reconciled', limit: 100 })).map(({ entry: { open, detail } }) => ({ open, detail })).reverse();
  /** The clock jumps on and one minute passes; resolves when so many comparisons stand in the log. */
  const pass = async (campus: AuditCampus, ms: number, entries: number) => {
    campus.kernel.clock.jump(ms - minuteMs);
    await campus.kernel.clock.advance(minuteMs);
    await expect.poll(() => reconciled(campus), { timeout: 10_000 }).toHaveLength(entries);
  };

  it('says that all is well, and names each lease that the log does not account for, with an alarm', async () => {
    await using campus = await start();
    const { log, kernel } = campus;
    for (const one of [decision('c1', eight + 10, 'permit'), outcome('c1', eight + 20, 'l-good'), decision('c2', eight + 30, 'deny'), outcome('c2', eight + 31, 'l-denied'), outcome('c3', eight + 32, 'l-undecided'), decision('c4', eight + 9000, 'permit'), outcome('c4', eight + 9001, 'l-late')]) await log.append(one);
    served = [lease('l-good', eight + 21)];
    await pass(campus, hourMs + 5 * minuteMs, 1);
    expect(await reconciled(campus)).toEqual([{ open: { fromMs: eight, toMs: eight + hourMs, served: 1, unmatched: 0 }, detail: undefined }]);
    expect(alarms).toEqual([]);

    const firstMs = eight + hourMs + 1;
    served = [lease('l-good', firstMs), lease('l-bypass', firstMs), lease('l-denied', firstMs), lease('l-undecided', firstMs), lease('l-late', eight + 8999)].map((one) => ({ ...one, lastMs: firstMs }));
    await pass(campus, hourMs, 2);
    const unmatched = [
      { lease: 'l-bypass', person: holder.id, firstMs, reason: 'unknown' },
      { lease: 'l-denied', person: holder.id, firstMs, reason: 'undecided' },
      { lease: 'l-undecided', person: holder.id, firstMs, reason: 'undecided' },
      { lease: 'l-late', person: holder.id, firstMs: eight + 8999, reason: 'late' },
    ];
    expect((await reconciled(campus)).at(-1)).toEqual({ open: { fromMs: eight + hourMs, toMs: eight + 2 * hourMs, served: 5, unmatched: 4 }, detail: { unmatched } });
    await expect.poll(() => alarms).toMatchObject([{ source: 'audit:reconcile', priority: 'high' }]);
    expect((await kernel.call(readAuditStatus, {}, auditor)).reconciled).toEqual({ fromMs: eight + hourMs, toMs: eight + 2 * hourMs, served: 5, unmatched });
  });

  it('goes on after a restart where it had come to, and makes up for the hours without it', async () => {
    {
      await using campus = await start(eight + 10 * minuteMs);
      served = [lease('l-bypass', eight + 11 * minuteMs)];
      await pass(campus, hourMs, 1);
    }
    await using campus = await start(eight + 5 * hourMs + 30 * minuteMs);
    expect((await campus.kernel.call(readAuditStatus, {}, auditor)).reconciled).toMatchObject({ fromMs: eight, toMs: eight + hourMs, served: 1, unmatched: [{ lease: 'l-bypass', reason: 'unknown' }] });
    asked = [];
    await pass(campus, minuteMs, 5);
    expect(asked).toEqual([1, 2, 3, 4].map((n) => ({ fromMs: eight + n * hourMs, toMs: eight + (n + 1) * hourMs })));
    expect(alarms).toHaveLength(1);
  });

  it('waits for the ledger and for the spool, and does nothing on a campus where nobody serves', async () => {
    await using campus = await start(eight + 10 * minuteMs);
    const { clock } = campus.kernel;
    failure = new Error('the ledger is away');
    clock.jump(hourMs);
    await clock.advance(minuteMs);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(await reconciled(campus)).toEqual([]);
    failure = undefined;
    await pass(campus, minuteMs, 1);

    await campus.kernel.unload('door');
    asked = [];
    clock.jump(hourMs);
    await clock.advance(5 * minuteMs);
    expect(asked).toEqual([]);
    await expect(campus.kernel.call(reconcileLeases, { fromMs: eight, toMs: eight + 1 }, auditor)).rejects.toMatchObject({ code: 'AUDIT_SERVED_UNKNOWN' });
    expect(await reconciled(campus)).toHaveLength(1);
  });

  it('blames no lease whose entries are in the spool', async () => {
    await using campus = await start();
    await campus.log.append(decision('c1', eight + 1, 'permit'));
    await campus.log.spool(outcome('c1', eight + 2, 'l-1'));
    served = [lease('l-1', eight + 3)];
    expect(await campus.kernel.call(reconcileLeases, { fromMs: eight, toMs: eight + hourMs }, auditor)).toEqual({ fromMs: eight, toMs: eight + hourMs, served: 1, unmatched: [] });
    // A spool that cannot be taken over now.
    await mkdir(join(folder, 'audit-spool.taking.jsonl'));
    await campus.log.spool(outcome('c2', eight + 4, 'l-2'));
    await expect(campus.kernel.call(reconcileLeases, { fromMs: eight, toMs: eight + hourMs }, auditor)).rejects.toMatchObject({ code: 'AUDIT_SPOOL_WAITS' });
  });

  it('answers for a stretch of at most a day, and notes what it found', async () => {
    await using campus = await start();
    served = [lease('l-bypass', eight + 5)];
    expect(await campus.kernel.call(reconcileLeases, { fromMs: eight, toMs: eight + dayMs }, auditor)).toMatchObject({ served: 1, unmatched: [{ reason: 'unknown' }] });
    const [noted] = await campus.log.query({ operation: 'audit.reconcile', kind: 'outcome', limit: 1 });
    expect(noted?.entry.detail).toEqual({ served: 1, unmatched: 1 });
    await expect(campus.kernel.call(reconcileLeases, { fromMs: eight, toMs: eight + dayMs + 1 }, auditor)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
