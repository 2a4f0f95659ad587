// A table for tests.
import type { Migration } from '@wanglou/core';
import type { Kysely } from 'kysely';

export interface RowTables {
  row: { id: number; text: string };
}

export const rowMigrations: readonly Migration[] = [
  { id: 1, name: 'row', up: async ({ schema }) => void (await schema.createTable('row').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('text', 'text').execute()) },
];

export const ids = async (database: Kysely<RowTables>): Promise<readonly number[]> => (await database.selectFrom('row').select('id').orderBy('id').execute()).map((row) => row.id);
