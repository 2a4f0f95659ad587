// The tables of plugin-audit.
import type { Migration } from '@wanglou/core';

/** Column types. `body` is the entry's canonical JSON; hashes are hex. */
export interface AuditTables {
  record: { seq: number; at_ms: number; person: string; operation: string | null; body: string; hash: string };
  checkpoint: { id: number; size: number; hash: string; at_ms: number; signature: string; key: string };
}

export const auditMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'records and the checkpoint',
    async up({ schema }) {
      await schema
        .createTable('record')
        .addColumn('seq', 'integer', (column) => column.primaryKey())
        .addColumn('at_ms', 'integer', (column) => column.notNull())
        .addColumn('person', 'text', (column) => column.notNull())
        .addColumn('operation', 'text')
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .execute();
      await schema.createIndex('record_at').on('record').column('at_ms').execute();
      await schema.createIndex('record_person').on('record').columns(['person', 'seq']).execute();
      await schema.createIndex('record_operation').on('record').columns(['operation', 'seq']).execute();
      await schema
        .createTable('checkpoint')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('size', 'integer', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('at_ms', 'integer', (column) => column.notNull())
        .addColumn('signature', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .execute();
    },
  },
];
