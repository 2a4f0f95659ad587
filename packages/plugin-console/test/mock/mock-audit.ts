// The audit log of the mock server: entries that belong to the lines of its register, a state with a gap and a late witness.
import type { AuditEntry, AuditRecord, Checkpoint, Receipt } from '@wanglou/core';
import type { AuditFilters, AuditStatus } from '@wanglou/plugin-audit/contract';
import { campus, registerRows } from './mock-data.ts';
import type { Mock } from './mock-state.ts';

const logSize = 4211;
const origin = 'wanglou/5f0c2ab9e1d47736';
const root = 'n9jQ2kq0vXc1mE5pR7sT8uVwXyZaBcDeFgHiJkLmNoA=';

/** Entries, newest first: for each line of the register its decision, its outcome and the end of its lease; heartbeats where there are none. */
export function auditRecords(lines: number, nowMs: number): AuditRecord[] {
  const heartbeat = (seq: number, atMs: number): readonly [number, AuditEntry] => [seq, { kind: 'audit.heartbeat', atMs, principal: { kind: 'plugin', id: 'audit' }, open: { size: seq } }];
  const entries = registerRows(lines, nowMs).flatMap((row, index): (readonly [number, AuditEntry])[] => {
    const erased = index === 9;
    const principal = { kind: 'person', id: erased ? 'erased-5b1e0c77a2d4' : row.personName === '治安科长' ? 'section-head' : row.person, ...(!erased && { session: 's-1', address: '10.8.0.14' }) } as const;
    const base = { principal, call: `call-${row.seq}`, operation: row.operation, action: row.action };
    const resource = { cameras: row.cameras, ...(row.fromMs !== undefined && { range: { fromMs: row.fromMs, toMs: row.toMs! } }), ...(row.destination !== undefined && !erased && { destination: row.destination }) };
    const denied = row.effect === 'deny';
    const decision = { effect: row.effect, permits: denied ? [] : ['p10-grant'], denials: denied ? [{ rule: 'a10-playback', article: '10' }] : [], articles: row.articles, pack: 'upc-2013@1', packSha256: campus.pack.sha256, facts: { 'actor.kind': 'person', 'actor.onDuty': row.action === 'live', ...(row.purpose && { 'grant.purpose': row.purpose, 'grant.id': 'g4' }) } };
    const decided: AuditEntry = { ...base, kind: 'decision', atMs: row.atMs, resource, decision, ...(!erased && { input: { camera: row.cameras[0], caseNumber: row.caseNumber, reason: row.reason } }) };
    if (denied) return [heartbeat(row.seq + 2, row.atMs + 50_000), heartbeat(row.seq + 1, row.atMs + 20_000), [row.seq, decided]];
    const lasted = 60_000 + (index % 5) * 97_000;
    return [
      row.action === 'copy' ? heartbeat(row.seq + 2, row.atMs + 50_000) : [row.seq + 2, { ...base, kind: 'lease', atMs: row.atMs + lasted, resource, outcome: index % 3 === 0 ? 'expired' : 'released', detail: { lease: `l-${row.seq}` } }],
      [row.seq + 1, { ...base, kind: 'outcome', atMs: row.atMs + 40, outcome: 'done', detail: { leases: [{ id: `l-${row.seq}`, expiresMs: row.atMs + 3_600_000 }] } }],
      [row.seq, decided],
    ];
  });
  const newest = Array.from({ length: 8 }, (_, index) => heartbeat(logSize - 1 - index, nowMs - index * 60_000));
  return [...newest, ...entries].map(([seq, entry], index) => ({
    seq,
    entry,
    hash: (BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc834n).toString(16).padStart(64, '3').slice(-64),
    ...(entry.principal.id.startsWith('erased-') && { erased: true as const }),
  }));
}

function matches({ entry: { principal, resource, operation, action, kind, decision, call, atMs, input } }: AuditRecord, wanted: AuditFilters): boolean {
  const found: Readonly<Record<string, unknown>> = { person: principal.id, operation, action, kind, call, effect: decision?.effect, caseNumber: (input as { caseNumber?: string } | undefined)?.caseNumber };
  return Object.entries(wanted).every(([name, value]) => value === undefined || !(name in found) || found[name] === value) && (!wanted.camera || resource?.cameras?.includes(wanted.camera) === true) && atMs >= (wanted.fromMs ?? 0) && atMs < (wanted.toMs ?? Number.MAX_SAFE_INTEGER);
}

