// `npm run soak -- record [minutes] [cameras] [seed]`: an hour of recording while cameras lose their network, reboot and set their clocks, the
// recorder is killed every two minutes and its disk is filled. Then every missing second must be a gap row with the right cause, and
// disk and index the same.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Catalog } from '../../packages/plugin-recorder/src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../../packages/plugin-recorder/src/catalog/tables.ts';
import type { Finding as Difference } from '../../packages/plugin-recorder/src/fsck/finding.ts';
import { fsck } from '../../packages/plugin-recorder/src/fsck.ts';
import type { GapCause, GapRecord } from '../../packages/plugin-recorder/src/segment/segment-record.ts';
import { SqliteStore } from '../../packages/store-sqlite/src/index.ts';
import { descendantsOf } from '../e2e/support/child.ts';
import { canMount, mountDisk } from '../e2e/support/mount.ts';
import type { CameraOrder } from '../e2e/support/record-cameras.ts';

const [minutes = '60', count = '100', seed = '1'] = process.argv.slice(2);
const lengthMs = Number(minutes) * 60_000;

interface Event {
  readonly what: string;
  /** All when absent. */
  readonly camera?: string;
  readonly fromMs: number;
  toMs: number;
  readonly causes: readonly GapCause[];
}

interface Camera {
  readonly id: string;
  readonly url: string;
}

const targets = { reconnectP95Ms: 5_000, lostPerKillMs: 1_000, holeMs: 300 } as const;
const killEveryMs = 120_000;
const faultEveryMs = 15_000;
const restartMs = 1_500;
/** How long before and after an event a gap may begin because of it: buffers, watchdogs, groups of pictures. */
const beforeMs = 3_000;
const afterMs = 14_000;

