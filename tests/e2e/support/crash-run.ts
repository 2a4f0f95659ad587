// Kills a working campus at random moments, starts it again, and counts what was acknowledged and is gone.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Timeline } from '../../../packages/core/src/index.ts';
import { cameraIds, startCameras } from './cameras.ts';
import { newFolder, orphans, startCampus, type CampusProcess } from './campus-process.ts';
import { pause, until } from './child.ts';
import type { Client } from './client.ts';
import { startWork, type Acknowledged } from './crash-work.ts';
import { wanglou } from './wanglou.ts';

/** What one kill cost. */
export interface CrashReport {
  /** `campus`: the campus process alone; `all`: its recorder workers in the same moment, as when memory runs out. */
  readonly killed: 'campus' | 'all';
  /** Acts that were answered before the kill, and those of them that are no longer on record. */
  readonly acknowledged: number;
  readonly lostEntries: readonly string[];
  readonly acknowledgedGrants: number;
  readonly lostGrants: readonly string[];
  readonly audit: { readonly code: number | null; readonly output: string };
  /** A grant from before the kill still opens its footage. */
  readonly playbackStatus: number;
  /** Time between the end of the footage and the kill, the worst camera. */
  readonly lostFootageMs: number;
  /** Cameras whose hole is not explained by a gap of cause `recorder`, with what stands there instead. */
  readonly unexplained: readonly string[];
  /** Recovered files whose content is not what the index says. */
  readonly damagedFiles: readonly string[];
  readonly recoveredFiles: number;
  /** From the start of the process until every camera is recorded again. */
  readonly restartMs: number;
  readonly readyMs: number;
  /** Processes of the killed campus that did not end. */
  readonly orphans: readonly number[];
}

/** What {@link crashRepeatedly} takes. */
export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  report(crash: CrashReport, index: number): void;
}

/** A hole this short is jitter of the clocks. */
const jitterMs = 300;

/** Works and kills; every kill is followed by a full account. */
export async function crashRepeatedly({ kills, seed, report }: CrashOptions): Promise<readonly CrashReport[]> {
  const random = seededRandom(seed);
  await using cameras = await startCameras();
  const data = await newFolder();
  const env = cameras.environment;
  const reports: CrashReport[] = [];
  const acknowledged: Acknowledged = { entries: [], grants: [] };
  let campus = await startCampus({ data, env });
  try {
    let [operator, head] = await Promise.all(['operator', 'section-head'].map((name) => campus.client().signIn(name))) as [Client, Client];
    await operator.do('duty.begin');
    const firstMs = Date.now();
    await recording(operator, firstMs);
    for (let kill = 0; kill < kills; kill++) {
      const work = startWork(operator, head, acknowledged);
      await pause(2000 + random() * 4000);
      const killed = kill % 2 === 0 ? 'all' : 'campus';
      const { killedMs, workers } = await campus.kill(killed === 'all');
      await work.stop();
      const startedMs = Date.now();
      const started = performance.now();
      campus = await startCampus({ data, env });
      const readyMs = performance.now() - started;
      [operator, head] = [operator.at(campus.address), head.at(campus.address)];
      await recording(operator, startedMs);
      const restartMs = performance.now() - started;
      const account = await accountFor({ campus, operator, acknowledged, firstMs, killedMs, startedMs });
      const crash = { killed, restartMs, readyMs, orphans: await orphans(workers), ...account } as const;
      reports.push(crash);
      report(crash, kill);
    }
    return reports;
  } finally {
    await campus.stop();
    await campus.remove();
  }
}

/** Waits until every camera has a picture that is newer than `sinceMs`. */
async function recording(operator: Client, sinceMs: number): Promise<void> {
  await until('all cameras to be recorded', async () => {
    const statuses = await operator.statuses();
    const all = cameraIds.every((id) => statuses.get(id)?.state === 'recording' && (statuses.get(id)?.lastFrameMs ?? 0) > sinceMs);
    return all || undefined;
  });
}

interface Scene {
  readonly campus: CampusProcess;
  readonly operator: Client;
  readonly acknowledged: Acknowledged;
  readonly firstMs: number;
  readonly killedMs: number;
  readonly startedMs: number;
}

