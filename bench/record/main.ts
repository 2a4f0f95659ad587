// Recording cost side by side: this project's recorder as it is published, one ffmpeg per camera, one ffmpeg for all cameras, GStreamer and
// motion; and how many cameras one core of the recorder carries.
//   npm run bench -- record [--seconds 30] [--cameras 8,32,100] [--ramp 400]
import { execFile, fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { makeLoop } from './loop.ts';
import { root } from '../../scripts/lib.ts';
import { findProgram } from '../../scripts/peers.ts';
import { usageOf, type ProcessTime, type Usage } from './processes.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' }, cameras: { type: 'string', default: '8,32,100' }, ramp: { type: 'string', default: '400' } } });
const seconds = Number(values.seconds);
const counts = values.cameras.split(',').map(Number);
const rampTo = Number(values.ramp);
/** Of one ffmpeg per camera, at 100 cameras. */
const cpuTarget = 1 / 6;
const memoryTarget = 1 / 8;
/** A recorder that writes less than this share of what comes has reached its limit. */
const leastWritten = 0.97;
const startDeadlineMs = 120_000;
/** Start-up (probing, compiling) is over after this; continuous recording is what costs. */
const warmUpMs = 20_000;

/** A recorder under test. */
interface Contender {
  readonly name: string;
  start(folder: string, urls: readonly string[]): Promise<ChildProcess[]>;
  /** More cameras are beyond this machine. */
  readonly most?: number;
  readonly needs: string;
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
  /** Of one core, by the process that used most. */
  readonly busiestShare: number;
  /** Of that, spent in the kernel. */
  readonly systemShare: number;
  /** Of all cores, by everybody. */
  readonly machineShare: number;
}

/** What one camera sends: 3 Mbit/s of pictures and 64 kbit/s of sound, with its boxes. */
const cameraKilobits = 3_060;

const ffmpegInput = (url: string): string[] => ['-rtsp_transport', 'tcp', '-i', url];
const ffmpegOutput = (folder: string, index: number, input: number): string[] => [
  '-map', String(input), '-c', 'copy', '-f', 'segment', '-segment_time', '60', '-reset_timestamps', '1', '-segment_format', 'mp4',
  '-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof', path.join(folder, String(index), 's_%05d.mp4'),
];
const ffmpeg = (args: readonly string[]): ChildProcess => spawn('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', ...args], { stdio: ['ignore', 'ignore', 'ignore'] });

const gstreamer = (folder: string, url: string, index: number): ChildProcess =>
  spawn('gst-launch-1.0', [
    '-q', '-e', 'rtspsrc', `location=${url}`, 'protocols=tcp', 'latency=0', 'name=s',
    'splitmuxsink', 'name=m', 'muxer-factory=mp4mux', 'max-size-time=10000000000', `location=${path.join(folder, String(index), 's_%05d.mp4')}`,
    's.', '!', 'application/x-rtp,media=video', '!', 'rtph264depay', '!', 'h264parse', '!', 'm.video',
    's.', '!', 'application/x-rtp,media=audio', '!', 'rtpmp4gdepay', '!', 'aacparse', '!', 'm.audio_0',
  ], { stdio: ['ignore', 'ignore', 'ignore'] });

/** One process for all cameras; it decodes every picture, whether it stores it or not. */
async function motion(folder: string, urls: readonly string[]): Promise<ChildProcess> {
  const common = ['daemon off', 'setup_mode off', 'log_level 3', `log_file ${path.join(folder, 'motion.log')}`, 'webcontrol_port 0', 'stream_port 0'];
  for (const [index, url] of urls.entries()) {
    const camera = ['width 1920', 'height 1080', 'framerate 25', `camera_id ${index + 1}`, `netcam_url ${url}`, `target_dir ${path.join(folder, String(index))}`, 'movie_output on', 'movie_passthrough on', 'movie_codec mp4', 'picture_output off', 'emulate_motion on', 'movie_max_time 10'];
    await writeFile(path.join(folder, `camera-${index}.conf`), `${camera.join('\n')}\n`);
  }
  await writeFile(path.join(folder, 'motion.conf'), `${[...common, ...urls.map((_, index) => `camera ${path.join(folder, `camera-${index}.conf`)}`)].join('\n')}\n`);
  return spawn('motion', ['-n', '-c', path.join(folder, 'motion.conf')], { stdio: ['ignore', 'ignore', 'ignore'] });
}

