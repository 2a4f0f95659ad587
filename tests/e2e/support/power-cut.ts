// A power cut: the blocks of the disk as they are at one moment while cameras are recorded, mounted elsewhere with its journal replayed.
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Catalog } from '../../../packages/plugin-recorder/src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../../../packages/plugin-recorder/src/catalog/tables.ts';
import type { Finding } from '../../../packages/plugin-recorder/src/fsck/finding.ts';
import { fsck } from '../../../packages/plugin-recorder/src/fsck.ts';
import { SqliteStore } from '../../../packages/store-sqlite/src/index.ts';
import { descendantsOf } from './child.ts';
import { makeImage, mountImage, type ImageDisk } from './mount.ts';

const run = promisify(execFile);

/** What a power cut cost. */
export interface PowerCut {
  /** Rows that were acknowledged before it. */
  readonly acknowledged: number;
  /** Of those, not in the index afterwards. */
  readonly rowsLost: readonly string[];
  /** For each camera: footage that had been given to the kernel and is gone, milliseconds. */
  readonly lostMs: readonly number[];
  /** What is wrong after the recovery. */
  readonly findings: readonly Finding[];
}

export interface PowerCutOptions {
  readonly cameras: number;
  readonly imageBytes: number;
  /** Recorded this long before each cut. */
  readonly recordMs: number;
  readonly cuts: number;
}

/** Short files, so that many are acknowledged before each cut. */
const segmentSeconds = 5;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Records to a disk of its own and cuts its power again and again. */
export async function* cutPower({ cameras: count, imageBytes, recordMs, cuts }: PowerCutOptions): AsyncGenerator<PowerCut> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-power-cut-'));
  const image = path.join(folder, 'disk.img');
  const source = fork(new URL('./record-cameras.ts', import.meta.url), [String(count)], { execArgv: process.execArgv });
  let host: ChildProcess | undefined;
  let disk: ImageDisk | undefined;
  try {
    const [cameras] = (await once(source, 'message')) as [readonly { readonly id: string; readonly url: string }[]];
    await makeImage(image, imageBytes);
    disk = await mountImage(image, path.join(folder, 'disk'));
    await mkdir(path.join(disk.folder, 'recordings'));
    const acknowledged: { readonly camera: string; readonly startMs: number }[] = [];
    let newest: Readonly<Record<string, number>> | undefined;
    host = fork(new URL('./record-host.ts', import.meta.url), [path.join(disk.folder, 'state'), path.join(disk.folder, 'recordings'), JSON.stringify(cameras), String(segmentSeconds)], { execArgv: process.execArgv });
    host.on('message', (message: { readonly acknowledged?: (typeof acknowledged)[number]; readonly newest?: Record<string, number> }) => {
      if (message.acknowledged !== undefined) acknowledged.push(message.acknowledged);
      if (message.newest !== undefined) newest = message.newest;
    });
    for (let cut = 0; cut < cuts; cut += 1) {
      await pause(recordMs);
      newest = undefined;
      host.send('newest');
      while (newest === undefined) await pause(1);
      const known = [...acknowledged];
      const copy = path.join(folder, `cut-${cut}.img`);
      await copyBlocks(disk, image, copy, [host.pid!, ...(await descendantsOf(host.pid!))]);
      yield await judge(copy, path.join(folder, `cut-${cut}`), known, newest);
      await rm(copy);
    }
  } finally {
    host?.kill('SIGKILL');
    source.kill('SIGKILL');
    if (host !== undefined && host.exitCode === null) await once(host, 'exit');
    await disk?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies the blocks as of one moment: the processes stand still, and it is done again when the kernel wrote something meanwhile. */
async function copyBlocks(disk: ImageDisk, image: string, copy: string, processes: readonly number[]): Promise<void> {
  for (const pid of processes) process.kill(pid, 'SIGSTOP');
  try {
    for (;;) {
      const before = await disk.written();
      await run('cp', ['--sparse=always', image, copy]);
      if ((await disk.written()) === before) return;
    }
  } finally {
    for (const pid of processes) process.kill(pid, 'SIGCONT');
  }
}

async function judge(copy: string, folder: string, acknowledged: readonly { readonly camera: string; readonly startMs: number }[], newest: Readonly<Record<string, number>>): Promise<PowerCut> {
  await using disk = await mountImage(copy, folder);
  await using store = await SqliteStore.create(path.join(disk.folder, 'state'));
  const database = await store.open<RecorderTables>('recorder', recorderMigrations);
  const rows = new Set((await database.selectFrom('recorder_segment').select(['camera', 'start_ms']).execute()).map(({ camera, start_ms: startMs }) => `${camera} ${startMs}`));
  const config = { path: path.join(disk.folder, 'recordings') };
  // What the recorder does at its next start: files that were open get their rows.
  await fsck({ store, config, repair: true, now: () => Date.now() + 3_600_000 });
  const catalog = new Catalog(database);
  const lostMs = await Promise.all(Object.entries(newest).map(async ([camera, atMs]) => atMs - ((await catalog.endOfFootage(camera))?.endMs ?? 0)));
  const findings: Finding[] = [];
  await fsck({ store, config, hashes: true, found: (finding) => void findings.push(finding) });
  return { acknowledged: acknowledged.length, rowsLost: acknowledged.map(({ camera, startMs }) => `${camera} ${startMs}`).filter((row) => !rows.has(row)), lostMs, findings };
}