async function accountFor({ campus, operator, acknowledged, firstMs, killedMs, startedMs }: Scene) {
  const { entries, grants } = acknowledged;
  const onRecord = readRecords(campus.data);
  const held = readGrants(campus.data);
  const last = grants.at(-1)!;
  const playback = await operator.call('recording.playback', { camera: last.camera, ...last.range });
  const timelines = await operator.timelines(cameraIds, firstMs - 60_000, Date.now());
  const holes = timelines.map((timeline) => holeAt(timeline, killedMs));
  const recovered = await recoveredFiles(campus.data, startedMs);
  return {
    acknowledged: entries.length,
    lostEntries: entries.filter((entry) => !onRecord.has(entry)),
    acknowledgedGrants: grants.length,
    lostGrants: grants.filter(({ id }) => !held.has(id)).map(({ id }) => id),
    audit: await wanglou(['audit', 'verify', '--data', campus.data]),
    playbackStatus: playback.status,
    lostFootageMs: Math.max(...holes.map((hole) => killedMs - hole.endMs)),
    unexplained: [...holes.flatMap((hole) => hole.problem ?? []), ...timelines.flatMap(uncovered)],
    damagedFiles: recovered.damaged,
    recoveredFiles: recovered.count,
  };
}

/** The end of the footage before the kill, and what is wrong with the gap after it. */
function holeAt({ camera, recorded, gaps }: Timeline, killedMs: number): { readonly endMs: number; readonly problem?: string } {
  const before = recorded.findLast((stretch) => stretch.fromMs < killedMs);
  const after = recorded.find((stretch) => stretch.fromMs > killedMs);
  if (!before || !after) return { endMs: before?.toMs ?? 0, problem: `${camera}: footage ${before ? 'after' : 'before'} the kill is missing` };
  const explained = gaps.some((gap) => gap.cause === 'recorder' && Math.abs(gap.fromMs - before.toMs) <= jitterMs && Math.abs((gap.toMs ?? 0) - after.fromMs) <= jitterMs);
  return { endMs: before.toMs, ...(!explained && { problem: `${camera}: the hole ${before.toMs} to ${after.fromMs} is told as ${JSON.stringify(gaps.filter((gap) => gap.fromMs >= before.toMs - 5000))}` }) };
}

/** Holes between stretches that no gap tells of. */
function uncovered({ camera, recorded, gaps }: Timeline): string[] {
  return recorded.slice(1).flatMap((stretch, index) => {
    const endMs = recorded[index]!.toMs;
    const told = stretch.fromMs - endMs <= jitterMs || gaps.some((gap) => gap.fromMs <= endMs + jitterMs && (gap.toMs ?? Infinity) >= stretch.fromMs - jitterMs);
    return told ? [] : [`${camera}: nothing tells of the hole ${endMs} to ${stretch.fromMs}`];
  });
}

/** Opens a database of the running campus for reading. */
function withDatabase<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

/** Marks of all acts whose decision and outcome are on record; of refused ones, the decision. */
function readRecords(data: string): ReadonlySet<string> {
  return withDatabase(join(data, 'audit.db'), (database) => {
    const marks = new Map<string, string>();
    const found = new Set<string>();
    for (const row of database.prepare('SELECT entry.body, private_part.body AS hidden FROM entry LEFT JOIN private_part USING (seq) ORDER BY seq').iterate()) {
      const entry = { ...JSON.parse(row['body'] as string), ...JSON.parse((row['hidden'] as string | null) ?? '{}') } as { kind: string; call: string; operation: string; input?: { reason?: string; request?: string; fromMs?: number }; decision?: { effect: string }; outcome?: string };
      if (entry.kind === 'decision') {
        const mark = `${entry.operation} ${entry.input?.reason || entry.input?.request || entry.input?.fromMs}`;
        marks.set(entry.call, mark);
        if (entry.decision?.effect === 'deny') found.add(mark);
      }
      if (entry.kind === 'outcome' && entry.outcome === 'done') found.add(marks.get(entry.call)!);
    }
    return found;
  });
}

function readGrants(data: string): ReadonlySet<string> {
  return withDatabase(join(data, 'access.db'), (database) => new Set(database.prepare('SELECT id FROM grant_record').all().map((row) => row['id'] as string)));
}

/** Files that the recovery scan put into the index: what lies on the disk must be what the index says. */
async function recoveredFiles(data: string, beforeMs: number): Promise<{ readonly count: number; readonly damaged: readonly string[] }> {
  // Rows of files are saved in groups, a moment after they were found.
  await pause(700);
  const rows = withDatabase(join(data, 'recorder.db'), (database) => database.prepare('SELECT path, bytes, sha256 FROM recorder_segment WHERE flags & 1 AND start_ms < ?').all(beforeMs)) as unknown as readonly { path: string; bytes: number; sha256: Uint8Array }[];
  const damaged: string[] = [];
  for (const { path, bytes, sha256 } of rows) {
    const content = await readFile(join(data, 'recordings', path));
    const hash = createHash('sha256').update(content).digest();
    if (content.length !== bytes || !hash.equals(sha256)) damaged.push(path);
  }
  return { count: rows.length, damaged };
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
