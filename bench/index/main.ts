// `npm run bench -- index [--rows 10000000]`: the files of one hour of one camera, out of an index of that many rows; beside it what a recorder without an
// index does, which is to list the folder of the hour and to look at each file.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs, promisify } from 'node:util';
import { Catalog } from '../../packages/plugin-recorder/src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../../packages/plugin-recorder/src/catalog/tables.ts';
import { packFragmentTable } from '../../packages/plugin-recorder/src/segment/fragment-table.ts';
import { segmentPath } from '../../packages/plugin-recorder/src/segment/segment-path.ts';
import { SqliteStore } from '../../packages/store-sqlite/src/index.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(values.rows);
const cameraCount = 1_000;
const lookups = 5_000;
/** Before that: a campus has been running for a while. */
const warmUpLookups = 500;
const targetMs = 1;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const startMs = Date.parse('2026-01-01T00:00:00Z');
const perCamera = Math.ceil(rows / cameraCount);
const hours = Math.floor(perCamera / 60);
if (hours < 2) throw new Error(`--rows ${rows} gives each of ${cameraCount} cameras less than two hours`);
const camera = (index: number): string => `camera-${String(index).padStart(4, '0')}`;

const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-bench-index-'));
try {
  await fillIndex();
  await using store = await SqliteStore.create(folder);
  const catalog = new Catalog(await store.open<RecorderTables>('recorder', recorderMigrations));
  const folders = await fillFolders();
  // What was filled in minutes would be written back for minutes to come; a campus fills it in weeks.
  await promisify(execFile)('sync');
  console.log(`${perCamera * cameraCount} rows of ${cameraCount} cameras, ${((await stat(path.join(folder, 'recorder.db'))).size / 1e9).toFixed(1)} GB`);
  const lookUp = (find: (camera: string, fromMs: number, toMs: number) => Promise<readonly unknown[]>): Promise<Figures> =>
    measure(async (random) => {
      const fromMs = startMs + random(hours - 1) * hourMs;
      return (await find(camera(random(cameraCount)), fromMs + 1, fromMs + hourMs)).length;
    });
  const files = await lookUp((...hour) => catalog.wholeFilesBetween(...hour));
  const playable = await lookUp((...hour) => catalog.segmentsBetween(...hour));
  const listing = await measure(async (random) => {
    const hour = folders[random(folders.length)]!;
    const names = await readdir(hour);
    await Promise.all(names.map((name) => stat(path.join(hour, name))));
    return names.length;
  });
  const line = (name: string, { p50, p99 }: Figures): void => console.log(`bench index ${name} p50-ms ${p50.toFixed(3)} p99-ms ${p99.toFixed(3)}`);
  line('files', files);
  line('files-with-fragments', playable);
  line('folder-listing', listing);
  console.log(`bench index ratio-p50 ${(playable.p50 / listing.p50).toFixed(2)}`);
  for (const [name, { p99 }] of Object.entries({ files, 'files-with-fragments': playable })) console.log(`bench index ${name}-p99-ms ${p99.toFixed(3)} ${targetMs} ${p99 <= targetMs ? 'ok' : 'short'}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Rows as they come in: minute by minute, all cameras in turn. */
async function fillIndex(): Promise<void> {
  await using store = await SqliteStore.create(folder);
  await store.open<RecorderTables>('recorder', recorderMigrations);
  const database = new DatabaseSync(path.join(folder, 'recorder.db'));
  database.exec('PRAGMA synchronous = OFF');
  const insert = database.prepare('insert into recorder_segment (camera, start_ms, end_ms, run, path, bytes, init_bytes, sha256, codecs, fragments, flags, camera_offset_ms, deletion, disk) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, null, null, ?)');
  const sha256 = Buffer.alloc(32, 7);
  const fragments = packFragmentTable(Array.from({ length: 120 }, (_, index) => ({ length: 180_000, durationTicks: 45_000, key: index % 4 === 0 })));
  for (let minute = 0; minute < perCamera; minute += 1) {
    database.exec('BEGIN');
    for (let index = 0; index < cameraCount; index += 1) {
      const fileMs = startMs + minute * minuteMs;
      insert.run(camera(index), fileMs, fileMs + minuteMs, 'mww1k3l9', segmentPath(camera(index), fileMs, 'mww1k3l9'), 22_000_000, 800, sha256, 'avc1.640028,mp4a.40.2', fragments, '0a1b2c3d4e5f6071');
    }
    database.exec('COMMIT');
  }
  database.close();
}

/** The same hour of every camera as files. */
async function fillFolders(): Promise<string[]> {
  const folders: string[] = [];
  for (let index = 0; index < cameraCount; index += 1) {
    const files = Array.from({ length: 60 }, (_, minute) => path.join(folder, 'recordings', segmentPath(camera(index), startMs + minute * minuteMs, 'mww1k3l9')));
    const hour = path.dirname(files[0]!);
    await mkdir(hour, { recursive: true });
    await Promise.all(files.map((file) => writeFile(file, '')));
    folders.push(hour);
  }
  return folders;
}

interface Figures {
  readonly p50: number;
  readonly p99: number;
}

/** One lookup after the other, as the seeded numbers say; each gives an hour of files. */
async function measure(lookUp: (random: (below: number) => number) => Promise<number>): Promise<Figures> {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const times: number[] = [];
  for (let count = -warmUpLookups; count < lookups; count += 1) {
    const before = performance.now();
    const found = await lookUp(random);
    if (count >= 0) times.push(performance.now() - before);
    if (found !== 60) throw new Error(`${found} files instead of 60`);
  }
  times.sort((left, right) => left - right);
  return { p50: times[Math.floor(lookups * 0.5)]!, p99: times[Math.floor(lookups * 0.99)]! };
}
