// Proofs and restarts of a large log. The hashes of its tree are real; the entries of all but the last tile are left out, since no proof reads them.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../../packages/core/src/index.ts';
import { SqliteStore } from '../../packages/store-sqlite/src/index.ts';
import { TransparencyLog } from '../../packages/plugin-audit/src/log/transparency-log.ts';
import { checkpointText } from '../../packages/plugin-audit/src/note/checkpoint.ts';
import { loadNoteKey } from '../../packages/plugin-audit/src/note/note-key.ts';
import { auditMigrations } from '../../packages/plugin-audit/src/tables.ts';
import { TreeEdge } from '../../packages/plugin-audit/src/tree/edge.ts';
import { leafHash } from '../../packages/plugin-audit/src/tree/hash.ts';

/** Figures of one size. */
export interface ProofFigures {
  readonly size: number;
  readonly restartMs: number;
  readonly inclusionP99Ms: number;
  readonly consistencyP99Ms: number;
  /** Growth of the process over 2,000 proofs. */
  readonly grownMegabytes: number;
}

/** Makes a log of `size` entries and measures it. */
export async function measureProofs(folder: string, size: number): Promise<ProofFigures> {
  await mkdir(folder, { recursive: true });
  await makeLog(folder, size);
  const open = async () => {
    const store = await SqliteStore.create(folder);
    await store.open('audit', auditMigrations);
    const log = await TransparencyLog.open({ store: store.address('audit'), keyFile: join(folder, 'audit-key.pem'), canonical: canonicalJson, randomBytes, appended: () => undefined, lost: () => undefined });
    return { store, log };
  };
  const startedMs = performance.now();
  const { store, log } = await open();
  const restartMs = performance.now() - startedMs;
  const p99 = async (times: number, ask: (n: number) => Promise<unknown>) => {
    const latencies: number[] = [];
    for (let n = 0; n < times; n++) {
      const atMs = performance.now();
      await ask(n);
      latencies.push(performance.now() - atMs);
    }
    return latencies.toSorted((a, b) => a - b)[Math.floor(times * 0.99)]!;
  };
  // A fixed walk over the whole log.
  const place = (n: number) => (n * 7_919_999) % size;
  await p99(200, (n) => log.ask('inclusion', place(n), size));
  const before = process.memoryUsage.rss();
  const inclusionP99Ms = await p99(1000, (n) => log.ask('inclusion', place(n), size));
  const consistencyP99Ms = await p99(1000, (n) => log.ask('consistency', 1 + place(n), size));
  const grownMegabytes = (process.memoryUsage.rss() - before) / 1e6;
  await log.close();
  await store[Symbol.asyncDispose]();
  return { size, restartMs, inclusionP99Ms, consistencyP99Ms, grownMegabytes };
}

async function makeLog(folder: string, size: number): Promise<void> {
  {
    await using store = await SqliteStore.create(folder);
    await store.open('audit', auditMigrations);
  }
  const key = await loadNoteKey(join(folder, 'audit-key.pem'));
  const database = new DatabaseSync(join(folder, 'audit.db'));
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const putTile = database.prepare('INSERT INTO tile (level, place, hashes, root) VALUES (?, ?, ?, ?)');
  const putEntry = database.prepare('INSERT INTO entry (seq, body, mac) VALUES (?, ?, ?)');
  const edge = new TreeEdge();
  for (let seq = 0; seq < size; seq++) {
    // The last tile is read again from its entries; what went before needs hashes only.
    const isRead = seq >= size - (size % 256) - 1;
    const body = isRead ? canonicalJson({ atMs: seq, kind: 'decision', v: 1 }) : '';
    for (const { level, index, hashes, root } of edge.append(isRead ? leafHash(Buffer.from(body)) : createHash('sha256').update(String(seq)).digest())) putTile.run(level, index, hashes, root);
    if (isRead) putEntry.run(seq, body, seq === size - 1 ? key.mac(checkpointText(key.name, size, edge.root())) : null);
  }
  database.exec('COMMIT');
  database.close();
}
