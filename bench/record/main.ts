// Recording cost side by side: this project's recorder, one ffmpeg per camera, and one ffmpeg for all cameras.
//   npm run bench -- record [--seconds 30] [--cameras 1,8,32]
import { execFile, fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { makeLoop } from './loop.ts';
import { childrenOf, usageOf, type Usage } from './processes.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' }, cameras: { type: 'string', default: '1,8,32' } } });
const seconds = Number(values.seconds);
const counts = values.cameras.split(',').map(Number);
const cpuTarget = 0.25;
const memoryTarget = 0.2;
const startDeadlineMs = 120_000;
/** Start-up (probing, compiling) is over after this; continuous recording is what costs. */
const warmUpMs = 8_000;

/** A recorder under test. */
interface Contender {
  readonly name: string;
  start(folder: string, urls: readonly string[]): Promise<ChildProcess[]>;
  /** Processes whose memory counts; all started ones when absent. */
  memory?(children: readonly ChildProcess[]): Promise<number[]>;
}

interface Row {
  readonly name: string;
  readonly cameras: number;
  /** Per camera and minute. */
  readonly cpuSeconds: number;
  /** Per camera. */
  readonly pssMegabytes: number;
  readonly wholePssMegabytes: number;
  readonly processes: number;
  readonly kilobitsWritten: number;
}

const ffmpegInput = (url: string): string[] => ['-rtsp_transport', 'tcp', '-i', url];
const ffmpegOutput = (folder: string, index: number, input: number): string[] => [
  '-map', String(input), '-c', 'copy', '-f', 'segment', '-segment_time', '60', '-reset_timestamps', '1', '-segment_format', 'mp4',
  '-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof', path.join(folder, String(index), 's_%05d.mp4'),
];
const ffmpeg = (args: readonly string[]): ChildProcess => spawn('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', ...args], { stdio: ['ignore', 'ignore', 'ignore'] });

const contenders: readonly Contender[] = [
  {
    name: 'wanglou',
    start: async (folder, urls) => [fork(new URL('./ours.ts', import.meta.url), [folder, ...urls], { execArgv: process.execArgv })],
    // The campus process is there whatever records; what recording adds to it is its worker.
    memory: async ([host]) => childrenOf(host?.pid ?? 0),
  },
  {
    name: 'ffmpeg per camera',
    start: async (folder, urls) => {
      for (const index of urls.keys()) await mkdir(path.join(folder, String(index)), { recursive: true });
      return urls.map((url, index) => ffmpeg([...ffmpegInput(url), ...ffmpegOutput(folder, index, 0)]));
    },
  },
  {
    name: 'one ffmpeg for all',
    start: async (folder, urls) => {
      for (const index of urls.keys()) await mkdir(path.join(folder, String(index)), { recursive: true });
      return [ffmpeg([...urls.flatMap(ffmpegInput), ...urls.flatMap((_, index) => ffmpegOutput(folder, index, index))])];
    },
  },
];

