// Copies that leave: recorded from two cameras, packaged, marked, encrypted, resumed, cancelled, traced.
import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { auditService, campusService, createSignal, definePlugin, cameras as cameraPoint, exportFootage, objectSchema, storeService, traceCopy, type Camera, type CameraState, type ExportStatus, type FootageCopy, type Leases, type MediaResponse, type Principal } from '@wanglou/core';
import { createTestClock, createTestKernel, createTestRandom, fake, type TestClock, type TestKernel } from '@wanglou/core/testing';
import { audit } from '@wanglou/plugin-audit';
import { createSimulatedCampus } from '@wanglou/simulator';
import { SqliteStore } from '@wanglou/store-sqlite';
import { createFolderEvidence, parsePolicy, verifyEvidence } from '@wanglou/verify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findMarks } from '../src/export/hidden-mark.ts';
import type { Manifest } from '../src/export/manifest.ts';
import { findBox } from '../src/fmp4/box-reader.ts';
import { recorder } from '../src/index.ts';
import type { SegmentRecord } from '../src/segment/segment-record.ts';
import { canMount, mountDisk } from '../../../tests/e2e/support/mount.ts';
import { startRecorder, until } from './support/running-recorder.ts';
import { unzip } from './support/unzip.ts';

const run = promisify(execFile);
const hasFfmpeg = await run('ffmpeg', ['-version']).then(() => true, () => false);
const isMountable = await canMount();
const officer: Principal = { kind: 'person', id: 'officer', session: 's-1' };
const ids = ['east-gate', 'library'] as const;
const minuteMs = 60_000;

let folder = '';
const footage = new Map<string, readonly SegmentRecord[]>();
let clock: TestClock;
let kernel: TestKernel;
let leases: Leases;
let store: SqliteStore;

