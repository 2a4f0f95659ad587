// The tables of fire messages. Portable SQL: integers, text and blobs only.
import type { Migration } from '@wanglou/core';

/** Tables of the fire namespace. */
export interface FireTables {
  fire_frame: FrameTable;
  fire_unsettled: UnsettledTable;
  fire_level: LevelTable;
}

/** A message as it was received. Rows are added and never changed. */
export interface FrameTable {
  /** In the order of reception; numbers of messages that could not be stored are missing. */
  id: number;
  /** Protocol. */
  kind: string;
  source: string;
  received_ms: number;
  peer: string;
  bytes: Uint8Array;
}

/** Messages that were stored and perhaps not told: few at any time. */
export interface UnsettledTable {
  frame: number;
}

/** What is on at a point. */
export interface LevelTable {
  point_key: string;
  kind: string;
  source: string;
  /** Names, separated by commas. */
  flags: string;
  /** The message that said so last; 0 for none. */
  frame: number;
}

/** Numbered steps that make the tables; never edited after a release. */
export const fireMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'frames-and-levels',
    async up(database) {
      await database.schema
        .createTable('fire_frame')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('received_ms', 'bigint', (column) => column.notNull())
        .addColumn('peer', 'text', (column) => column.notNull())
        .addColumn('bytes', 'blob', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('fire_frame_received').on('fire_frame').columns(['received_ms']).execute();
      await database.schema.createTable('fire_unsettled').addColumn('frame', 'bigint', (column) => column.primaryKey()).execute();
      await database.schema
        .createTable('fire_level')
        .addColumn('point_key', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('flags', 'text', (column) => column.notNull())
        .addColumn('frame', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];
