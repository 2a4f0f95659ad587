// Whether a camera that is being recorded is still worth recording: its stream, its clock, its picture. Articles 12(5), 15, 16.
import { defineEvent, defineOperation } from '../refs.ts';
import type { Text } from '../text.ts';
import type { Gap } from './recording.ts';
import { cameraProperty, objectSchema } from './schema.ts';

/** Something about a camera that should be looked at. It stays while the camera is away: nothing shows that it is over. */
export interface HealthProblem {
  /**
   * Of the stream: `FRAME_RATE_LOW`, `KEYFRAMES_RARE`, `CLOCK_OFFSET`.
   * Of what it shows: `PICTURE_FROZEN`, `PICTURE_BLACK`, `PICTURE_COVERED`, `PICTURE_MOVED`.
   */
  readonly code: string;
  readonly text: Text;
  /** When it was noticed. */
  readonly sinceMs: number;
}

/** Health of one camera. A figure that is not known, or of a stream that has stopped, is absent. */
export interface RecordingHealth {
  readonly camera: string;
  /** Bit rate in kilobits a second, over about ten seconds of footage. */
  readonly kbps?: number;
  /** Frames a second, over the same time. */
  readonly fps?: number;
  /** Between the last two keyframes, or since the last one where that is longer already. */
  readonly keyframeIntervalMs?: number;
  /** Clock of the camera minus clock of the recorder, from the RTCP sender reports; and how fast that grows, once half an hour is known. */
  readonly clock?: { readonly offsetMs: number; readonly driftMsPerDay?: number };
  readonly lastGap?: Gap;
  /** When the picture was taken that was looked at last. */
  readonly snapshotMs?: number;
  /** Why its picture is not looked at: `SNAPSHOTS_OFF`, `SNAPSHOTS_NEED_FFMPEG`, `SNAPSHOT_FAILED`. */
  readonly snapshotProblem?: { readonly code: string; readonly text: Text };
  readonly problems: readonly HealthProblem[];
}

/** Says how healthy each camera is. Shows no picture. */
export const readHealth = defineOperation<{ readonly healths: readonly RecordingHealth[] }>()({
  id: 'recording.health',
  title: { zh: '查看摄像机健康状况', en: 'Read the health of cameras' },
  action: 'view',
  articles: ['12(5)', '15', '16'],
  input: objectSchema({}),
  resource: () => ({}),
});

/** Says that a camera shows what it should although it is said to have moved: it was moved on purpose. Throws `NO_SNAPSHOT`. */
export const renewReference = defineOperation<Record<string, never>>()({
  id: 'recording.renew-reference',
  title: { zh: '更新画面基准', en: 'Renew the reference of a picture' },
  action: 'maintain',
  articles: ['12(5)', '15', '16'],
  input: objectSchema({ camera: cameraProperty }),
  resource: (input) => ({ cameras: [input.camera] }),
});

/**
 * A problem of a camera came or went, a gap began or ended, its picture is looked at or not any more, or a figure is another for half a minute:
 * twice or half the bit rate, a quarter more or less frames, half more or less between keyframes, a second of clock offset, ten a day of drift.
 */
export const healthChanged = defineEvent<RecordingHealth>('recording.health-changed');
