// The recorder of long proofs as a process of its own, to be killed: cameras by address, index in SQLite. With a length of files in seconds it tells
// each file that is in the index.
import { Catalog } from '../../../packages/plugin-recorder/src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../../../packages/plugin-recorder/src/catalog/tables.ts';
import { DiskBook } from '../../../packages/plugin-recorder/src/disks/disk-book.ts';
import { Disks } from '../../../packages/plugin-recorder/src/disks/disks.ts';
import { Recorder } from '../../../packages/plugin-recorder/src/recorder.ts';
import { SqliteStore } from '../../../packages/store-sqlite/src/index.ts';

const [state = '', root = '', list = '[]', segmentSeconds] = process.argv.slice(2);
const cameras = JSON.parse(list) as readonly { readonly id: string; readonly url: string }[];
const store = await SqliteStore.create(state);
const database = await store.open<RecorderTables>('recorder', recorderMigrations);
const catalog = new Catalog(database);
const recorder = new Recorder({
  catalog, disks: await Disks.open({ folders: [root], book: new DiskBook(database), newId: () => 'soak', now: Date.now, warning: (message) => process.stderr.write(`${message}\n`) }), workers: 2, random: Math.random, now: Date.now,
  settings: { fragmentMs: 500, segmentMs: Number(segmentSeconds ?? 60) * 1_000, sync: { intervalMs: 1_000 }, queueBytes: 8 * 1024 * 1024, tickMs: 100, silenceMs: 10_000 },
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  listener: { status: () => {}, sealed: ({ camera, startMs }) => segmentSeconds !== undefined && process.send?.({ acknowledged: { camera, startMs } }), gap: () => {}, warning: (_camera, message) => process.stderr.write(`${message}\n`) },
});
for (const { id, url } of cameras) recorder.add({ id, url, credentials: { username: 'admin', password: 'wanglou-sim' } });

process.on('message', (message) => {
  if (message === 'workers') process.send?.({ workers: recorder.workerProcessIds });
  else if (message === 'newest') process.send?.({ newest: Object.fromEntries(recorder.cameras.map(({ id, newestMs }) => [id, newestMs ?? 0])) });
  else if (message === 'stop') void recorder.close().then(() => store[Symbol.asyncDispose]()).then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
process.send?.({ ready: true });
