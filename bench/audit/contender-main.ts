// One contender in a process of its own: `contender-main.ts <name> <folder or address> <callers> <seconds>`; prints one figure as JSON.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../../packages/core/src/index.ts';
import { Pool } from '../../packages/store-postgres/test/pool.ts';
import { createStore } from '../../packages/plugin-audit/test/fixtures/stores.ts';
import { TransparencyLog } from '../../packages/plugin-audit/src/log/transparency-log.ts';
import { auditMigrations } from '../../packages/plugin-audit/src/tables.ts';
import { drive, nextEntry, type Figure } from './workload.ts';

const [name, place, keyFolder, callers, seconds] = process.argv.slice(2) as [string, string, string, string, string];

/** The whole pipeline: canonical JSON, commitments, tree, mac, commit with its sync; a signed checkpoint every second. */
async function ours(): Promise<Figure> {
  const store = await createStore(place);
  await store.open('audit', auditMigrations);
  const log = await TransparencyLog.open({ store: store.address('audit'), keyFile: join(keyFolder, 'audit-key.pem'), canonical: canonicalJson, randomBytes, appended: () => undefined, lost: (error) => void process.stderr.write(`${error.message}\n`) });
  const checkpoints = setInterval(() => void log.ask('head'), 1000);
  const figure = await drive(() => log.append(nextEntry()), Number(callers), Number(seconds));
  clearInterval(checkpoints);
  await log.close();
  await store[Symbol.asyncDispose]();
  return figure;
}

/** What one writes without thinking: a row, a transaction, a sync. */
async function plainSqlite(): Promise<Figure> {
  const database = new DatabaseSync(join(place, 'plain.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO entry (body) VALUES (?)');
  const figure = await drive(() => insert.run(JSON.stringify(nextEntry())), Number(callers), Number(seconds));
  database.close();
  return figure;
}

/** The same on PostgreSQL, with a connection for each caller, 32 at most: its own group commit helps. */
async function plainPostgres(): Promise<Figure> {
  const pool = new Pool({ connectionString: place, max: Math.min(32, Number(callers)) });
  await pool.query('CREATE TABLE IF NOT EXISTS plain_entry (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL)');
  const figure = await drive(() => pool.query({ name: 'insert', text: 'INSERT INTO plain_entry (body) VALUES ($1)', values: [JSON.stringify(nextEntry())] }), Number(callers), Number(seconds));
  await pool.end();
  return figure;
}

const contenders: Readonly<Record<string, () => Promise<Figure>>> = { ours, 'plain-sqlite': plainSqlite, 'plain-postgres': plainPostgres };
process.stdout.write(JSON.stringify(await contenders[name]!()));
