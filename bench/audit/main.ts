// The audit log against what one would write without it, in one run on one disk: a row in a transaction of its own, in SQLite and PostgreSQL,
// as the disk is, with 1 ms more for each sync, as on an SSD without a capacitor, and with 8 ms more, as on a hard disk.
//   npm run bench -- audit [--seconds 4] [--rounds 3] [--entries 10000000]
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { postgresFolder, startCluster } from '../../packages/store-postgres/test/cluster.ts';
import { measureProofs } from './proofs.ts';
import type { Figure } from './workload.ts';

const run = promisify(execFile);
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '3' }, entries: { type: 'string', default: '10000000' } } });
const callerCounts = [1, 16, 256];
const slowSyncsUs = [0, 1000, 8000];

const folder = await mkdtemp(join(tmpdir(), 'wanglou-bench-audit-'));
const library = join(folder, 'slow-sync.so');
const print = (line = '') => void process.stdout.write(`${line}\n`);

async function measure(name: string, place: string, callers: number, delayUs: number): Promise<Figure> {
  const script = new URL('./contender-main.ts', import.meta.url).pathname;
  const env = delayUs > 0 ? { ...process.env, LD_PRELOAD: library, SYNC_DELAY_US: String(delayUs) } : process.env;
  const { stdout } = await run(process.execPath, ['--conditions=@wanglou/source', '--disable-warning=ExperimentalWarning', script, name, place, folder, String(callers), values.seconds], { env });
  return JSON.parse(stdout) as Figure;
}

/** The median round by throughput: a neighbour on the machine spoils single rounds. */
async function median(name: string, place: () => Promise<string>, callers: number, delayUs: number): Promise<Figure> {
  const figures: Figure[] = [];
  for (let round = 0; round < Number(values.rounds); round++) figures.push(await measure(name, await place(), callers, delayUs));
  return figures.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(figures.length / 2)]!;
}

const line = (name: string, { callers, perSecond, p50Ms, p99Ms, loopP99Ms }: Figure, ratio: string) =>
  print(`${name.padEnd(26)} ${String(callers).padStart(4)} ${perSecond.toFixed(0).padStart(8)}/s   p50 ${p50Ms.toFixed(2).padStart(7)} ms   p99 ${p99Ms.toFixed(2).padStart(7)} ms   event loop p99 ${loopP99Ms.toFixed(1).padStart(5)} ms   ${ratio}`);

try {
  await run('c++', ['-O2', '-shared', '-fPIC', '-o', library, new URL('./slow-sync.cpp', import.meta.url).pathname, '-ldl']);
  // PostgreSQL runs as another user, and reads the library, too.
  await chmod(folder, 0o755);
  const newFolder = () => mkdtemp(join(folder, 'tables-'));
  for (const delayUs of slowSyncsUs) {
    print(delayUs === 0 ? 'As the disk is' : `\nWith ${delayUs / 1000} ms more for each sync`);
    await using cluster = postgresFolder === undefined ? undefined : await startCluster(delayUs === 0 ? {} : { env: { LD_PRELOAD: library, SYNC_DELAY_US: String(delayUs) } });
    const newDatabase = async () => cluster!.url(await cluster!.createDatabase());
    for (const callers of callerCounts) {
      const plain = await median('plain-sqlite', newFolder, callers, delayUs);
      const own = await median('ours', newFolder, callers, delayUs);
      line('SQLite, a row a commit', plain, '1');
      line('the log on SQLite', own, `${(own.perSecond / plain.perSecond).toFixed(2)} times a row a commit`);
      if (!cluster) continue;
      const plainServer = await median('plain-postgres', newDatabase, callers, 0);
      const ownServer = await median('ours', newDatabase, callers, 0);
      line('PostgreSQL, a row a commit', plainServer, '1');
      line('the log on PostgreSQL', ownServer, `${(ownServer.perSecond / plainServer.perSecond).toFixed(2)} times a row a commit`);
    }
  }
  print('\nProofs and restarts');
  for (const size of [1_000_000, Number(values.entries)]) {
    const { restartMs, inclusionP99Ms, consistencyP99Ms, grownMegabytes } = await measureProofs(join(folder, `proofs-${size}`), size);
    print(`${size.toLocaleString('en')} entries: open again in ${restartMs.toFixed(0)} ms; proof of inclusion p99 ${inclusionP99Ms.toFixed(2)} ms, of consistency p99 ${consistencyP99Ms.toFixed(2)} ms; memory ${grownMegabytes >= 0 ? '+' : ''}${grownMegabytes.toFixed(1)} MB over 2,000 proofs`);
  }
} finally {
  await rm(folder, { recursive: true });
}
