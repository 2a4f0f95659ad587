// Wires retention and holds to the kernel: facts, the policy's word, entries in the log, and the operations.
import {
  alarmRaised, alarmRestored, cameras, confirmClock, factSources, footageDeleted, holdChanged, readRetention, RecordingError, termOf,
  type Camera, type FactDeclaration, type PluginContext, type RetentionTerm,
} from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { RecorderTables } from './catalog/tables.ts';
import { handleHolds } from './hold-operations.ts';
import { HoldBook } from './holds/hold-book.ts';
import { extentOf, RetentionBook, type Deletion, type OldFile } from './retention/retention-book.ts';
import { SweepClock } from './retention/sweep-clock.ts';
import { Sweeper, type DeletionEntry, type SweeperEvents, type Verdict } from './retention/sweeper.ts';
import { Turns } from './turns.ts';

/** What retention works with. */
export interface RetentionOptions {
  readonly database: Kysely<RecorderTables>;
  remove(file: OldFile): Promise<void>;
  needsRoom(): Promise<boolean>;
}

/** Facts of footage that an act touches. */
export const footageFacts: readonly FactDeclaration[] = [
  { path: 'footage.ageDays', type: 'integer', text: { zh: '录像已存天数', en: 'Whole days since the footage was recorded' } },
  { path: 'footage.held', type: 'boolean', text: { zh: '录像处于保全状态', en: 'A hold keeps the footage' } },
];

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** How often the clock is looked at. Each time is a tick of a clock that nobody sets. */
const tickMs = minuteMs;
/** Footage that is due is looked for each so many ticks. */
const ticksPerSweep = 10;
/** How far a person's watch may be off. */
const watchToleranceMs = 15 * minuteMs;
const clockAlarm = 'recorder:clock';

/** What others ask of retention. */
export interface Retention {
  readonly sweeper: Sweeper;
  readonly book: RetentionBook;
  readonly holds: HoldBook;
  /** Whoever places or ends holds takes turns with the sweeper. */
  readonly turns: Turns;
  /** Kind of place of a camera, where the campus knows one. */
  placeOf(camera: string): string | undefined;
  /** How long footage of a camera is kept; `undefined`: for ever. */
  termOf(camera: string): RetentionTerm | undefined;
}

/** Starts retention: what a crash left half done is ended before anybody can place a hold. */
export async function startRetention(ctx: PluginContext, { database, remove, needsRoom }: RetentionOptions): Promise<Retention> {
  const book = new RetentionBook(database);
  const holds = await HoldBook.load(database);
  const turns = new Turns();
  const clock = new SweepClock((await book.readClock()) ?? (await firstClock(ctx, book)));
  const places = followPlaces(ctx);
  const termOfCamera = (camera: string): RetentionTerm | undefined => {
    const { retention } = ctx.policy.pack();
    return retention && termOf(retention, places.get(camera));
  };
  let ticks = 0;
  const sweeper = new Sweeper({
    book, holds, turns, clock, remove, needsRoom, signal: ctx.signal,
    now: () => ctx.clock.now(),
    elapsed: () => ticks * tickMs,
    termOf: termOfCamera,
    judge: (camera, fromMs, toMs) => judge(ctx, camera, fromMs, toMs),
    record: (entry) => recordDeletion(ctx, entry),
    events: eventsOf(ctx),
  });
  await sweeper.resume();
  ctx.contribute(factSources, {
    id: 'recorder',
    read({ resource: { cameras: touched, range }, atMs }) {
      if (touched === undefined || range === undefined) return {};
      const ageDays = Math.max(0, Math.floor((atMs - clock.recordedMs(range.toMs)) / dayMs));
      return { 'footage.ageDays': ageDays, 'footage.held': touched.some((camera) => holds.isHeld(camera, range.fromMs, range.toMs)) };
    },
  });
  handleHolds(ctx, { holds, turns, released: ({ cameras: held, fromMs }) => book.lookAgain(held, fromMs) });
  handleRetention(ctx, sweeper, clock);
  ctx.defer(
    ctx.clock.every(tickMs, () => {
      ticks += 1;
      void (ticks % ticksPerSweep === 0 ? sweeper.sweep() : sweeper.look());
    }),
  );
  return { sweeper, book, holds, turns, placeOf: (camera) => places.get(camera)?.place, termOf: termOfCamera };
}

