// The index of footage: one row a file, one row a gap; and which file is in which seal. Portable SQL: integers, text and blobs only.
import type { Migration } from '@wanglou/core';
import { sql } from 'kysely';

/** Tables of the recorder's namespace. */
export interface RecorderTables {
  recorder_segment: SegmentTable;
  recorder_gap: GapTable;
  recorder_leaf: LeafTable;
  recorder_seal: SealTable;
  recorder_copy: CopyTable;
  recorder_hold: HoldTable;
  recorder_deletion: DeletionTable;
  recorder_sweep: SweepTable;
  recorder_clock: ClockTable;
  recorder_disk: DiskTable;
  recorder_home: HomeTable;
  recorder_health: HealthTable;
  recorder_archive: ArchiveTable;
}

/** One file. The primary key clusters a camera's footage by time. */
export interface SegmentTable {
  camera: string;
  start_ms: number;
  end_ms: number;
  run: string;
  /** Null for files of a time with one disk: the disk that was there first. */
  disk: string | null;
  path: string;
  bytes: number;
  init_bytes: number;
  sha256: Uint8Array;
  codecs: string;
  /** See `packFragmentTable`. */
  fragments: Uint8Array;
  flags: number;
  camera_offset_ms: number | null;
  /** Of a file that was erased after its retention: the deletion. The row stays, and says what was there. */
  deletion: number | null;
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

/** The place of one file in a seal; both null until it is sealed. */
export interface LeafTable {
  camera: string;
  start_ms: number;
  seal: number | null;
  place: number | null;
}

/** One seal of footage: an entry `recording.sealed` in the audit log. */
export interface SealTable {
  id: number;
  from_ms: number;
  to_ms: number;
  /** The leaf hashes one after the other, so that a proof needs one row, also when files of the minute are gone. */
  leaves: Uint8Array;
  /** Place of the entry in the audit log; null until it is known to be there. */
  seq: number | null;
}

/** A copy that left, or may have left. */
export interface CopyTable {
  call: string;
  export: string;
  /** Of the hidden mark, hex. */
  mark: string;
  /** JSON list. */
  cameras: string;
  from_ms: number;
  to_ms: number;
  person: string;
  destination: string;
  case_number: string | null;
  made_ms: number;
}

/** A hold. */
export interface HoldTable {
  id: string;
  /** JSON list. */
  cameras: string;
  from_ms: number;
  to_ms: number;
  reason: string;
  case_number: string | null;
  placed_by: string;
  placed_ms: number;
  ends_ms: number | null;
  state: string;
  /** The proposal to lift it: who, why, when. */
  lift_by: string | null;
  lift_reason: string | null;
  lift_ms: number | null;
  /** Who confirmed it, and when. */
  lifted_by: string | null;
  lifted_ms: number | null;
}

/** Files of one camera that were erased together. */
export interface DeletionTable {
  id: number;
  /** Place of the entry `recording.deleted` in the audit log. */
  seq: number;
  camera: string;
  from_ms: number;
  to_ms: number;
  files: number;
  bytes: number;
  reason: string;
  at_ms: number;
  /** 1 when no file is left; until then they are still to be removed. */
  done: number;
}

/** How far a camera's footage has been swept: whatever begins earlier is gone or held. */
export interface SweepTable {
  camera: string;
  swept_ms: number;
}

/** What is believed of the clock, in one row. */
export interface ClockTable {
  id: number;
  /** JSON of a `SweepClockState`. */
  state: string;
}

/** A disk that recordings lie on, or lay on. */
export interface DiskTable {
  id: string;
  /** Absolute folder at which it was mounted last. */
  root: string;
  /** 1 for the disk of files without one. */
  is_first: number;
  added_ms: number;
  /** Files on it that began then or later may be missing here; null when none is. */
  search_ms: number | null;
}

/** The disk to which a camera records when nothing is wrong with it. */
export interface HomeTable {
  camera: string;
  disk: string;
}

/** What is known of a camera's pictures. */
export interface HealthTable {
  camera: string;
  /** JSON of a `PictureMemory`, its edge maps in base64. */
  memory: string;
}

/** An entry of the catalogue of archives. */
export interface ArchiveTable {
  id: string;
  target: string;
  /** JSON list. */
  cameras: string;
  from_ms: number;
  to_ms: number;
  title: string;
  record: string;
  case_number: string | null;
  ordered_by: string;
  ordered_ms: number;
  call: string;
  hold: string;
  state: string;
  done_bytes: number;
  total_bytes: number;
  files: number;
  missing_ms: number;
  /** JSON of a text. */
  reason: string | null;
  verified_ms: number | null;
  record_sha256: string | null;
  restored_ms: number | null;
  /** JSON of a `RestoreOrder` that is not done. */
  restore: string | null;
}

/** Numbered steps that make the tables; never edited after a release. */
export const recorderMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'segments-and-gaps',
    clustered: ['recorder_segment'],
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
  {
    id: 2,
    name: 'seals',
    async up(database) {
      await database.schema
        .createTable('recorder_leaf')
        .addColumn('camera', 'text', (column) => column.notNull())
        .addColumn('start_ms', 'bigint', (column) => column.notNull())
        .addColumn('seal', 'bigint')
        .addColumn('place', 'integer')
        .addPrimaryKeyConstraint('recorder_leaf_key', ['camera', 'start_ms'])
        .execute();
      // Small at any size of the index: what was sealed is not in it.
      await database.schema.createIndex('recorder_leaf_unsealed').on('recorder_leaf').columns(['camera', 'start_ms']).where(sql.ref('seal'), 'is', null).execute();
      await database.schema
        .createTable('recorder_seal')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('from_ms', 'bigint', (column) => column.notNull())
        .addColumn('to_ms', 'bigint', (column) => column.notNull())
        .addColumn('leaves', 'blob', (column) => column.notNull())
        .addColumn('seq', 'bigint')
        .execute();
      await database.schema.createIndex('recorder_seal_unrecorded').on('recorder_seal').columns(['id']).where(sql.ref('seq'), 'is', null).execute();
    },
  },
  {
    id: 3,
    name: 'copies',
    async up(database) {
      await database.schema
        .createTable('recorder_copy')
        .addColumn('call', 'text', (column) => column.notNull())
        .addColumn('export', 'text', (column) => column.notNull())
        .addColumn('mark', 'text', (column) => column.notNull())
        .addColumn('cameras', 'text', (column) => column.notNull())
        .addColumn('from_ms', 'bigint', (column) => column.notNull())
        .addColumn('to_ms', 'bigint', (column) => column.notNull())
        .addColumn('person', 'text', (column) => column.notNull())
        .addColumn('destination', 'text', (column) => column.notNull())
        .addColumn('case_number', 'text')
        .addColumn('made_ms', 'bigint', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('recorder_copy_mark').on('recorder_copy').columns(['mark']).execute();
    },
  },
  {
    id: 4,
    name: 'holds-and-deletions',
    async up(database) {
      await database.schema
        .createTable('recorder_hold')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('cameras', 'text', (column) => column.notNull())
        .addColumn('from_ms', 'bigint', (column) => column.notNull())
        .addColumn('to_ms', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('case_number', 'text')
        .addColumn('placed_by', 'text', (column) => column.notNull())
        .addColumn('placed_ms', 'bigint', (column) => column.notNull())
        .addColumn('ends_ms', 'bigint')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('lift_by', 'text')
        .addColumn('lift_reason', 'text')
        .addColumn('lift_ms', 'bigint')
        .addColumn('lifted_by', 'text')
        .addColumn('lifted_ms', 'bigint')
        .execute();
      await database.schema
        .createTable('recorder_deletion')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('camera', 'text', (column) => column.notNull())
        .addColumn('from_ms', 'bigint', (column) => column.notNull())
        .addColumn('to_ms', 'bigint', (column) => column.notNull())
        .addColumn('files', 'integer', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('at_ms', 'bigint', (column) => column.notNull())
        .addColumn('done', 'integer', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('recorder_deletion_undone').on('recorder_deletion').columns(['id']).where(sql.ref('done'), '=', 0).execute();
      await database.schema.createTable('recorder_sweep').addColumn('camera', 'text', (column) => column.primaryKey()).addColumn('swept_ms', 'bigint', (column) => column.notNull()).execute();
      await database.schema.createTable('recorder_clock').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('state', 'text', (column) => column.notNull()).execute();
      await database.schema.alterTable('recorder_segment').addColumn('deletion', 'bigint').execute();
    },
  },
  {
    id: 5,
    name: 'disks',
    async up(database) {
      await database.schema
        .createTable('recorder_disk')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('root', 'text', (column) => column.notNull())
        .addColumn('is_first', 'integer', (column) => column.notNull())
        .addColumn('added_ms', 'bigint', (column) => column.notNull())
        .addColumn('search_ms', 'bigint')
        .execute();
      await database.schema.createTable('recorder_home').addColumn('camera', 'text', (column) => column.primaryKey()).addColumn('disk', 'text', (column) => column.notNull()).execute();
      await database.schema.alterTable('recorder_segment').addColumn('disk', 'text').execute();
    },
  },
  {
    id: 6,
    name: 'health',
    async up(database) {
      await database.schema.createTable('recorder_health').addColumn('camera', 'text', (column) => column.primaryKey()).addColumn('memory', 'text', (column) => column.notNull()).execute();
    },
  },
  {
    id: 7,
    name: 'archives',
    async up(database) {
      await database.schema
        .createTable('recorder_archive')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('target', 'text', (column) => column.notNull())
        .addColumn('cameras', 'text', (column) => column.notNull())
        .addColumn('from_ms', 'bigint', (column) => column.notNull())
        .addColumn('to_ms', 'bigint', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('record', 'text', (column) => column.notNull())
        .addColumn('case_number', 'text')
        .addColumn('ordered_by', 'text', (column) => column.notNull())
        .addColumn('ordered_ms', 'bigint', (column) => column.notNull())
        .addColumn('call', 'text', (column) => column.notNull())
        .addColumn('hold', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('done_bytes', 'bigint', (column) => column.notNull())
        .addColumn('total_bytes', 'bigint', (column) => column.notNull())
        .addColumn('files', 'integer', (column) => column.notNull())
        .addColumn('missing_ms', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'text')
        .addColumn('verified_ms', 'bigint')
        .addColumn('record_sha256', 'text')
        .addColumn('restored_ms', 'bigint')
        .addColumn('restore', 'text')
        .execute();
    },
  },
];