async function folders(folder: string, urls: readonly string[]): Promise<void> {
  for (const index of urls.keys()) await mkdir(path.join(folder, String(index)), { recursive: true });
}

const ours: Contender = {
  name: 'wanglou',
  needs: process.execPath,
  // As a campus has it from the registry: built, without the sources.
  start: async (folder, urls) => [fork(new URL('./ours.mjs', import.meta.url), [folder, ...urls], { execArgv: ['--disable-warning=ExperimentalWarning'] })],
};

const contenders: readonly Contender[] = [
  ours,
  {
    name: 'ffmpeg per camera',
    needs: 'ffmpeg',
    start: async (folder, urls) => (await folders(folder, urls), urls.map((url, index) => ffmpeg([...ffmpegInput(url), ...ffmpegOutput(folder, index, 0)]))),
  },
  {
    name: 'one ffmpeg for all',
    needs: 'ffmpeg',
    most: 32,
    start: async (folder, urls) => (await folders(folder, urls), [ffmpeg([...urls.flatMap(ffmpegInput), ...urls.flatMap((_, index) => ffmpegOutput(folder, index, index))])]),
  },
  { name: 'GStreamer', needs: 'gst-launch-1.0', most: 32, start: async (folder, urls) => (await folders(folder, urls), urls.map((url, index) => gstreamer(folder, url, index))) },
  { name: 'motion', needs: 'motion', most: 4, start: async (folder, urls) => (await folders(folder, urls), [await motion(folder, urls)]) },
];

/**
 * Fills as much of the file cache as a contender will, and gives it back. On a virtual machine the first use of a page of memory costs a
 * fault in the host, up to half of what recording costs: it would fall on whoever is measured first.
 */
async function touchFileCache(cameras: number, base: string): Promise<void> {
  const file = path.join(base, 'touched');
  const handle = await open(file, 'w');
  const block = Buffer.alloc(8 * 1024 * 1024, 1);
  const wantedBytes = (cameras * cameraKilobits * 125 * (2 * warmUpMs + seconds * 1000)) / 1000;
  for (let bytes = 0; bytes < wantedBytes; bytes += block.length) await handle.write(block);
  await handle.close();
  await rm(file);
}

async function measure(contender: Contender, cameras: number, port: number, base: string): Promise<Row> {
  await touchFileCache(cameras, base);
  const folder = await mkdtemp(path.join(base, 'out-'));
  const children = await contender.start(folder, Array.from({ length: cameras }, (_, index) => `rtsp://127.0.0.1:${port}/${index}`));
  const roots = children.map((child) => child.pid ?? 0);
  try {
    await allGrowing(folder, cameras);
    await pause(warmUpMs);
    const [before, bytesBefore, startMs, idleBefore] = [await usageOf(roots), await bytesBelow(folder), performance.now(), idleSeconds()];
    await pause(seconds * 1000);
    const [after, bytesAfter, elapsedMs, idle] = [await usageOf(roots), await bytesBelow(folder), performance.now() - startMs, idleSeconds() - idleBefore];
    const busiest = busiestOf(before, after);
    return {
      name: contender.name, cameras, processes: after.processes,
      cpuSeconds: ((after.cpuSeconds - before.cpuSeconds) * 60_000) / elapsedMs / cameras,
      pssMegabytes: after.pssMegabytes / cameras,
      wholePssMegabytes: after.pssMegabytes,
      kilobitsWritten: ((bytesAfter - bytesBefore) * 8) / elapsedMs / cameras,
      busiestShare: (busiest.userSeconds + busiest.systemSeconds) / (elapsedMs / 1000),
      systemShare: busiest.systemSeconds / Math.max(0.001, busiest.userSeconds + busiest.systemSeconds),
      machineShare: 1 - idle / ((elapsedMs / 1000) * availableParallelism()),
    };
  } finally {
    await Promise.all(children.map(stop));
    await rm(folder, { recursive: true, force: true });
  }
}

function idleSeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0) / 1000;
}