function handleRetention(ctx: PluginContext, sweeper: Sweeper, clock: SweepClock): void {
  ctx.handle(readRetention, () => {
    const { aheadSinceMs, sweptMs } = sweeper;
    return { ...(sweptMs !== undefined && { sweptMs }), ...(aheadSinceMs !== undefined && { pause: { reason: 'clock-ahead' as const, sinceMs: aheadSinceMs, believedMs: clock.state.highestMs } }) };
  });
  ctx.handle(confirmClock, async ({ nowMs, wrongSinceMs }) => {
    const confirmedMs = ctx.clock.now();
    if (Math.abs(nowMs - confirmedMs) > watchToleranceMs) throw new RecordingError('CLOCK_DIFFERS', { clock: new Date(confirmedMs).toISOString() });
    const wasPaused = sweeper.aheadSinceMs !== undefined;
    await sweeper.confirmClock(wrongSinceMs);
    if (wasPaused) ctx.emit(alarmRestored, { source: clockAlarm, atMs: confirmedMs });
    return { confirmedMs };
  });
}

/** An index without a word on the clock is of an older version, or new: the newest footage is what is known of the time. */
async function firstClock(ctx: PluginContext, book: RetentionBook): Promise<SweepClock['state']> {
  const knownMs = (await book.newestMs()) ?? ctx.clock.now();
  return { seenMs: knownMs, highestMs: knownMs, wrongTimes: [] };
}

function followPlaces(ctx: PluginContext): ReadonlyMap<string, { readonly place?: string | undefined }> {
  const places = new Map<string, { readonly place?: string | undefined }>();
  ctx.follow(
    cameras,
    ({ id, info }: Camera) => void places.set(id, { place: info.place }),
    ({ id }: Camera) => void places.delete(id),
  );
  return places;
}

async function judge(ctx: PluginContext, camera: string, fromMs: number, toMs: number): Promise<Verdict> {
  const principal = { kind: 'plugin', id: ctx.pluginId } as const;
  const facts = await ctx.policy.facts({ principal, operation: 'recording.erase', action: 'erase', resource: { cameras: [camera], range: { fromMs, toMs } } });
  const { effect, permits, denials, pack, packSha256 } = ctx.policy.decide('erase', facts);
  const rule = (effect === 'permit' ? permits[0] : denials[0]?.rule) ?? '';
  if (effect === 'deny') ctx.log.warn({ camera, fromMs, toMs, rule }, 'footage is past its retention, and the rules refuse to erase it; it stays');
  return { permitted: effect === 'permit', rule, pack, packSha256 };
}

function recordDeletion(ctx: PluginContext, { camera, files, reason, rule, pack, packSha256 }: DeletionEntry): Promise<{ readonly seq: number }> {
  const { bytes, ...range } = extentOf(files);
  return ctx.record({
    kind: 'recording.deleted', principal: { kind: 'plugin', id: ctx.pluginId }, action: 'erase', resource: { cameras: [camera], range },
    open: { files: files.length, bytes, sha256: files.map(({ sha256 }) => sha256), reason, rule, pack, packSha256 },
  });
}

function eventsOf(ctx: PluginContext): SweeperEvents {
  const principal = { kind: 'plugin', id: ctx.pluginId } as const;
  return {
    deleted: ({ camera, files, reason }, seq) => ctx.emit(footageDeleted, { camera, ...extentOf(files), files: files.length, reason, seq }),
    async kept({ seq, camera }: Deletion, files) {
      await ctx.record({ kind: 'recording.kept', principal, resource: { cameras: [camera] }, open: { seq, sha256: files.map(({ sha256 }) => sha256) } });
    },
    async ended(hold) {
      ctx.emit(holdChanged, hold);
      await ctx.record({ kind: 'recording.hold-ended', principal, resource: { cameras: hold.cameras, range: { fromMs: hold.fromMs, toMs: hold.toMs }, subject: `hold:${hold.id}` } });
    },
    ahead(believedMs) {
      const raisedMs = ctx.clock.now();
      const days = Math.round((raisedMs - believedMs) / dayMs);
      const title = { zh: `录像主机时钟比上次所见超前约 ${days} 天，已暂停清除到期录像；请核对时间并确认`, en: `The recorder's clock is about ${days} days ahead of what it was; no footage is erased until somebody confirms the time` };
      ctx.emit(alarmRaised, { source: clockAlarm, priority: 'high', title, cameras: [], raisedMs });
    },
    failed: (error) => ctx.log.warn({ err: error }, 'footage that is past its retention could not be erased; it stays, and is tried again'),
  };
}
