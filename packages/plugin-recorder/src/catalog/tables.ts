// The index of footage: one row a file, one row a gap. Portable SQL: integers, text and blobs only.
import type { Migration } from './migration.ts';

/** Tables of the recorder's namespace. */
export interface RecorderTables {
  recorder_segment: SegmentTable;
  recorder_gap: GapTable;
}

/** One file. The primary key clusters a camera's footage by time. */
export interface SegmentTable {
  camera: string;
  start_ms: number;
  end_ms: number;
  run: string;
  path: string;
  bytes: number;
  init_bytes: number;
  sha256: Uint8Array;
  codecs: string;
  /** See `packFragmentTable`. */
  fragments: Uint8Array;
  flags: number;
  camera_offset_ms: number | null;
}

/** Time without footage. */
export interface GapTable {
  camera: string;
  start_ms: number;
  /** Null while the gap is open. */
  end_ms: number | null;
  cause: string;
  detail: string;
}

/** Numbered steps that make the tables; never edited after a release. */
export const recorderMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'segments-and-gaps',
    async up(database) {
      await database.schema
        .createTable('recorder_segment')
        .addColumn('camera', 'text', (column) => column.notNull())
        .addColumn('start_ms', 'bigint', (column) => column.notNull())
        .addColumn('end_ms', 'bigint', (column) => column.notNull())
        .addColumn('run', 'text', (column) => column.notNull())
        .addColumn('path', 'text', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('init_bytes', 'integer', (column) => column.notNull())
        .addColumn('sha256', 'blob', (column) => column.notNull())
        .addColumn('codecs', 'text', (column) => column.notNull())
        .addColumn('fragments', 'blob', (column) => column.notNull())
        .addColumn('flags', 'integer', (column) => column.notNull())
        .addColumn('camera_offset_ms', 'bigint')
        .addPrimaryKeyConstraint('recorder_segment_key', ['camera', 'start_ms'])
        .execute();
      await database.schema
        .createTable('recorder_gap')
        .addColumn('camera', 'text', (column) => column.notNull())
        .addColumn('start_ms', 'bigint', (column) => column.notNull())
        .addColumn('end_ms', 'bigint')
        .addColumn('cause', 'text', (column) => column.notNull())
        .addColumn('detail', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('recorder_gap_key', ['camera', 'start_ms'])
        .execute();
    },
  },
];