const checkpoint = (atMs: number): Checkpoint => ({ size: logSize, root, atMs: atMs - 4000, note: `${origin}\n${logSize}\n${root}\n\n— ${origin} c2ln\n`, cosigned: ['archive', 'office'], isWitnessed: true });

function status(mock: Mock, nowMs: number): AuditStatus {
  const isLate = mock.auditState === 'late';
  return {
    origin,
    vkey: `${origin}+1a2b3c4d+AZ2rLq0Yb`,
    size: logSize,
    checkpoint: checkpoint(nowMs),
    witnessed: checkpoint(nowMs),
    lagMs: isLate ? 412_000 : 0,
    witnesses: [
      { name: 'archive', size: logSize, atMs: nowMs - 4000 },
      { name: 'office', size: isLate ? 4020 : logSize, atMs: nowMs - (isLate ? 412_000 : 4000), ...(isLate && { problem: { zh: '无法连接：ECONNREFUSED', en: 'it cannot be reached: ECONNREFUSED' } }) },
    ],
    hasQuorum: true,
    minimumIndex: 0,
    gaps: mock.mode === 'empty' ? [] : [{ fromMs: nowMs - 7 * 3_600_000, toMs: nowMs - 7 * 3_600_000 + 1_380_000 }],
    stamp: { size: 4100, atMs: nowMs - 5 * 3_600_000 },
    reconciled: { fromMs: nowMs - 86_400_000, toMs: nowMs, served: 212, unmatched: isLate ? [{ lease: 'Zk3v', person: 'operator', firstMs: nowMs - 3_000_000, reason: 'unknown' }] : [] },
  };
}

/** A file in the form of a receipt; nothing of it would verify. */
function receipt({ seq, entry }: AuditRecord, nowMs: number): Receipt {
  const { principal, input, detail, resource: { destination, ...resource } = {}, ...open } = entry;
  const leaf = JSON.stringify({ ...open, resource, principal: { kind: 'person', pseudonym: 'ab'.repeat(32) }, v: 1 });
  const extra = Buffer.from(JSON.stringify({ entry: leaf, private: JSON.stringify({ principal, input, detail, destination }) })).toString('base64');
  return { seq, code: `${seq}-7Q2K-9F3M-4XB1-C0DE`, text: `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${seq}\n\n${checkpoint(nowMs).note}`, checkpoint: checkpoint(nowMs) };
}

type Handler = (mock: Mock, input: any, nowMs: number) => unknown;

/** Answers by operation. */
export const auditWorkflow: Readonly<Record<string, Handler>> = {
  'audit.list': (mock, { beforeSeq = Number.MAX_SAFE_INTEGER, limit = 100, ...wanted }, nowMs) => ({ records: mock.mode === 'empty' ? [] : auditRecords(180, nowMs).filter((record) => record.seq < beforeSeq && matches(record, wanted)).slice(0, limit) }),
  'audit.verify': (mock, _, nowMs) => ({ size: logSize, root, checkpoint: checkpoint(nowMs), ...(mock.auditState === 'broken' ? { ok: false, broken: { seq: 4188, reason: { zh: '条目与其叶哈希不符', en: 'the entry is not the one whose hash is in the tree' } } } : { ok: true }) }),
  'audit.checkpoint': (_, __, nowMs) => ({ checkpoint: checkpoint(nowMs), origin, vkey: `${origin}+1a2b3c4d+AZ2rLq0Yb` }),
  'audit.status': (mock, _, nowMs) => status(mock, nowMs),
  'audit.receipt': (_, { seq, call }, nowMs) => receipt(auditRecords(180, nowMs).find((record) => (seq === undefined ? record.entry.call === call : record.seq === seq)) ?? auditRecords(3, nowMs).at(-1)!, nowMs),
  'audit.reconcile': (_, { fromMs, toMs }) => ({ fromMs, toMs, served: 212, unmatched: [] }),
  'audit.open': (mock, _, nowMs) => ({ lease: mock.id(), path: 'checkpoint', expiresMs: nowMs + 3_600_000 }),
  'audit.export': (mock, _, nowMs) => ({ lease: mock.id(), path: 'audit.ocsf.jsonl', expiresMs: nowMs + 3_600_000 }),
};
