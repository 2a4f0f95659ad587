// The index of the log, for questions. Everything in it is in the log: it may be emptied at any time and fills itself again.
import type { Migration } from '@wanglou/core';

/** Column types. */
export interface SearchTables {
  found: { seq: number; at_ms: number; kind: string; person: string; operation: string | null; action: string | null; call: string | null; effect: string | null; outcome: string | null; case_number: string | null };
  found_camera: { camera: string; seq: number };
  /** Leases that a call opened. */
  found_lease: { lease: string; call: string; seq: number };
  /** The cameras that the log knows; `info` is JSON. */
  known_camera: { id: string; info: string };
  /** Where the index goes on. One row. */
  cursor: { id: number; next_seq: number };
}

export const searchMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'the index of the log',
    async up({ schema }) {
      await schema
        .createTable('found')
        .addColumn('seq', 'integer', (column) => column.primaryKey())
        .addColumn('at_ms', 'integer', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('person', 'text', (column) => column.notNull())
        .addColumn('operation', 'text')
        .addColumn('action', 'text')
        .addColumn('call', 'text')
        .addColumn('effect', 'text')
        .addColumn('outcome', 'text')
        .addColumn('case_number', 'text')
        .execute();
      for (const column of ['at_ms', 'person', 'operation', 'kind', 'call', 'case_number']) await schema.createIndex(`found_${column}`).on('found').columns([column, 'seq']).execute();
      await schema.createTable('found_camera').addColumn('camera', 'text', (column) => column.notNull()).addColumn('seq', 'integer', (column) => column.notNull()).addPrimaryKeyConstraint('found_camera_key', ['camera', 'seq']).execute();
      await schema
        .createTable('found_lease')
        .addColumn('lease', 'text', (column) => column.primaryKey())
        .addColumn('call', 'text', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .execute();
      await schema.createTable('known_camera').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('info', 'text', (column) => column.notNull()).execute();
      await schema.createTable('cursor').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('next_seq', 'integer', (column) => column.notNull()).execute();
    },
  },
];
