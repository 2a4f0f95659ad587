// The recorder as the campus runs it: index in SQLite, one worker process, synced and hashed files.
import path from 'node:path';
import { SqliteStore } from '../../packages/store-sqlite/src/sqlite-store.ts';
import { Catalog } from '../../packages/plugin-recorder/src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../../packages/plugin-recorder/src/catalog/tables.ts';
import { Recorder } from '../../packages/plugin-recorder/src/recorder.ts';

const [folder = '', ...urls] = process.argv.slice(2);
const store = await SqliteStore.create(path.join(folder, 'state'));
const catalog = new Catalog(await store.open<RecorderTables>('recorder', recorderMigrations));
const recorder = await Recorder.open({
  catalog, workers: 1, random: Math.random,
  settings: { root: path.join(folder, 'recordings'), fragmentMs: 500, segmentMs: 60_000, sync: { intervalMs: 1_000 }, queueBytes: 8 * 1024 * 1024, tickMs: 100, silenceMs: 10_000 },
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  listener: { status: () => {}, sealed: () => {}, gap: (gap) => console.error('gap', gap), warning: (_camera, message) => console.error(message) },
});
urls.forEach((url, index) => recorder.add({ id: `camera-${index}`, url }));
process.on('SIGINT', () => void recorder.close().then(() => process.exit(0)));
