// Says what a crash cost, and what of it must not be.
import type { CrashReport } from './crash-run.ts';

/** Longest times that are good enough. */
export interface CrashLimits {
  readonly lostFootageMs: number;
  readonly restartMs: number;
}

/** One line of figures. */
export function showCrash(crash: CrashReport): string {
  const { killed, acknowledged, acknowledgedGrants, lostFootageMs, readyMs, restartMs, recoveredFiles } = crash;
  return `killed ${killed}: ${acknowledged} acts and ${acknowledgedGrants} grants acknowledged so far, ${crash.lostEntries.length} and ${crash.lostGrants.length} lost; at most ${lostFootageMs.toFixed(0)} ms of footage lost; serves after ${readyMs.toFixed(0)} ms, all cameras recorded after ${restartMs.toFixed(0)} ms; ${recoveredFiles} files recovered`;
}

/** Everything about a crash that must not be. */
export function failuresOf(crash: CrashReport, limits: CrashLimits): readonly string[] {
  const { lostEntries, lostGrants, unexplained, damagedFiles, orphans, audit, playbackStatus, lostFootageMs, restartMs } = crash;
  return [
    ...lostEntries.map((entry) => `the acknowledged act ${entry} is not on record`),
    ...lostGrants.map((grant) => `the acknowledged grant ${grant} is gone`),
    ...unexplained,
    ...damagedFiles.map((file) => `${file} is not what the index says`),
    ...orphans.map((pid) => `process ${pid} of the killed campus still runs`),
    ...(audit.code === 0 ? [] : [`the audit log does not verify: ${audit.output}`]),
    ...(playbackStatus === 200 ? [] : [`a grant from before the kill opens nothing (${playbackStatus})`]),
    ...(lostFootageMs <= limits.lostFootageMs ? [] : [`${lostFootageMs.toFixed(0)} ms of footage were lost`]),
    ...(restartMs <= limits.restartMs ? [] : [`the cameras were recorded again after ${restartMs.toFixed(0)} ms`]),
  ];
}
