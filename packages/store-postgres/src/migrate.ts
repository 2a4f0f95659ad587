// Brings the tables of a namespace up to date.
import type { Migration } from '@wanglou/core';
import { sql, type Kysely, type Transaction } from 'kysely';
import { StoreError } from './errors.ts';
import { lockKey } from './session.ts';

interface MigrationTable {
  migration: { id: number; name: string };
}

/** How long a step waits for another process that migrates, or for a program that keeps a table locked, before it throws `STORE_BUSY`. */
const lockTimeout = '60s';

/**
 * Runs the steps that have not run yet, each in its own transaction, one process at a time.
 * Throws `STORE_NEWER` when the tables know more steps than we do.
 */
export async function migrate(database: Kysely<any>, namespace: string, schema: string, migrations: readonly Migration[]): Promise<void> {
  migrations.forEach((migration, index) => {
    if (migration.id !== index + 1) throw new Error(`migrations of ${namespace} must be numbered 1, 2, 3 …; found ${migration.id} at place ${index + 1}`);
  });
  const log = database as Kysely<MigrationTable>;
  const locked = <R>(work: (transaction: Transaction<MigrationTable>) => Promise<R>): Promise<R> =>
    log.transaction().execute(async (transaction) => {
      await sql`SET LOCAL lock_timeout = ${sql.lit(lockTimeout)}`.execute(transaction);
      await sql`SELECT pg_advisory_xact_lock(${sql.raw(lockKey(`migrations of ${namespace}`))})`.execute(transaction);
      return work(transaction);
    });
  await locked(async (transaction) => {
    // An administrator may have made the schema, for a user that may make none.
    const { rows } = await sql`SELECT 1 FROM pg_namespace WHERE nspname = ${schema}`.execute(transaction);
    if (rows.length === 0) await transaction.schema.createSchema(schema).execute();
    await transaction.schema.createTable('migration').ifNotExists().addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('name', 'text', (column) => column.notNull()).execute();
  });
  for (;;) {
    const isDone = await locked(async (transaction) => {
      const { found } = await transaction.selectFrom('migration').select((expression) => expression.fn.coalesce(expression.fn.max('id'), expression.lit(0)).as('found')).executeTakeFirstOrThrow();
      if (found > migrations.length) throw new StoreError('STORE_NEWER', { namespace, found, known: migrations.length });
      const next = migrations[found];
      if (!next) return true;
      await next.up(transaction);
      await transaction.insertInto('migration').values({ id: next.id, name: next.name }).execute();
      return false;
    });
    if (isDone) return;
  }
}
