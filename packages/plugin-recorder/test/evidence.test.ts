// Evidence packages: recorded from a source, sealed in a real audit log, copied under a lease, and judged by the verifier, which shares no code with any of it.
import { cp, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { auditService, campusService, definePlugin, exportFootage, objectSchema, storeService, type AuditLog, type ExportStatus, type FootageCopy, type Leases, type MediaResponse, type Principal, type TimeRange } from '@wanglou/core';
import { createTestClock, createTestKernel, fake, type TestClock, type TestKernel } from '@wanglou/core/testing';
import { audit } from '@wanglou/plugin-audit';
import { SqliteStore } from '@wanglou/store-sqlite';
import { createFolderEvidence, parseEvidence, parsePolicy, verifyEvidence, type Policy } from '@wanglou/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.ts';
import { Seals } from '../src/catalog/seals.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { missingFootage } from '../src/evidence/missing.ts';
import { recorder } from '../src/index.ts';
import type { SegmentRecord } from '../src/segment/segment-record.ts';
import { RtspSource } from './support/rtsp-source.ts';
import { startRecorder, until } from './support/running-recorder.ts';
import { unzip } from './support/unzip.ts';

const camera = 'east-gate';
const minuteMs = 60_000;
const officer: Principal = { kind: 'person', id: 'officer', session: 's-1' };

let folder = '';
let segments: readonly SegmentRecord[];
let clock: TestClock;
let campus: Campus;
/** Another destination is another order, and another package. */
let orders = 0;

interface Campus extends AsyncDisposable {
  readonly kernel: TestKernel;
  readonly log: AuditLog;
  readonly leases: Leases;
  readonly catalog: Catalog;
  readonly seals: Seals;
  readonly policy: Policy;
}

/** The audit log and the recorder over a folder of recordings; the clock is the test's. */
async function startCampus(): Promise<Campus> {
  const store = await SqliteStore.create(path.join(folder, 'state'));
  const kernel = await createTestKernel({ clock, fakes: [fake(storeService, store), fake(campusService, { read: () => ({ name: { zh: '青岛校区', en: 'Qingdao Campus' } }) as never })], ownAudit: true });
  let leases: Leases | undefined;
  const site = definePlugin({ id: 'site', config: objectSchema({}), setup: (ctx) => void (leases = ctx.leases) });
  await kernel.load([site(), audit({ path: path.join(folder, 'audit') }), recorder({ path: path.join(folder, 'recordings') })]);
  if (kernel.state('recorder') !== 'active') throw new Error(String(kernel.problems()[0] ?? kernel.errors[0]));
  const database = await store.open<RecorderTables>('recorder', recorderMigrations);
  const vkey = (await readFile(path.join(folder, 'audit', 'audit-mirror', 'log.vkey'), 'utf8')).trim();
  return {
    kernel,
    log: kernel.service(auditService)!,
    leases: leases!,
    catalog: new Catalog(database),
    seals: new Seals(database),
    policy: parsePolicy(`log ${vkey}\nquorum none\n`),
    async [Symbol.asyncDispose]() {
      await kernel[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

const sealEntries = async () => (await campus.log.query({ kind: 'recording.sealed', limit: 100 })).map(({ entry }) => entry.open).reverse();
const copy = (range: TimeRange, more: Partial<Parameters<typeof order>[0]> = {}): Promise<FootageCopy> => campus.kernel.call(exportFootage, order({ ...range, ...more }), officer);
const order = (more: TimeRange & { destination?: string; caseNumber?: string; visibleMark?: boolean; encrypt?: boolean; cameras?: string[] }) => ({ cameras: [camera], destination: `police ${(orders += 1)}`, ...more });
const fetchUnder = ({ lease }: FootageCopy, target: string, signal?: AbortSignal): Promise<MediaResponse> => campus.leases.serve(lease, officer, { path: target, query: {} }, signal);
async function ready(made: FootageCopy): Promise<ExportStatus> {
  let status: ExportStatus | undefined;
  await until(async () => (status = JSON.parse((await fetchUnder(made, 'status.json')).body as string) as ExportStatus).state !== 'preparing', 'the package', 30_000);
  return status!;
}

interface Package {
  readonly names: readonly string[];
  readonly folder: string;
  readonly list: ReturnType<typeof parseEvidence>;
}

async function open(made: FootageCopy): Promise<Package> {
  expect(await ready(made)).toMatchObject({ state: 'ready' });
  const response = await fetchUnder(made, made.path);
  const bytes = await buffer(response.body as AsyncIterable<Uint8Array>);
  expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/zip', 'content-length': String(bytes.length) } });
  const into = await mkdtemp(path.join(folder, 'package-'));
  return { names: await unzip(bytes, into), folder: into, list: parseEvidence(await readFile(path.join(into, 'evidence.json'))) };
}

const documents = ['README.txt', 'manifest.json', 'policy.txt', 'verify.html', 'evidence.json'];
const whole = () => ({ fromMs: segments[0]!.startMs, toMs: segments.at(-1)!.endMs });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-evidence-'));
  {
    await using source = await RtspSource.start({ rate: 100 });
    await using running = await startRecorder({ segmentMs: 1000 }, folder);
    running.recorder.add({ id: camera, url: source.url });
    await until(() => running.sealed.length >= 5, 'five closed files', 30_000);
    await running.recorder.close();
    segments = await running.catalog.segmentsBetween(camera, 0, Date.now() + 3_600_000);
  }
  clock = createTestClock(Math.ceil(segments.at(-1)!.endMs / minuteMs) * minuteMs + 20_000);
  campus = await startCampus();
  // What was recorded before the recorder stopped is in no seal yet.
  expect((await open(await copy(whole()))).list).toMatchObject({ files: [], missing: segments.map(({ startMs, endMs }) => ({ camera, fromMs: startMs, toMs: endMs, cause: 'not-sealed' })) });
  await clock.advance(40_000);
  await until(async () => (await campus.seals.placesOf(camera, 0, Number.MAX_SAFE_INTEGER)).length === segments.length, 'all files in a seal');
}, 60_000);

afterAll(async () => {
  await campus[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('a minute of footage', () => {
  it('is sealed at the full minute, and one without footage is not', async () => {
    const toMs = Math.floor(clock.now() / minuteMs) * minuteMs;
    expect(await sealEntries()).toEqual([{ fromMs: toMs - minuteMs, toMs, root: expect.stringMatching(/^[0-9a-f]{64}$/), segments: segments.length }]);
    await clock.advance(2 * minuteMs);
    expect(await sealEntries()).toHaveLength(1);
    const [record] = await campus.log.query({ kind: 'recording.sealed', limit: 1 });
    expect(record?.entry.principal).toEqual({ kind: 'plugin', id: 'recorder' });
  });
});

describe('an evidence package', () => {
  it('holds the original files, bit for bit, and is verified by their proofs and the receipts', async () => {
    const made = await copy(whole());
    const { names, folder: found, list } = await open(made);
    expect(names.filter((name) => !name.startsWith('films/'))).toEqual([...documents, ...segments.map((segment) => segment.path)]);
    for (const { path: name } of segments) expect((await readFile(path.join(found, name))).equals(await readFile(path.join(folder, 'recordings', name)))).toBe(true);
    const result = await verifyEvidence(createFolderEvidence(found), campus.policy);
    expect(result.problem).toBeUndefined();
    expect(result).toMatchObject({ ok: true, unlisted: [], missing: [] });
    expect(result.files).toHaveLength(segments.length);
    expect(result.receipts).toMatchObject([{ ok: true, entry: { kind: 'decision', operation: 'recording.export', decision: { effect: 'permit' } } }, { ok: true, entry: { kind: 'recording.exported', open: { export: made.export } } }]);
    expect(result.listed.every(({ ok }) => ok)).toBe(true);
    expect(list.seals).toHaveLength(1);
    // The register names every file that left.
    const [outcome] = await campus.log.query({ operation: 'recording.export', kind: 'outcome', limit: 1 });
    expect(outcome?.entry.detail).toMatchObject({ segments: list.files.map(({ segment }) => segment.sha256), leases: [{ id: made.lease }] });
  });

  it('holds no byte outside of the range that was granted, and names the rest', async () => {
    const [first, second, third] = segments;
    const range = { fromMs: first!.startMs + 1, toMs: third!.endMs + 1 };
    const { names, folder: found, list } = await open(await copy(range));
    expect(names.filter((name) => !name.startsWith('films/'))).toEqual([...documents, second!.path, third!.path]);
    expect(list.missing).toEqual([
      { camera, fromMs: range.fromMs, toMs: first!.endMs, cause: 'partial-segment' },
      ...(segments[3]!.startMs < range.toMs ? [{ camera, fromMs: segments[3]!.startMs, toMs: range.toMs, cause: 'partial-segment' }] : []),
    ]);
    expect(await verifyEvidence(createFolderEvidence(found), campus.policy)).toMatchObject({ ok: true });
  });

  it('holds films alone where no original file lies wholly inside', async () => {
    const { startMs, endMs } = segments[1]!;
    const { list, folder: found } = await open(await copy({ fromMs: startMs + 1, toMs: endMs - 1 }));
    expect(list.files).toEqual([]);
    expect(await verifyEvidence(createFolderEvidence(found), campus.policy)).toMatchObject({ ok: true });
  });

  it.each([
    ['a byte of a file', async (found: string) => flip(path.join(found, segments[2]!.path)), () => segments[2]!.path],
    ['a file that is gone', async (found: string) => rm(path.join(found, segments[3]!.path)), () => segments[3]!.path],
    ['a file in the place of another', async (found: string) => cp(path.join(found, segments[0]!.path), path.join(found, segments[1]!.path)), () => segments[1]!.path],
    ['the list', async (found: string) => edit(found, (text) => text.replace(segments[1]!.sha256, 'f'.repeat(64))), () => segments[1]!.path],
    ['the camera in the list', async (found: string) => edit(found, (text) => text.replaceAll(`"camera": "${camera}"`, '"camera": "west-gate"')), () => segments[0]!.path],
    ['the time in the list', async (found: string) => edit(found, (text) => text.replace(`"fromMs": ${segments[2]!.startMs}`, `"fromMs": ${segments[2]!.startMs - 1}`)), () => segments[2]!.path],
  ])('is refused by name when it is changed: %s', async (_what, change, name) => {
    const { folder: found } = await open(await copy(whole()));
    await change(found);
    const { ok, problem, files } = await verifyEvidence(createFolderEvidence(found), campus.policy);
    expect(ok).toBe(false);
    expect(problem?.text.en).toContain(name());
    expect(files.find((file) => file.name === name())?.ok).toBe(false);
  });

  it('names a file that was damaged on the disk of the campus, and holds the others', async () => {
    const { path: name, bytes, startMs, endMs } = segments[4]!;
    const file = path.join(folder, 'recordings', name);
    await cp(file, `${file}.kept`);
    await truncate(file, bytes - 1);
    const { list, folder: found } = await open(await copy(whole()));
    await rename(`${file}.kept`, file);
    expect(list.missing).toEqual([{ camera, fromMs: startMs, toMs: endMs, cause: 'damaged' }]);
    expect(await verifyEvidence(createFolderEvidence(found), campus.policy)).toMatchObject({ ok: true });
  });

  it('is refused by the verifier when a file was changed on the disk of the campus', async () => {
    const file = path.join(folder, 'recordings', segments[1]!.path);
    await flip(file);
    const { folder: found } = await open(await copy(whole()));
    await flip(file);
    expect(await verifyEvidence(createFolderEvidence(found), campus.policy)).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_FILE_CHANGED', text: { en: expect.stringContaining(segments[1]!.path) as string } } });
  });

  it('holds what was recorded later, under the seal that the recorder made when it stopped', async () => {
    const last = segments.at(-1)!;
    const later: SegmentRecord = { ...last, startMs: last.endMs, endMs: last.endMs + 1000, path: last.path.replace(String(last.startMs), String(last.endMs)) };
    await cp(path.join(folder, 'recordings', last.path), path.join(folder, 'recordings', later.path));
    await campus.catalog.save([later], []);
    const range = { fromMs: segments[0]!.startMs, toMs: later.endMs };
    const made = await copy(range);
    expect((await open(made)).list.missing).toEqual([{ camera, fromMs: later.startMs, toMs: later.endMs, cause: 'not-sealed' }]);
    // The plugin stops within the minute: what is left is sealed at once.
    await campus[Symbol.asyncDispose]();
    campus = await startCampus();
    expect(await sealEntries()).toHaveLength(2);
    await clock.advance(2 * minuteMs);
    expect(await sealEntries()).toHaveLength(2);
    const { list, folder: found } = await open(await copy(range));
    expect(list).toMatchObject({ missing: [] });
    expect(list.seals).toHaveLength(2);
    expect(list.files.map(({ seal, size }) => [seal, size])).toEqual([...segments.map(() => [0, segments.length]), [1, 1]]);
    expect(await verifyEvidence(createFolderEvidence(found), campus.policy)).toMatchObject({ ok: true });
  });

  it('takes no seal that the log does not hold, as after a log was begun anew', async () => {
    await campus[Symbol.asyncDispose]();
    for (const name of ['audit.db', 'audit.db-wal', 'audit.db-shm', 'audit-index.db', 'audit-index.db-wal', 'audit-index.db-shm']) await rm(path.join(folder, 'state', name), { force: true });
    await rename(path.join(folder, 'audit'), path.join(folder, 'audit-old'));
    campus = await startCampus();
    const { list } = await open(await copy(whole()));
    expect(list).toMatchObject({ files: [], seals: [] });
    expect(new Set(list.missing.map(({ cause }) => cause))).toEqual(new Set(['not-sealed']));
  });
});

describe('what is missing', () => {
  it('is listed without holes: gaps, files that are not given, and time of which nothing is known', () => {
    const file = (startMs: number, endMs: number) => ({ run: 'r', root: '/disk', path: `${startMs}`, startMs, endMs, initBytes: 0, fragments: [] });
    const files = [file(500, 2000), file(2100, 3000), file(9000.4, 9500.2)];
    const gaps = [{ camera, startMs: 3000, endMs: 4000, cause: 'network' as const, detail: '' }, { camera, startMs: 9800, cause: 'camera' as const, detail: '' }];
    expect(missingFootage({ camera, fromMs: 1000, toMs: 10_000, files, gaps }, (one) => ({ 500: 'partial-segment', 9000: 'not-sealed' })[Math.floor(one.startMs)])).toEqual([
      { camera, fromMs: 1000, toMs: 2000, cause: 'partial-segment' },
      { camera, fromMs: 3000, toMs: 4000, cause: 'network' },
      { camera, fromMs: 4000, toMs: 9000, cause: 'unknown' },
      { camera, fromMs: 9000, toMs: 9501, cause: 'not-sealed' },
      { camera, fromMs: 9501, toMs: 9800, cause: 'unknown' },
      { camera, fromMs: 9800, toMs: 10_000, cause: 'camera' },
    ]);
  });
});

/** Changes one bit in the middle of a file; a second time changes it back. */
async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
}

async function edit(found: string, change: (text: string) => string): Promise<void> {
  const file = path.join(found, 'evidence.json');
  const before = await readFile(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(file, after);
}