/** Records both cameras for a while; the library loses its connection once. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-export-'));
  const campus = await createSimulatedCampus({ devices: ids.map((loop) => ({ loop })), discoveryPort: false });
  {
    await using running = await startRecorder({ segmentMs: 2_000 }, folder);
    for (const device of campus.devices) running.recorder.add({ id: device.id, url: device.rtspUrl, credentials: { username: 'admin', password: 'wanglou-sim' } });
    await until(() => running.sealed.filter(({ camera }) => camera === 'library').length >= 2, 'two files of the library', 30_000);
    campus.setFault('library', 'offline');
    await until(() => running.gaps.length > 0, 'the gap');
    campus.setFault('library', undefined);
    await until(() => running.gaps.some(({ endMs }) => endMs !== undefined) && running.sealed.filter(({ camera }) => camera === 'library').length >= 5, 'more files', 30_000);
    await running.recorder.close();
    for (const id of ids) footage.set(id, await running.catalog.segmentsBetween(id, 0, Date.now() + 3_600_000));
  }
  await campus.close();
  clock = createTestClock(Math.ceil(Math.max(...[...footage.values()].flat().map(({ endMs }) => endMs)) / minuteMs) * minuteMs + 20_000);
}, 90_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => start());
afterEach(() => stop());

async function start(): Promise<void> {
  store = await SqliteStore.create(path.join(folder, 'state'));
  kernel = await createTestKernel({ clock, random, fakes: [fake(storeService, store), fake(campusService, { read: () => ({ name: { zh: '青岛校区', en: 'Qingdao Campus' } }) as never })], ownAudit: true });
  const site = definePlugin({
    id: 'site',
    config: objectSchema({}),
    setup(ctx) {
      leases = ctx.leases;
      for (const id of ids) ctx.contribute(cameraPoint, { id, info: { id, name: { zh: `${id} 摄像机`, en: `Camera ${id}` } }, state: createSignal<CameraState>('offline'), problem: createSignal(undefined), has: () => false, get: () => undefined as never } satisfies Camera);
    },
  });
  await kernel.load([site(), audit({ path: path.join(folder, 'audit') }), recorder({ path: path.join(folder, 'recordings') })]);
  if (kernel.state('recorder') !== 'active') throw new Error(String(kernel.problems()[0] ?? kernel.errors[0]));
  // What was recorded is sealed within the next minute.
  await clock.advance(minuteMs);
}

async function stop(): Promise<void> {
  await kernel[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
}

const random = createTestRandom(7);
let orders = 0;
const whole = () => ({ fromMs: Math.min(...ids.map((id) => footage.get(id)![0]!.startMs)), toMs: Math.max(...ids.map((id) => footage.get(id)!.at(-1)!.endMs)) });
const copy = (more: Record<string, unknown> = {}): Promise<FootageCopy> => kernel.call(exportFootage, { cameras: [...ids], ...whole(), destination: `police ${(orders += 1)}`, ...more }, officer);
const serve = ({ lease }: FootageCopy, target: string, range?: { start: number; end?: number }): Promise<MediaResponse> => leases.serve(lease, officer, { path: target, query: {}, ...(range && { range }) });
const statusOf = async (made: FootageCopy): Promise<ExportStatus> => JSON.parse((await serve(made, 'status.json')).body as string) as ExportStatus;
async function ready(made: FootageCopy): Promise<ExportStatus> {
  await until(async () => (await statusOf(made)).state !== 'preparing', 'the package', 60_000);
  return statusOf(made);
}
const bytesOf = async ({ body }: MediaResponse): Promise<Buffer> => buffer(body as AsyncIterable<Uint8Array>);

interface Package {
  readonly names: readonly string[];
  readonly folder: string;
  readonly manifest: Manifest;
  film(name: string): Promise<Buffer>;
}

async function open(made: FootageCopy): Promise<Package> {
  expect(await ready(made)).toMatchObject({ state: 'ready' });
  const into = await mkdtemp(path.join(folder, 'package-'));
  const names = await unzip(await bytesOf(await serve(made, made.path)), into);
  return { names, folder: into, manifest: JSON.parse(await readFile(path.join(into, 'manifest.json'), 'utf8')) as Manifest, film: (name) => readFile(path.join(into, name)) };
}

const policy = async () => parsePolicy(await kernel.service(auditService)!.policy());

describe('a copy of two cameras', { timeout: 60_000 }, () => {
  it('is one package: films, originals, manifest, proofs; it says what is missing and why, and who allowed it', async () => {
    const made = await copy({ caseNumber: '2026-117' });
    const { manifest, names, folder: found } = await open(made);
    expect(manifest).toMatchObject({ format: 'wanglou.export/1', export: made.export, campus: { zh: '青岛校区' }, operator: 'officer', caseNumber: '2026-117', ...whole() });
    expect(manifest.cameras).toEqual(ids.map((id) => ({ id, zh: `${id} 摄像机`, en: `Camera ${id}` })));
    // The library's picture was interrupted: two films, and the gap between them with its cause.
    expect(manifest.films.map(({ camera }) => camera)).toEqual(['east-gate', 'library', 'library']);
    expect(manifest.missing.filter(({ camera, cause }) => camera === 'library' && cause === 'network')).toHaveLength(1);
    expect(made.gaps).toMatchObject([{ camera: 'library', cause: 'network' }]);
    for (const { name, sha256 } of manifest.originals) expect([...footage.values()].flat().find((segment) => segment.path === name)?.sha256).toBe(sha256);
    expect(names).toEqual(expect.arrayContaining([...manifest.films.map(({ name }) => name), ...manifest.originals.map(({ name }) => name)]));
    const result = await verifyEvidence(createFolderEvidence(found), await policy());
    expect(result).toMatchObject({ ok: true, unlisted: [] });
    expect(result.files).toHaveLength([...footage.values()].flat().length);
    // Names of people stand in no open part of the log.
    const [entry] = await kernel.service(auditService)!.query({ kind: 'recording.exported', limit: 1 });
    expect(JSON.stringify(entry?.entry.open)).not.toContain('officer');
    expect(entry?.entry.detail).toMatchObject({ person: 'officer', cameras: [...ids] });
  });

  it.skipIf(!hasFfmpeg)('has films that decode without an error and last as long as the manifest says (needs ffmpeg: apt-get install ffmpeg)', async () => {
    const { manifest, folder: found } = await open(await copy());
    for (const { name, fromMs, toMs } of manifest.films) {
      const file = path.join(found, name);
      const { stderr } = await run('ffmpeg', ['-v', 'warning', '-xerror', '-i', file, '-f', 'null', '-']);
      expect(stderr).toBe('');
      const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration,start_time', '-of', 'csv=p=0', file]);
      const [start, duration] = stdout.trim().split(',').map(Number);
      expect(start).toBeLessThan(0.05);
      expect(Math.abs((duration ?? 0) - (toMs - fromMs) / 1000)).toBeLessThan(0.3);
    }
  });

  it('is traced to its recipient by the mark in any of its films, and a strange mark to nobody', async () => {
    const made = await copy({ destination: 'a lawyer' });
    const { manifest, film } = await open(made);
    const marks = await Promise.all(manifest.films.map(async ({ name }) => findMarks(await film(name)).map((mark) => mark.toString('hex'))));
    expect(new Set(marks.flat()).size).toBe(1);
    const mark = marks[0]![0]!;
    expect((await kernel.call(traceCopy, { mark }, officer)).copies).toMatchObject([{ export: made.export, person: 'officer', destination: 'a lawyer', cameras: [...ids], ...whole() }]);
    expect((await kernel.call(traceCopy, { mark: 'f'.repeat(32) }, officer)).copies).toEqual([]);
    const other = await open(await copy({ destination: 'another' }));
    expect(findMarks(await other.film(other.manifest.films[0]!.name))[0]!.toString('hex')).not.toBe(mark);
  });

  it('is fetched in ranges, so that a download that broke off goes on', async () => {
    const made = await copy();
    const { bytes = 0 } = await ready(made);
    const all = await bytesOf(await serve(made, made.path));
    expect(all.length).toBe(bytes);
    const rest = await serve(made, made.path, { start: 1000 });
    expect(rest).toMatchObject({ status: 206, headers: { 'content-range': `bytes 1000-${bytes - 1}/${bytes}`, 'content-type': 'application/zip' } });
    expect((await bytesOf(rest)).equals(all.subarray(1000))).toBe(true);
    expect((await serve(made, '../job.json')).status).toBe(404);
    expect((await serve(made, 'passphrase.txt')).status).toBe(404);
  });

  it('is not there before it is ready; asked for again it is the same package under another lease', async () => {
    const destination = 'twice';
    const made = await copy({ destination });
    await expect(serve(made, made.path)).rejects.toMatchObject({ code: 'EXPORT_NOT_READY', status: 425 });
    const again = await copy({ destination });
    expect(again.export).toBe(made.export);
    expect(again.lease).not.toBe(made.lease);
    leases.release(made.lease, officer);
    expect(await ready(again)).toMatchObject({ state: 'ready' });
    expect((await copy({ destination, cameras: ['east-gate'] })).export).not.toBe(made.export);
  });

  it('is cancelled when nobody holds it any more, and can be asked for again', async () => {
    const destination = 'a patient recipient';
    const made = await copy({ destination });
    leases.release(made.lease, officer);
    const again = await copy({ destination });
    expect(again.export).toBe(made.export);
    expect(await ready(again)).toMatchObject({ state: 'ready' });
  });

  it('takes up after a restart what was finished before it', async () => {
    const destination = 'a more patient recipient';
    const made = await copy({ destination });
    await ready(made);
    const place = (await jobFolder(made.export))!;
    const films = (await readdir(path.join(place, 'films'))).filter((name) => name.endsWith('.mp4'));
    const times = async () => Promise.all(films.map(async (name) => (await stat(path.join(place, 'films', name))).mtimeMs));
    const before = await times();
    await stop();
    // Killed before the last film and the package were whole.
    const [last, ...kept] = films;
    for (const name of ['package.zip', `films/${last}`, `films/${last}.json`]) await rm(path.join(place, name));
    await writeFile(path.join(place, 'films', `${last}.part`), 'half a film');
    await start();
    const again = await copy({ destination });
    expect(again.export).toBe(made.export);
    const { manifest, folder: found } = await open(again);
    expect(manifest.films).toHaveLength(3);
    expect(kept).toHaveLength(2);
    expect((await times()).slice(1)).toEqual(before.slice(1));
    expect(await verifyEvidence(createFolderEvidence(found), await policy())).toMatchObject({ ok: true });
  });

  it('is made after the one before it; one that was given back meanwhile is not made at all', async () => {
    const made = [await copy(), await copy(), await copy()];
    leases.release(made[1]!.lease, officer);
    expect((await statusOf(made[2]!)).doneBytes).toBe(0);
    expect(await ready(made[2]!)).toMatchObject({ state: 'ready' });
    expect(await statusOf(made[0]!)).toMatchObject({ state: 'ready' });
    expect(await packageOf(made[1]!)).toBeUndefined();
  });

  it('goes after a day in which nobody holds it', async () => {
    const made = await copy({ destination: 'nobody' });
    await ready(made);
    leases.release(made.lease, officer);
    await clock.advance(23 * 3_600_000);
    expect(await packageOf(made)).toBeDefined();
    await clock.advance(2 * 3_600_000);
    await until(async () => (await packageOf(made)) === undefined, 'the end of the package');
  });

  it('names footage that cannot be read, and holds the rest', async () => {
    const [first] = footage.get('east-gate')!;
    const file = path.join(folder, 'recordings', first!.path);
    const kept = await readFile(file);
    try {
      await truncate(file, first!.bytes - 10);
      const { manifest, folder: found } = await open(await copy({ destination: 'damaged' }));
      expect(manifest.missing).toContainEqual({ camera: 'east-gate', fromMs: first!.startMs, toMs: expect.any(Number) as number, cause: 'damaged' });
      expect(manifest.films.map(({ camera }) => camera)).toEqual(['east-gate', 'library', 'library']);
      expect(await verifyEvidence(createFolderEvidence(found), await policy())).toMatchObject({ ok: true });
      // Its length is right and its tables are not: the film of that stretch is missing, and named.
      await writeFile(file, Buffer.concat([kept.subarray(0, first!.initBytes), Buffer.alloc(kept.length - first!.initBytes, 1)]));
      const changed = await open(await copy({ destination: 'changed' }));
      expect(changed.manifest.films.map(({ camera }) => camera)).toEqual(['library', 'library']);
      expect(changed.manifest.missing.some(({ camera, cause }) => camera === 'east-gate' && cause === 'damaged')).toBe(true);
    } finally {
      await writeFile(file, kept);
    }
  });

  it.skipIf(!isMountable)('is refused where it would take the room of the recordings (left out where disks cannot be mounted: run as root on Linux)', async () => {
    await stop();
    const place = path.join(folder, 'recordings');
    await rename(place, `${place}-aside`);
    try {
      // The footage itself, and a little more.
      await using _disk = await mountDisk(place, `size=${Math.ceil([...footage.values()].flat().reduce((sum, { bytes }) => sum + bytes + 16_384, 200_000) / 1024)}k`);
      await cp(`${place}-aside`, place, { recursive: true, filter: (name) => !name.includes('.exports') });
      await start();
      await expect(copy()).rejects.toMatchObject({ code: 'EXPORT_NO_SPACE', status: 507 });
    } finally {
      await rm(place, { recursive: true, force: true });
      await rename(`${place}-aside`, place);
      await stop();
      await start();
    }
  });

  it('is refused by name: no footage, no camera, too long a range, too many cameras', async () => {
    await expect(copy({ fromMs: 1000, toMs: 2000 })).rejects.toMatchObject({ code: 'NOT_RECORDED' });
    await expect(copy({ cameras: [] })).rejects.toMatchObject({ code: 'NOT_RECORDED' });
    await expect(copy({ fromMs: 0 })).rejects.toMatchObject({ code: 'RANGE_INVALID' });
    await expect(copy({ cameras: Array.from({ length: 17 }, () => 'east-gate') })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('an encrypted copy', { timeout: 60_000 }, () => {
  it('is AES-256 as WinZip defines it, and opens with the passphrase alone', async () => {
    const made = await copy({ encrypt: true, cameras: ['library'] });
    await ready(made);
    const passphrase = String((await serve(made, 'passphrase.txt')).body).trim();
    expect(passphrase).toMatch(/^([2-9A-HJ-NP-Z]{5}-){4}[2-9A-HJ-NP-Z]{5}$/);
    const zip = await bytesOf(await serve(made, made.path));
    for (const secret of ['wanglou.export/1', 'officer', passphrase]) expect(zip.includes(secret), secret).toBe(false);
    const plain = decryptMembers(zip, passphrase);
    expect(JSON.parse(plain.get('manifest.json')!.toString())).toMatchObject({ export: made.export });
    const into = await mkdtemp(path.join(folder, 'decrypted-'));
    for (const [name, content] of plain) {
      await mkdir(path.dirname(path.join(into, name)), { recursive: true });
      await writeFile(path.join(into, name), content);
    }
    expect(await verifyEvidence(createFolderEvidence(into), await policy())).toMatchObject({ ok: true, unlisted: [] });
    expect(() => decryptMembers(zip, `${passphrase}X`)).toThrow('wrong passphrase');
    // Nowhere else: not in the log, not on the disk.
    const log = await kernel.service(auditService)!.query({ operation: 'recording.export', limit: 20 });
    expect(JSON.stringify(log)).not.toContain(passphrase);
    for (const name of await readdir(path.join(folder, 'recordings', '.exports'), { recursive: true })) {
      const file = path.join(folder, 'recordings', '.exports', name);
      if ((await stat(file)).isFile()) expect((await readFile(file)).includes(passphrase), name).toBe(false);
    }
  });
});

describe.skipIf(!hasFfmpeg)('a visible mark (needs ffmpeg: apt-get install ffmpeg)', { timeout: 120_000 }, () => {
  it('is in the picture, taken literally whatever it says; times, ONVIF boxes and the hidden mark stay', async () => {
    const destination = "派出所 'x':%{localtime}\\n[out];rm -rf";
    const made = await copy({ cameras: ['library'], visibleMark: true, destination, caseNumber: '2026-117' });
    const plain = await open(await copy({ cameras: ['library'] }));
    const { manifest, folder: found, film } = await open(made);
    expect(manifest.films.map(({ marks }) => marks)).toEqual(['visible', 'visible']);
    const { name } = manifest.films[0]!;
    const bytes = await film(name);
    expect(findMarks(bytes)).toHaveLength(1);
    expect(findBox(bytes, ['moov'])!.start).toBeLessThan(findBox(bytes, ['mdat'])!.start);
    // The corner with the mark is another one; the middle of the picture is about the same.
    const pixels = async (file: string, crop: string): Promise<Buffer> => (await run('ffmpeg', ['-v', 'error', '-i', file, '-frames:v', '1', '-vf', `crop=${crop},format=gray`, '-f', 'rawvideo', '-'], { encoding: 'buffer' })).stdout;
    const difference = async (crop: string): Promise<number> => {
      const [one, two] = await Promise.all([pixels(path.join(found, name), crop), pixels(path.join(plain.folder, plain.manifest.films[0]!.name), crop)]);
      return one.reduce((sum, value, index) => sum + Math.abs(value - (two[index] ?? 0)), 0) / one.length;
    };
    expect(await difference('iw/4:ih/12:20:20')).toBeGreaterThan(4 * (await difference('iw/4:ih/4:iw*3/8:ih*3/8')));
    expect(await verifyEvidence(createFolderEvidence(found), await policy())).toMatchObject({ ok: true });
  });

  it('is refused where ffmpeg is not there, with what to do', async () => {
    const before = process.env['FFMPEG_PATH'];
    process.env['FFMPEG_PATH'] = '/nowhere/ffmpeg';
    try {
      await expect(copy({ visibleMark: true })).rejects.toMatchObject({ code: 'EXPORT_NEEDS_FFMPEG' });
    } finally {
      if (before === undefined) delete process.env['FFMPEG_PATH'];
      else process.env['FFMPEG_PATH'] = before;
    }
  });
});

async function packageOf({ export: id }: FootageCopy): Promise<string | undefined> {
  const place = await jobFolder(id);
  return place === undefined ? undefined : (await readdir(place)).find((name) => name === 'package.zip');
}

async function jobFolder(id: string): Promise<string | undefined> {
  const root = path.join(folder, 'recordings', '.exports');
  for (const name of await readdir(root)) {
    const job = await readFile(path.join(root, name, 'job.json'), 'utf8').catch(() => '{}');
    if ((JSON.parse(job) as { id?: string }).id === id) return path.join(root, name);
  }
  return undefined;
}

/** Reads WinZip AE-2 members by the central directory, with nothing of the library that wrote them: PBKDF2-SHA1, AES-256 in little-endian counter mode, HMAC-SHA1. */
function decryptMembers(zip: Buffer, passphrase: string): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  let at = zip.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'), zip.length - 20_000 < 0 ? 0 : zip.length - 20_000);
  for (; zip.readUInt32LE(at) === 0x02014b50; ) {
    const [nameLength, extraLength, commentLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const extra = zip.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    let [size, start] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)];
    for (let place = 0; place < extra.length; place += 4 + extra.readUInt16LE(place + 2)) {
      if (extra.readUInt16LE(place) !== 1) continue;
      let value = place + 4;
      if (zip.readUInt32LE(at + 24) === 0xffff_ffff) value += 8;
      if (size === 0xffff_ffff) size = Number(extra.readBigUInt64LE(value));
      if (zip.readUInt32LE(at + 20) === 0xffff_ffff) value += 8;
      if (start === 0xffff_ffff) start = Number(extra.readBigUInt64LE(value));
    }
    const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    members.set(name, decrypt(zip.subarray(data, data + size), passphrase));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return members;
}

function decrypt(member: Buffer, passphrase: string): Buffer {
  const keys = pbkdf2Sync(passphrase, member.subarray(0, 16), 1000, 66, 'sha1');
  if (!keys.subarray(64).equals(member.subarray(16, 18))) throw new Error('wrong passphrase');
  const sealed = member.subarray(18, -10);
  expect(createHmac('sha1', keys.subarray(32, 64)).update(sealed).digest().subarray(0, 10).equals(member.subarray(-10))).toBe(true);
  const counters = Buffer.alloc(Math.ceil(sealed.length / 16) * 16);
  for (let block = 0; block * 16 < counters.length; block += 1) counters.writeUInt32LE(block + 1, block * 16);
  const keystream = createCipheriv('aes-256-ecb', keys.subarray(0, 32), null).setAutoPadding(false).update(counters);
  return Buffer.from(sealed.map((value, index) => value ^ keystream[index]!));
}
