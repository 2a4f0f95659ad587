// kill -9 in a storm: what was confirmed is there, and what was there is told.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@wanglou/core';
import type { TestClock } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fireMigrations, Journal, type FireTables } from '../src/index.ts';
import { Centre } from './support/centre.ts';
import { StormDevice, stormDevices } from './support/storm.ts';
import { until } from './support/until.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-fire-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** What lies on disk while no centre runs. */
async function onDisk() {
  await using store = await SqliteStore.create(folder);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const journal = (await Journal.open({ database: await store.open<FireTables>('fire', fireMigrations), clock: systemClock, log: silent })).of('gb26875');
  return { frames: await journal.since(0), unsettled: new Set((await journal.unsettled()).map(({ id }) => id)) };
}

it('every confirmed message is in the table, and each is told once by whoever it was settled by', { timeout: 120_000 }, async () => {
  const storm = stormDevices.map(({ address }) => new StormDevice(address));
  const confirmed = (): number => storm.reduce((sum, device) => sum + device.confirmed.size, 0);
  const toldBefore = new Map<number, number>();
  for (const goal of [40, 500, 1200]) {
    const child = spawn(process.execPath, ['--conditions=@wanglou/source', '--no-wasm-code-gc', fileURLToPath(new URL('./support/centre-process.ts', import.meta.url)), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => void (text += bytes.toString()));
    await until(() => /^port \d+\n/m.test(text), 'the centre to listen', 30_000);
    const port = Number(/^port (\d+)\n/m.exec(text)![1]);
    const running = storm.map((device) => device.run(port, () => false));
    await until(() => confirmed() >= goal, `${goal} confirmations`, 60_000);
    child.kill('SIGKILL');
    await once(child, 'close');
    await Promise.all(running);
    for (const line of text.split('\n')) if (/^\d+$/.test(line)) toldBefore.set(Number(line), (toldBefore.get(Number(line)) ?? 0) + 1);

    const { frames, unsettled } = await onDisk();
    const stored = new Set(frames.map(({ bytes }) => Buffer.from(bytes).toString('hex')));
    for (const device of storm) for (const serial of device.confirmed) expect(stored.has(Buffer.from(device.sent.get(serial)!).toString('hex'))).toBe(true);
    expect(stored.size).toBe(frames.length);
    // What is settled was told; what is not may have been.
    for (const { id } of frames) if (!unsettled.has(id)) expect(toldBefore.get(id)).toBeGreaterThan(0);
  }
  const { frames, unsettled } = await onDisk();
  expect(frames.length).toBeGreaterThanOrEqual(confirmed());

  const centre = await Centre.start(folder, { clock: systemClock as TestClock, devices: stormDevices });
  // Exactly those, each once, in the order of reception.
  expect(centre.signals.map(({ frame, quality }) => [frame, quality])).toEqual([...unsettled].map((frame) => [frame, 'replayed']));
  const replayed = centre.signals.length;
  // Devices send again what they were not confirmed: what is stored is confirmed and told no more, the rest is told now.
  await Promise.all(storm.map((device) => device.run(centre.port, () => true)));
  for (const device of storm) expect(device.confirmed.size).toBe(device.sent.size);
  const sent = storm.reduce((sum, device) => sum + device.sent.size, 0);
  expect(centre.signals.length - replayed).toBe(sent - frames.length);
  await centre[Symbol.asyncDispose]();

  const after = await onDisk();
  expect([after.frames.length, after.unsettled.size]).toEqual([sent, 0]);
  const again = await Centre.start(folder, { clock: systemClock as TestClock, devices: stormDevices });
  expect(again.signals).toEqual([]);
  await again[Symbol.asyncDispose]();
});
