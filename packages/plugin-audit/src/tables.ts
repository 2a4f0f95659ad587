// The tables of the log. They are written by the log's own thread alone.
import type { Migration } from '@wanglou/core';

/** Column types. */
export interface AuditTables {
  /** `body` is the leaf data, canonical JSON. `mac` stands in the last entry of a commit, over the checkpoint that ends with it. */
  entry: { seq: number; body: string; mac: Uint8Array | null };
  /** What an entry says of persons; gone when they are erased. `body` is canonical JSON. */
  private_part: { seq: number; salt: Uint8Array; body: string };
  /** Salts of the pseudonyms. */
  person: { id: string; salt: Uint8Array };
  /** Full tiles; those that grow are computed from what is below them. `root` is one hash of the level above. */
  tile: { level: number; place: number; hashes: Uint8Array; root: Uint8Array };
  /** Entries below it were pruned. One row at most. */
  minimum_index: { id: number; seq: number };
}

export const auditMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'the transparency log',
    async up({ schema }) {
      await schema.createTable('entry').addColumn('seq', 'integer', (column) => column.primaryKey()).addColumn('body', 'text', (column) => column.notNull()).addColumn('mac', 'blob').execute();
      await schema
        .createTable('private_part')
        .addColumn('seq', 'integer', (column) => column.primaryKey())
        .addColumn('salt', 'blob', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .execute();
      await schema.createTable('person').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('salt', 'blob', (column) => column.notNull()).execute();
      await schema
        .createTable('tile')
        .addColumn('level', 'integer', (column) => column.notNull())
        .addColumn('place', 'integer', (column) => column.notNull())
        .addColumn('hashes', 'blob', (column) => column.notNull())
        .addColumn('root', 'blob', (column) => column.notNull())
        .addPrimaryKeyConstraint('tile_key', ['level', 'place'])
        .execute();
      await schema.createTable('minimum_index').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('seq', 'integer', (column) => column.notNull()).execute();
    },
  },
];
