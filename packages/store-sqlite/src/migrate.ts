// Brings the tables of a namespace up to date.
import type { Migration } from '@wanglou/core';
import { CreateTableNode, RawNode, type Kysely, type KyselyPlugin } from 'kysely';
import { StoreError } from './errors.ts';

interface MigrationTable {
  migration: { id: number; name: string };
}

/** Runs the steps that have not run yet, each in its own transaction. Throws `STORE_NEWER` when the tables know more steps than we do. */
export async function migrate(database: Kysely<any>, namespace: string, migrations: readonly Migration[]): Promise<void> {
  migrations.forEach((migration, index) => {
    if (migration.id !== index + 1) throw new Error(`migrations of ${namespace} must be numbered 1, 2, 3 …; found ${migration.id} at place ${index + 1}`);
  });
  const log = database as Kysely<MigrationTable>;
  await log.schema.createTable('migration').ifNotExists().addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('name', 'text', (column) => column.notNull()).execute();
  const { found } = await log.selectFrom('migration').select((expression) => expression.fn.coalesce(expression.fn.max('id'), expression.lit(0)).as('found')).executeTakeFirstOrThrow();
  if (found > migrations.length) throw new StoreError('STORE_NEWER', { namespace, found, known: migrations.length });
  for (const migration of migrations.slice(found)) {
    await log.transaction().execute(async (transaction) => {
      await migration.up(migration.clustered === undefined ? transaction : transaction.withPlugin(clustering(migration.clustered)));
      await transaction.insertInto('migration').values({ id: migration.id, name: migration.name }).execute();
    });
  }
}

/** Makes the tables `WITHOUT ROWID`: rows of one range lie together instead of in the order in which they came. */
function clustering(tables: readonly string[]): KyselyPlugin {
  return {
    transformQuery: ({ node }) => (CreateTableNode.is(node) && tables.includes(node.table.table.identifier.name) ? { ...node, endModifiers: [...(node.endModifiers ?? []), RawNode.createWithSql('without rowid')] } : node),
    transformResult: async ({ result }) => result,
  };
}
