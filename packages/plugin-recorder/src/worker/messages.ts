// What the campus process and a recorder worker say to each other. Plain JSON over IPC; credentials travel here and nowhere else.
import type { RecordingDisk } from '../disks/recording-disk.ts';
import type { IngestSource, IngestStats, IngestStatus } from '../ingest/ingest-engine.ts';
import type { GapRecord, SegmentRecord, WrittenFragment } from '../segment/segment-record.ts';
import type { DiskProblem, SyncPolicy } from '../segment/segment-writer.ts';

/** A camera as a worker gets it. */
export interface WorkerCamera extends IngestSource {
  readonly id: string;
  /** Where its files go. */
  readonly disk: RecordingDisk;
  /** Start of the newest file in the index, and end of the footage: files that start later are recovered. Absent for a camera that is new. */
  readonly indexed?: { readonly startMs?: number; readonly endMs: number };
}

/** Settings that all cameras of a worker share. */
export interface WorkerSettings {
  /** Disks on which an earlier life may have left files. */
  readonly disks: readonly RecordingDisk[];
  readonly fragmentMs: number;
  readonly segmentMs: number;
  readonly sync: SyncPolicy;
  readonly queueBytes: number;
  readonly tickMs: number;
  readonly silenceMs: number;
  /** Engine of cameras that do not say. Default: `auto`. */
  readonly engine?: 'auto' | 'native' | 'ffmpeg';
  /** Folder that `file:` addresses may name. */
  readonly filesFolder?: string;
}

/** To the worker. */
export type WorkerCommand =
  | { readonly type: 'configure'; readonly settings: WorkerSettings }
  | { readonly type: 'add'; readonly camera: WorkerCamera }
  | { readonly type: 'remove'; readonly id: string }
  /** Its files go to another disk from now on, for this reason. */
  | { readonly type: 'move'; readonly id: string; readonly disk: RecordingDisk; readonly reason: string }
  /** Receives another stream of a camera, only to be watched. */
  | { readonly type: 'receive'; readonly camera: WorkerCamera }
  | { readonly type: 'leave'; readonly id: string }
  /** Somebody watches this camera on a wall from now on, or nobody any more. */
  | { readonly type: 'watch'; readonly id: string; readonly watched: boolean }
  | { readonly type: 'stop' };

/** How a camera goes, for people. */
export type CameraStatus = IngestStatus | DiskStatus;

/** The disk does not take what the camera sends. */
type DiskStatus = { readonly state: 'error'; readonly code: DiskProblem['code']; readonly message: string };

/** Something that happened to a camera. */
export type RecorderEvent =
  | { readonly type: 'run'; readonly camera: string; readonly run: string; readonly codecs: string; readonly width: number; readonly height: number }
  | { readonly type: 'fragment'; readonly fragment: WrittenFragment }
  /** A fragment of a stream that is only watched. */
  | { readonly type: 'watched'; readonly fragment: WrittenFragment }
  | { readonly type: 'segment'; readonly segment: SegmentRecord }
  | { readonly type: 'gap'; readonly gap: GapRecord }
  | { readonly type: 'status'; readonly camera: string; readonly status: CameraStatus }
  /** A disk refuses data, or takes it again. */
  | { readonly type: 'disk'; readonly camera: string; readonly disk: string; readonly problem?: DiskProblem }
  /** A file that began then was left on a disk without being in the index. */
  | { readonly type: 'abandoned'; readonly camera: string; readonly disk: string; readonly startMs: number }
  | { readonly type: 'stats'; readonly camera: string; readonly stats: IngestStats }
  | { readonly type: 'warning'; readonly camera: string; readonly message: string }
  | { readonly type: 'removed'; readonly camera: string };

/** From the worker. Events are collected for a moment, so that one message carries many. */
export type WorkerReport =
  | { readonly type: 'ready' }
  | { readonly type: 'events'; readonly events: readonly RecorderEvent[] }
  | { readonly type: 'stopped' };
