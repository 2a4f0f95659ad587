// The table of served leases: one row a lease.
import type { Migration, Principal } from '@wanglou/core';

/** Column types. */
export interface LedgerTables {
  served_lease: { lease: string; person: string; kind: Principal['kind']; first_ms: number; last_ms: number; responses: number; bytes: number };
}

/** Numbered steps that make the table; never edited after a release. */
export const ledgerMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'served leases',
    async up({ schema }) {
      await schema
        .createTable('served_lease')
        .addColumn('lease', 'text', (column) => column.primaryKey())
        .addColumn('person', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('first_ms', 'bigint', (column) => column.notNull())
        .addColumn('last_ms', 'bigint', (column) => column.notNull())
        .addColumn('responses', 'bigint', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .execute();
      await schema.createIndex('served_lease_last').on('served_lease').columns(['last_ms', 'first_ms']).execute();
    },
  },
];
