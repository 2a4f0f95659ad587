// The recorder as the campus runs it: built, index in SQLite, one worker process, synced and hashed files.
import path from 'node:path';
import { Catalog, DiskBook, Disks, Recorder, recorderMigrations } from '../../packages/plugin-recorder/dist/index.js';
import { SqliteStore } from '../../packages/store-sqlite/dist/index.js';

const [folder = '', ...urls] = process.argv.slice(2);
const store = await SqliteStore.create(path.join(folder, 'state'));
const database = await store.open('recorder', recorderMigrations);
const catalog = new Catalog(database);
const disks = await Disks.open({ folders: [path.join(folder, 'recordings')], book: new DiskBook(database), newId: () => 'bench', now: Date.now, warning: (message) => console.error(message) });
const recorder = new Recorder({
  catalog, disks, workers: 1, random: Math.random, now: Date.now,
  settings: { fragmentMs: 500, segmentMs: 60_000, sync: { intervalMs: 1_000 }, queueBytes: 8 * 1024 * 1024, tickMs: 250, silenceMs: 10_000 },
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  listener: { status: () => {}, sealed: () => {}, gap: (gap) => console.error('gap', gap), warning: (_camera, message) => console.error(message) },
});
urls.forEach((url, index) => recorder.add({ id: `camera-${index}`, url }));
process.on('SIGINT', () => void recorder.close().then(() => process.exit(0)));
