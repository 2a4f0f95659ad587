// `npm run soak -- fire-links [links]`: 1,000 idle links of fire devices and what they cost; then 2,000 changes in 10 s over 20 of them with fires in
// between, and how long a confirmation takes, the message being on disk first.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { silentLogger, systemClock } from '../../packages/core/src/index.ts';
import { standardProfile } from '../../packages/plugin-fire/src/gb26875.ts';
import { fireMigrations, FireServer, Journal, type Device, type FireTables } from '../../packages/plugin-fire/src/index.ts';
import { component, SimulatedDevice } from '../../packages/plugin-fire/test/support/simulated-device.ts';
import { SqliteStore } from '../../packages/store-sqlite/src/index.ts';

const [links = '1000'] = process.argv.slice(2);
const senders = 20;
const changes = 2000;
const stormMs = 10_000;
/** Fires go out once a second. */
const changesPerFire = changes / 10;
/** F2 of the goals: a confirmation takes at most this, at the 99th percentile and ever. */
const confirmLimitMs = { p99: 300, most: 3000 };
const bytesPerLinkLimit = 64 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const bytesLeft = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const folder = await mkdtemp(join(tmpdir(), 'wanglou-soak-'));
try {
  await using store = await SqliteStore.create(folder);
  const devices: Device[] = Array.from({ length: Number(links) }, (_, index) => ({ id: `d${index}`, address: index + 1, peers: ['127.0.0.1'], profile: standardProfile, heartbeatSeconds: 30 }));
  const journal = await Journal.open({ database: await store.open<FireTables>('fire', fireMigrations), clock: systemClock, log: silentLogger });
  const server = new FireServer({ devices, tcp: { host: '127.0.0.1', port: 0, linkLimit: Number(links) }, offsetMinutes: 480, pollMinutes: 120 });
  const told = new Map<number, number>();
  await server.start({
    journal: journal.of('gb26875'), clock: systemClock, log: silentLogger, problem: () => undefined, dutyCheckEnded: () => undefined,
    emit: ({ pointKey, condition }) => void (condition === 'fire' && told.set(Number(/comp\/(\d+)/.exec(pointKey)?.[1]), performance.now())),
  });
  const before = bytesLeft();
  const connected: SimulatedDevice[] = [];
  for (const { address } of devices) {
    const device = await SimulatedDevice.tcp(server.tcpPort!, { address, answers: (frame) => (frame.command === 1 ? 'confirm' : 'deny') });
    device.heartbeat();
    connected.push(device);
  }
  while (connected.some((device) => device.confirmed.length === 0)) await wait(20);
  await wait(2000);
  // Both ends are in this process: half of what is there is the server's, or less.
  const perLink = (bytesLeft() - before) / Number(links);

  const sent = new Map<string, number>();
  const took: number[] = [];
  const fires: { readonly component: number; readonly sentMs: number }[] = [];
  const active = connected.slice(0, senders);
  const seen = active.map((device) => device.received.length);
  const takeConfirmations = (): void => {
    for (const [index, device] of active.entries()) {
      for (; seen[index]! < device.received.length; seen[index]! += 1) {
        const { command, serial } = device.received[seen[index]!]!;
        const key = `${index} ${serial}`;
        const sentMs = sent.get(key);
        if (command !== 3 || sentMs === undefined) continue;
        took.push(performance.now() - sentMs);
        sent.delete(key);
      }
    }
  };
  const beganMs = performance.now();
  for (let count = 0; count < changes; ) {
    for (const dueCount = Math.min(((performance.now() - beganMs) / stormMs) * changes, changes); count < dueCount; count += 1) {
      const index = count % senders;
      const isFire = count % changesPerFire === 0;
      const serial = 10_000 + count;
      sent.set(`${index} ${serial}`, performance.now());
      if (isFire) fires.push({ component: count, sentMs: performance.now() });
      active[index]!.send(component(count, isFire ? 2 : 4), { serial });
    }
    await wait(1);
    takeConfirmations();
  }
  while (sent.size > 0 && performance.now() - beganMs < stormMs * 3) {
    await wait(1);
    takeConfirmations();
  }
  took.sort((a, b) => a - b);
  const p99 = took[Math.floor(took.length * 0.99)] ?? Infinity;
  const most = took.at(-1) ?? Infinity;
  const slowestFire = Math.max(...fires.map(({ component: number, sentMs }) => (told.get(number) ?? Infinity) - sentMs));
  const good = took.length === changes && p99 < confirmLimitMs.p99 && most < confirmLimitMs.most && perLink < bytesPerLinkLimit;
  process.stdout.write(`soak fire-links ${links} idle links, ${(perLink / 1024).toFixed(1)} KiB each with the device's end; resident ${(process.memoryUsage().rss / 1024 / 1024).toFixed(0)} MB in all\n`);
  process.stdout.write(`soak fire-links ${took.length} of ${changes} changes confirmed, p50 ${took[Math.floor(took.length / 2)]?.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${most.toFixed(1)} ms; ${fires.length} fires told after ${slowestFire.toFixed(1)} ms at most; ${good ? 'ok' : 'short'}\n`);
  process.exitCode = good ? 0 : 1;
  for (const device of connected) device.close();
  await server.stop();
  await journal.close();
} finally {
  await rm(folder, { recursive: true });
}
