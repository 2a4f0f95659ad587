/**
 * Recording, index, live view and playback.
 *
 * @packageDocumentation
 */
export { recorder } from './plugin.ts';
export type { RecorderConfig } from './config.ts';
export { RecorderError, recorderErrorTable, type RecorderErrorCode, type RecordingProblemCode } from './errors.ts';
export { IngestError, type IngestErrorCode } from './ingest/ingest-error.ts';
export { defaultIngestOptions, type EngineChoice, type Fragment, type FragmentSink, type IngestEngine, type IngestOptions, type IngestSession, type IngestSource, type IngestTls, type IngestTransport, type IngestMemory, type IngestStats, type IngestStatus, type IngestWarning, type IngestWarningCode, type Interruption, type RunStart, type TrackInfo } from './ingest/ingest-engine.ts';
export type { AacTrackInfo, AudioTrackInfo, FlacTrackInfo, H264TrackInfo, H265TrackInfo, OpusTrackInfo, VideoTrackInfo } from './fmp4/track-info.ts';
export { autoEngine, type AutoEngineOptions } from './ingest/auto-engine.ts';
export { ffmpegEngine, type FfmpegEngineOptions } from './ingest/ffmpeg/ffmpeg-engine.ts';
export type { FfmpegAbsence, FfmpegProgram } from './ffmpeg/ffmpeg-program.ts';
export { nativeEngine, type NativeEngineOptions } from './ingest/native/native-engine.ts';
export { findMarks } from './export/hidden-mark.ts';
export { Catalog, type FootageTimeline, type RecordedStretch } from './catalog/catalog.ts';
export { recorderMigrations, type DiskTable, type GapTable, type HomeTable, type LeafTable, type RecorderTables, type SealTable, type SegmentTable } from './catalog/tables.ts';
export { DiskBook, type KnownDisk } from './disks/disk-book.ts';
export { Disks, type CameraMove, type DisksOptions, type UnsearchedDisk } from './disks/disks.ts';
export type { DiskCondition, DiskSpace, DiskState } from './disks/disk-state.ts';
export type { RecordingDisk } from './disks/recording-disk.ts';
export { fsck, type FsckOptions } from './fsck.ts';
export { findingKinds, type Finding, type FindingKind } from './fsck/finding.ts';
export type { CheckSummary } from './fsck/check-recordings.ts';
export { Recorder, type CameraState, type RecordedCamera, type RecorderListener, type RecorderOptions } from './recorder.ts';
export { recoverSegments, type RecoverOptions, type Recovery } from './segment/recover.ts';
export type { GapCause, GapRecord, SegmentRecord, WrittenFragment } from './segment/segment-record.ts';
export type { DiskProblem, SyncPolicy } from './segment/segment-writer.ts';
export type { CameraStatus, WorkerCamera, WorkerSettings } from './worker/messages.ts';
