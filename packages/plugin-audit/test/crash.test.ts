// kill -9 in the middle of appends from sixteen callers. CRASH_KILLS sets how often; `npm run soak -- audit` makes it 200.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestRandom } from '@wanglou/core/testing';
import { describe, expect, it } from 'vitest';
import { postgresFolder, startCluster, withoutPostgres } from '../../store-postgres/test/cluster.ts';
import { loadNoteKey } from '../src/note/note-key.ts';
import { verifyTables } from '../src/verification/verify-tables.ts';
import { createStore } from './fixtures/stores.ts';
import { entryOf, openLog, origin } from './writer-harness.ts';

const kills = Number(process.env['CRASH_KILLS'] ?? 4);
const script = new URL('./fixtures/append-entries.ts', import.meta.url).pathname;

/** Appends until it is killed; answers the number of each entry by the place that was acknowledged. */
async function appendAndKill(place: string, keyFile: string, first: number, delayMs: number): Promise<ReadonlyMap<number, number>> {
  const child = spawn(process.execPath, ['--conditions=@wanglou/source', '--disable-warning=ExperimentalWarning', script, place, keyFile, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('close', () => reject(new Error('the appender ended by itself')));
  });
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  // A last line that was cut is no acknowledgement.
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return new Map(lines.map((line) => line.split(' ').map(Number) as [number, number]));
}

async function survives(folder: string, place: string): Promise<void> {
  const keyFile = join(folder, 'audit-key.pem');
  const random = createTestRandom();
  const acknowledged = new Map<number, number>();
  let next = 0;
  let largest = -1;
  for (let kill = 0; kill < kills; kill++) {
    for (const [seq, n] of await appendAndKill(place, keyFile, next, 5 + random.bytes(1)[0]!)) {
      expect(acknowledged.has(seq), `place ${seq} was given twice`).toBe(false);
      acknowledged.set(seq, n);
      largest = Math.max(largest, seq);
      next = Math.max(next, n + 17);
    }
    await using log = await openLog(folder, await loadNoteKey(keyFile, origin), await createStore(place));
    const head = await log.writer.head();
    expect(head.size).toBeGreaterThan(largest);
    // The whole log each time would be quadratic: the newest entries now, and from time to time all of it.
    const isWhole = kill % 50 === 49 || kill === kills - 1;
    // 0 gaps, every hash right: also of what was never acknowledged.
    if (isWhole) expect(await verifyTables(log.reader, [head])).toMatchObject({ ok: true, size: head.size });
    // Each acknowledged entry is at its place.
    const checked = isWhole ? [...acknowledged] : [...acknowledged].slice(-200);
    for (const [record, n] of (await log.reader.pick(checked.map(([seq]) => seq))).map((record, at) => [record, checked[at]![1]] as const)) expect(record.entry).toEqual(entryOf(n));
  }
  expect(acknowledged.size).toBeGreaterThan(kills);
  process.stdout.write(`${kills} kills, ${acknowledged.size} entries acknowledged, none lost\n`);
}

describe('kill -9 while sixteen callers append', () => {
  it('loses no acknowledged entry and leaves no gap', { timeout: 60_000 + kills * 5000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wanglou-audit-crash-'));
    try {
      await survives(folder, folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.skipIf(postgresFolder === undefined)(`neither on PostgreSQL (${withoutPostgres})`, { timeout: 60_000 + kills * 5000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wanglou-audit-crash-'));
    try {
      await using cluster = await startCluster();
      await survives(folder, cluster.url(await cluster.createDatabase()));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