/** What the busiest process used between two looks. */
function busiestOf(before: Usage, after: Usage): ProcessTime {
  const used = [...after.times].map(([pid, { userSeconds, systemSeconds }]) => ({ userSeconds: userSeconds - (before.times.get(pid)?.userSeconds ?? 0), systemSeconds: systemSeconds - (before.times.get(pid)?.systemSeconds ?? 0) }));
  return used.reduce((most, one) => (one.userSeconds + one.systemSeconds > most.userSeconds + most.systemSeconds ? one : most), { userSeconds: 0, systemSeconds: 0 });
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

const run = promisify(execFile);
const packages: Readonly<Record<string, readonly string[]>> = {
  ffmpeg: ['ffmpeg'],
  'gst-launch-1.0': ['gstreamer1.0-tools', 'gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-bad'],
  motion: ['motion'],
};

/** Whether a peer is there; it is installed where the machine allows it. */
async function isThere(program: string): Promise<boolean> {
  if (findProgram([program]) !== undefined) return true;
  if (process.getuid?.() === 0) await run('apt-get', ['install', '-y', '--no-install-recommends', ...(packages[program] ?? [])]).catch(() => undefined);
  return findProgram([program]) !== undefined;
}

/** More and more cameras, until one core of the recorder is full, or something else is. */
async function ramp(port: number, base: string): Promise<void> {
  const cores = availableParallelism();
  for (let cameras = 100; cameras <= rampTo; cameras += 100) {
    const row = await measure(ours, cameras, port, base);
    const share = row.busiestShare;
    const written = row.kilobitsWritten / cameraKilobits;
    const machine = row.machineShare;
    console.log(`${cameras} cameras: busiest process ${(share * 100).toFixed(0)} % of a core (${(row.systemShare * 100).toFixed(0)} % of that in the kernel), machine ${(machine * 100).toFixed(0)} %, written ${(written * 100).toFixed(1)} %`);
    const isFull = written < leastWritten || share > 0.9;
    if (!isFull && cameras + 100 <= rampTo) continue;
    const what = share > 0.9 ? 'the core of the worker' : written >= leastWritten ? 'nothing yet' : machine > 0.9 ? `the machine: source and recorder share its ${cores} cores` : 'the disk or the source';
    console.log(`one core of the recorder carries about ${Math.floor((cameras * 0.9) / share)} cameras of ${(cameraKilobits / 1000).toFixed(1)} Mbit/s; what is full at ${cameras}: ${what}`);
    console.log(`bench record cameras-per-core ${Math.floor((cameras * 0.9) / share)} 300 ${(cameras * 0.9) / share >= 300 ? 'ok' : 'short'}`);
    return;
  }
}

async function main(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('this benchmark reads /proc and runs on Linux only');
  if (!(await isThere('ffmpeg'))) throw new Error('this benchmark compares with ffmpeg, which is not installed: apt-get install ffmpeg');
  await run(process.execPath, [...process.execArgv, path.join(root, 'scripts', 'build.ts')], { cwd: root });
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
        if (cameras > (contender.most ?? cameras)) continue;
        if (contender !== ours && !(await isThere(contender.needs))) {
          console.log(`${contender.name.padEnd(20)} left out: it is not installed`);
          continue;
        }
        const row = await measure(contender, cameras, port, base);
        rows.push(row);
        print(row, rows.length === 1);
      }
    }
    conclude(rows);
    if (rampTo >= 100) await ramp(port, base);
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
  const [mine, each] = [find(ours.name), find('ffmpeg per camera')];
  if (mine === undefined || each === undefined) return;
  const line = (metric: string, value: number, target: number, good: boolean): void => console.log(`bench record ${metric} ${value.toFixed(3)} ${target} ${good ? 'ok' : 'short'}`);
  const atMost = (metric: string, value: number, target: number): void => line(metric, value, target, value <= target);
  console.log('');
  line(`written-ratio-${most}`, mine.kilobitsWritten / each.kilobitsWritten, leastWritten, mine.kilobitsWritten / each.kilobitsWritten >= leastWritten);
  atMost(`cpu-ratio-${most}`, mine.cpuSeconds / each.cpuSeconds, cpuTarget);
  atMost(`memory-ratio-${most}`, mine.pssMegabytes / each.pssMegabytes, memoryTarget);
  for (const peer of ['one ffmpeg for all', 'GStreamer', 'motion']) {
    const theirs = rows.findLast((row) => row.name === peer);
    const same = rows.find((row) => row.name === ours.name && row.cameras === theirs?.cameras);
    if (theirs && same) atMost(`cpu-ratio-${peer.replaceAll(' ', '-')}-${theirs.cameras}`, same.cpuSeconds / theirs.cpuSeconds, 0.5);
  }
}

await main();