async function measure(contender: Contender, cameras: number, port: number, base: string): Promise<Row> {
  const folder = await mkdtemp(path.join(base, 'out-'));
  const children = await contender.start(folder, Array.from({ length: cameras }, (_, index) => `rtsp://127.0.0.1:${port}/${index}`));
  const roots = children.map((child) => child.pid ?? 0);
  try {
    await allGrowing(folder, cameras);
    await pause(warmUpMs);
    const [before, bytesBefore, startMs] = [await usageOf(roots), await bytesBelow(folder), performance.now()];
    await pause(seconds * 1000);
    const [after, bytesAfter, elapsedMs] = [await usageOf(roots), await bytesBelow(folder), performance.now() - startMs];
    const memory: Usage = contender.memory === undefined ? after : await usageOf(await contender.memory(children));
    return {
      name: contender.name, cameras, processes: after.processes,
      cpuSeconds: ((after.cpuSeconds - before.cpuSeconds) * 60_000) / elapsedMs / cameras,
      pssMegabytes: memory.pssMegabytes / cameras,
      wholePssMegabytes: after.pssMegabytes,
      kilobitsWritten: ((bytesAfter - bytesBefore) * 8) / elapsedMs / cameras,
    };
  } finally {
    await Promise.all(children.map(stop));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until every camera has a file of some size. */
async function allGrowing(folder: string, cameras: number): Promise<void> {
  const endMs = performance.now() + startDeadlineMs;
  for (;;) {
    const files = (await filesBelow(folder)).filter((file) => file.name.endsWith('.mp4') && file.bytes > 200_000);
    if (files.length >= cameras) return;
    if (performance.now() > endMs) throw new Error(`only ${files.length} of ${cameras} cameras were recorded after ${startDeadlineMs / 1000} s`);
    await pause(250);
  }
}

async function filesBelow(folder: string): Promise<{ name: string; bytes: number }[]> {
  const names = await readdir(folder, { recursive: true });
  const found = await Promise.all(names.map(async (name) => ({ name, found: await stat(path.join(folder, name)).catch(() => undefined) })));
  return found.flatMap((one) => (one.found?.isFile() === true ? [{ name: one.name, bytes: one.found.size }] : []));
}

async function bytesBelow(folder: string): Promise<number> {
  return (await filesBelow(folder)).filter((file) => file.name.endsWith('.mp4')).reduce((sum, file) => sum + file.bytes, 0);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The peer is installed where the machine allows it. */
async function needFfmpeg(): Promise<void> {
  const run = promisify(execFile);
  if (await run('ffmpeg', ['-version']).then(() => true, () => false)) return;
  if (process.getuid?.() === 0) await run('apt-get', ['install', '-y', '--no-install-recommends', 'ffmpeg']).catch(() => undefined);
  if (!(await run('ffmpeg', ['-version']).then(() => true, () => false))) throw new Error('this benchmark compares with ffmpeg, which is not installed: apt-get install ffmpeg');
}

async function main(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('this benchmark reads /proc and runs on Linux only');
  await needFfmpeg();
  const base = await mkdtemp(path.join(tmpdir(), 'wanglou-bench-record-'));
  let source: ChildProcess | undefined;
  try {
    await makeLoop(base);
    source = fork(new URL('./source.ts', import.meta.url), [base], { execArgv: process.execArgv });
    const port = await new Promise<number>((resolve, reject) => {
      source?.once('message', (message) => resolve(message as number));
      source?.once('exit', () => reject(new Error('the source did not start')));
    });
    const rows: Row[] = [];
    for (const cameras of counts) {
      for (const contender of contenders) {
        const row = await measure(contender, cameras, port, base);
        rows.push(row);
        print(row, rows.length === 1);
      }
    }
    conclude(rows);
  } finally {
    source?.kill();
    await rm(base, { recursive: true, force: true });
  }
}

function print(row: Row, first: boolean): void {
  if (first) console.log(`${seconds} s each; CPU = user + system seconds per camera and minute; PSS = MB per camera\n${'recorder'.padEnd(20)}${'cameras'.padStart(8)}${'CPU'.padStart(9)}${'PSS'.padStart(9)}${'all PSS'.padStart(10)}${'procs'.padStart(7)}${'kbit/s'.padStart(9)}`);
  console.log(`${row.name.padEnd(20)}${String(row.cameras).padStart(8)}${row.cpuSeconds.toFixed(3).padStart(9)}${row.pssMegabytes.toFixed(2).padStart(9)}${row.wholePssMegabytes.toFixed(0).padStart(10)}${String(row.processes).padStart(7)}${row.kilobitsWritten.toFixed(0).padStart(9)}`);
}

function conclude(rows: readonly Row[]): void {
  const most = Math.max(...counts);
  const find = (name: string): Row | undefined => rows.find((row) => row.name === name && row.cameras === most);
  const [ours, each, all] = contenders.map((contender) => find(contender.name));
  if (ours === undefined || each === undefined || all === undefined) return;
  const line = (metric: string, value: number, target: number, good: boolean): void => console.log(`bench record ${metric} ${value.toFixed(3)} ${target} ${good ? 'ok' : 'short'}`);
  const atMost = (metric: string, value: number, target: number): void => line(metric, value, target, value <= target);
  console.log('');
  line(`written-ratio-${most}`, ours.kilobitsWritten / each.kilobitsWritten, 0.97, ours.kilobitsWritten / each.kilobitsWritten >= 0.97);
  atMost(`cpu-ratio-one-ffmpeg-${most}`, ours.cpuSeconds / all.cpuSeconds, 0.5);
  atMost(`cpu-ratio-${most}`, ours.cpuSeconds / each.cpuSeconds, cpuTarget);
  atMost(`memory-ratio-${most}`, ours.pssMegabytes / each.pssMegabytes, memoryTarget);
}

await main();
