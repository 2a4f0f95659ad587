// What should be looked at about a camera although it is being recorded, and its figures.
import type { RecordingHealth, RecordingStatus, Text } from '@wanglou/core';
import type { Formats } from '../i18n/format.ts';
import type { Words } from '../i18n/language.ts';

/** Something that should be looked at. */
export interface Concern {
  readonly code: string;
  readonly text: Text;
}

/** Each once, whoever tells it. What a camera that is not recorded had before it went is history. */
export function concernsOf(status: RecordingStatus | undefined, health: RecordingHealth | undefined): readonly Concern[] {
  if (status?.state !== 'recording') return [];
  const undecoded = health?.snapshotProblem?.code === 'SNAPSHOT_FAILED' ? [health.snapshotProblem] : [];
  const concerns = new Map<string, Concern>();
  for (const concern of [...(health?.problems ?? []), ...undecoded, ...(status.warnings ?? [])]) if (!concerns.has(concern.code)) concerns.set(concern.code, concern);
  return [...concerns.values()];
}

/** Why no pictures are looked at although they should be: the same for all cameras, so it is said once. */
export function blindnessOf(healths: ReadonlyMap<string, RecordingHealth>): Text | undefined {
  return [...healths.values()].find(({ snapshotProblem }) => snapshotProblem?.code === 'SNAPSHOTS_NEED_FFMPEG')?.snapshotProblem?.text;
}

/** Figures of a camera, one a line. */
export function figuresOf({ kbps, fps, keyframeIntervalMs, clock, lastGap, snapshotMs }: RecordingHealth, words: Words, formats: Formats): string {
  const seconds = (millis: number): string => (millis / 1000).toFixed(1).replace('-0.0', '0.0');
  const gapEnd = lastGap?.toMs === undefined ? words.t('health.until-now') : formats.moment(lastGap.toMs);
  return [
    kbps !== undefined && words.t('health.bit-rate', { kbps }),
    fps !== undefined && words.t('health.frame-rate', { fps }),
    keyframeIntervalMs !== undefined && words.t('health.keyframes', { seconds: seconds(keyframeIntervalMs) }),
    clock !== undefined && words.t('health.clock', { seconds: seconds(clock.offsetMs) }),
    clock?.driftMsPerDay !== undefined && words.t('health.drift', { seconds: seconds(clock.driftMsPerDay) }),
    lastGap !== undefined && words.t('health.gap', { from: formats.moment(lastGap.fromMs), to: gapEnd }),
    snapshotMs !== undefined && words.t('health.snapshot', { at: formats.moment(snapshotMs) }),
  ].filter((line) => line !== false).join('\n');
}