/** Repeatable choices (mulberry32). */
function createChooser(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const choose = createChooser(Number(seed));
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const events: Event[] = [];
const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-soak-record-'));
const recordings = path.join(folder, 'recordings');
await mkdir(recordings);
// A disk of its own can be filled without harm to the machine.
const disk = (await canMount()) ? await mountDisk(recordings, 'size=12g') : undefined;
const isOwnDisk = disk !== undefined;
if (!isOwnDisk) console.log('the disk cannot be filled here: no disk may be mounted (root on Linux)');

const source = fork(new URL('../e2e/support/record-cameras.ts', import.meta.url), [count], { execArgv: process.execArgv });
const [cameras] = (await once(source, 'message')) as [readonly Camera[]];
let host: ChildProcess | undefined;

async function startHost(): Promise<void> {
  const child = fork(new URL('../e2e/support/record-host.ts', import.meta.url), [path.join(folder, 'state'), recordings, JSON.stringify(cameras)], { execArgv: process.execArgv });
  host = child;
  await once(child, 'message');
}

async function ask<T>(question: string): Promise<T> {
  host!.send(question);
  const [answer] = (await once(host!, 'message')) as [T];
  return answer;
}

const order = (message: CameraOrder): void => void source.send(message);

/** Kills the recorder's host with its workers, or one worker alone. */
async function kill(round: number): Promise<void> {
  const whole = round % 2 === 0;
  const { workers } = await ask<{ workers: readonly number[] }>('workers');
  const event: Event = { what: whole ? 'kill -9 of the recorder' : 'kill -9 of a worker', fromMs: Date.now(), toMs: Date.now(), causes: ['recorder'] };
  events.push(event);
  if (whole) {
    const all = [host!.pid!, ...(await descendantsOf(host!.pid!))];
    for (const pid of all) process.kill(pid, 'SIGKILL');
    await once(host!, 'exit');
    await pause(restartMs);
    await startHost();
  } else process.kill(workers[choose(workers.length)]!, 'SIGKILL');
  event.toMs = Date.now();
}

/** Something happens to one camera. */
async function disturb(): Promise<void> {
  const { id } = cameras[choose(cameras.length)]!;
  if (events.some((event) => event.camera === id && event.toMs > Date.now() - 40_000)) return;
  const kind = choose(5);
  const event: Event = { what: ['network cut', 'network reset', 'reboot', 'clock jump', 'timestamp jump'][kind]!, camera: id, fromMs: Date.now(), toMs: Number.MAX_SAFE_INTEGER, causes: kind === 2 ? ['network', 'camera'] : ['network'] };
  events.push(event);
  const outageMs = 5_000 + choose(25_000);
  if (kind === 0 || kind === 1) {
    order({ id, fault: kind === 0 ? 'cut' : 'offline' });
    await pause(outageMs);
    order({ id, fault: null });
  } else if (kind === 2) {
    order({ id, disturb: { kind: 'reboot', downMs: outageMs, clockShiftMs: choose(2) === 0 ? 0 : -86_400_000 } });
    await pause(outageMs);
  } else if (kind === 3) order({ id, disturb: { kind: 'clock-jump', byMs: (choose(2) === 0 ? 1 : -1) * (1_000 + choose(7_200_000)) } });
  else order({ id, disturb: { kind: 'timestamp-jump', bySeconds: (choose(2) === 0 ? 1 : -1) * (1 + choose(3_000)) } });
  event.toMs = Date.now();
}

/** Leaves no byte free for a while. */
async function fillDisk(): Promise<void> {
  const file = path.join(recordings, 'filler');
  const event: Event = { what: 'disk full', fromMs: Date.now(), toMs: Number.MAX_SAFE_INTEGER, causes: ['disk'] };
  events.push(event);
  const handle = await open(file, 'w');
  const piece = Buffer.alloc(8 * 1024 * 1024);
  for (let isFull = false; !isFull; ) isFull = await handle.write(piece).then(({ bytesWritten }) => bytesWritten < piece.length, () => true);
  await handle.close();
  await pause(15_000);
  await rm(file);
  event.toMs = Date.now();
}

async function run(): Promise<{ readonly startMs: number; readonly endMs: number }> {
  await startHost();
  for (;;) {
    const { newest } = await ask<{ newest: Record<string, number> }>('newest');
    if (Object.keys(newest).length === cameras.length && Object.values(newest).every((atMs) => atMs > 0)) break;
    await pause(500);
  }
  const startMs = Date.now();
  const running: Promise<unknown>[] = [];
  let nextKillMs = startMs + killEveryMs;
  let nextFillMs = startMs + lengthMs / 4 + 40_000;
  for (let round = 0; Date.now() < startMs + lengthMs; ) {
    running.push(disturb());
    await pause(faultEveryMs);
    if (Date.now() > nextKillMs) {
      await kill(round++);
      nextKillMs += killEveryMs;
      console.log(`${Math.round((Date.now() - startMs) / 60_000)} min: ${events.length} events, ${await freeMegabytes()} MB free`);
    }
    if (isOwnDisk && Date.now() > nextFillMs) {
      await fillDisk();
      nextFillMs += lengthMs / 4;
    }
  }
  await Promise.all(running);
  // The last outages get their end.
  await pause(15_000);
  const endMs = Date.now();
  host!.send('stop');
  await once(host!, 'exit');
  return { startMs, endMs };
}

async function freeMegabytes(): Promise<number> {
  const { bavail, bsize } = await statfs(recordings);
  return Math.round((bavail * bsize) / 1024 / 1024);
}

interface Finding {
  readonly problems: string[];
  readonly reconnectsMs: number[];
  readonly lostMs: number[];
  readonly missingMs: number;
}

/** Holds the index to the clock: what is neither footage nor gap, and gaps that nothing explains. */
async function judge(catalog: Catalog, startMs: number, endMs: number): Promise<Finding> {
  const finding: Finding & { missingMs: number } = { problems: [], reconnectsMs: [], lostMs: [], missingMs: 0 };
  for (const { id } of cameras) {
    const segments = await catalog.segmentsBetween(id, startMs, endMs);
    const gaps = await catalog.gapsBetween(id, startMs, endMs);
    const covered = [...segments, ...gaps.map((gap) => ({ startMs: gap.startMs, endMs: gap.endMs ?? endMs }))].sort((left, right) => left.startMs - right.startMs);
    let atMs = startMs;
    for (const { startMs: fromMs, endMs: toMs } of [...covered, { startMs: endMs - 2_000, endMs }]) {
      if (fromMs - atMs > targets.holeMs) finding.problems.push(`${id}: ${Math.round(fromMs - atMs)} ms from ${new Date(atMs).toISOString()} are neither footage nor a gap`);
      atMs = Math.max(atMs, toMs);
    }
    for (const gap of gaps) judgeGap(id, gap, endMs, finding);
  }
  return finding;
}

function judgeGap(id: string, gap: GapRecord, endMs: number, finding: Finding & { missingMs: number }): void {
  const toMs = gap.endMs ?? endMs;
  finding.missingMs += toMs - gap.startMs;
  const near = events.filter((event) => (event.camera === undefined || event.camera === id) && gap.startMs > event.fromMs - beforeMs && gap.startMs < event.toMs + afterMs);
  const event = near.find(({ causes }) => causes.includes(gap.cause));
  if (event === undefined) {
    finding.problems.push(`${id}: gap of ${Math.round(toMs - gap.startMs)} ms at ${new Date(gap.startMs).toISOString()} is told as ${gap.cause} (${gap.detail}); ${near.length === 0 ? 'nothing happened then' : `what happened: ${near.map(({ what }) => what).join(', ')}`}`);
    return;
  }
  if (event.what.startsWith('kill')) finding.lostMs.push(event.fromMs - gap.startMs);
  else if (gap.cause !== 'disk' && event.toMs < endMs && toMs > event.toMs) finding.reconnectsMs.push(toMs - event.toMs);
}

const percentile = (values: readonly number[], share: number): number => [...values].sort((left, right) => left - right)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

try {
  const { startMs, endMs } = await run();
  await using store = await SqliteStore.create(path.join(folder, 'state'));
  const catalog = new Catalog(await store.open<RecorderTables>('recorder', recorderMigrations));
  const differences: Difference[] = [];
  await fsck({ store, config: { path: recordings }, hashes: true, found: (finding) => void differences.push(finding) });
  for (const difference of differences.slice(0, 20)) console.log(`✖ ${JSON.stringify(difference)}`);
  const { problems, reconnectsMs, lostMs, missingMs } = await judge(catalog, startMs, endMs);
  for (const problem of problems.slice(0, 60)) console.log(`✖ ${problem}`);
  const counts = Object.entries(Object.groupBy(events, ({ what }) => what)).map(([what, all]) => `${what} ${all?.length}`);
  console.log(`${cameras.length} cameras, ${((endMs - startMs) / 60_000).toFixed(1)} min: ${counts.join(', ')}; ${(missingMs / 1000).toFixed(0)} camera-seconds missing, all of them gaps but ${problems.length} problems`);
  const line = (metric: string, value: number, target: number): boolean => {
    const good = value <= target;
    console.log(`soak record ${metric} ${value.toFixed(0)} ${target} ${good ? 'ok' : 'short'}`);
    return good;
  };
  const good = [line('unexplained', problems.length, 0), line('fsck-differences', differences.length, 0), line('reconnect-p95-ms', percentile(reconnectsMs, 0.95), targets.reconnectP95Ms), line('lost-per-kill-ms', Math.max(0, ...lostMs), targets.lostPerKillMs)];
  process.exitCode = good.every(Boolean) ? 0 : 1;
} finally {
  host?.kill('SIGKILL');
  source.kill('SIGKILL');
  await disk?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}
