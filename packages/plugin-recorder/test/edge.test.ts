// Gaps that are filled from a camera's own storage: the storage plays what a real recorder wrote.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createTestClock } from '@wanglou/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Backfill, type EdgeFootage } from '../src/edge/backfill.ts';
import { planPlayback } from '../src/hls/playback-plan.ts';
import { segmentFlags, type GapRecord, type SegmentRecord } from '../src/segment/segment-record.ts';
import { RtspSource } from './support/rtsp-source.ts';
import { startRecorder, until, type RunningRecorder } from './support/running-recorder.ts';

let running: RunningRecorder;
let card: SegmentRecord;

beforeAll(async () => {
  await using source = await RtspSource.start({ rate: 100 });
  running = await startRecorder({ segmentMs: 8_000 });
  running.recorder.add({ id: 'card', url: source.url });
  await until(() => running.sealed.length >= 1, 'a file of eight seconds', 20_000);
  running.recorder.remove('card');
  card = running.sealed[0]!;
}, 30_000);
afterAll(() => running[Symbol.asyncDispose]());

const whole = (): AsyncIterable<Uint8Array> => createReadStream(path.join(running.root, card.path), { highWaterMark: 10_000 });

interface Filled {
  readonly backfill: Backfill;
  readonly told: GapRecord[];
  readonly warnings: string[];
  readonly clock: ReturnType<typeof createTestClock>;
  live: boolean;
}

function setUp(storage: EdgeFootage | undefined): Filled {
  const clock = createTestClock();
  const seen: Filled = {
    clock, told: [], warnings: [], live: true,
    backfill: new Backfill({
      diskOf: (camera) => running.disks.assign(camera), storageOf: () => storage, isRecording: () => seen.live, take: (segment) => running.recorder.take(segment),
      after: (delayMs, task) => clock.after(delayMs, task), filled: (gap) => seen.told.push(gap), warning: (_camera, message) => seen.warnings.push(message),
    }),
  };
  return seen;
}

let cameras = 0;
/** A gap that lies inside what the card has. */
async function gapOf(fromMs: number, toMs: number): Promise<GapRecord> {
  const gap: GapRecord = { camera: `camera-${(cameras += 1)}`, startMs: card.startMs + fromMs, endMs: card.startMs + toMs, cause: 'network', detail: 'the cable was pulled' };
  await running.catalog.save([], [gap]);
  return gap;
}

describe('a gap that the card of the camera can fill', { timeout: 20_000 }, () => {
  it('is filled with whole groups of pictures inside it, marked as such, hashed, and played like any footage', async () => {
    const asked: number[][] = [];
    const filled = setUp({
      async *footage(fromMs, toMs) {
        asked.push([fromMs, toMs]);
        yield { startMs: card.startMs, bytes: whole() };
      },
    });
    const gap = await gapOf(1_000, 6_500);
    filled.backfill.gapEnded(gap);
    expect(asked).toEqual([]);
    await filled.clock.advance(10_000);
    await until(() => filled.told.length === 1, 'the footage');
    expect(asked).toEqual([[gap.startMs, gap.endMs]]);
    const [segment, ...more] = await running.catalog.segmentsBetween(gap.camera, 0, Number.MAX_SAFE_INTEGER);
    expect(more).toEqual([]);
    expect(segment!.flags).toBe(segmentFlags.edge);
    expect(segment!.startMs).toBeGreaterThanOrEqual(gap.startMs - 40);
    expect(segment!.endMs).toBeLessThanOrEqual(gap.endMs! + 40);
    expect(segment!.endMs - segment!.startMs).toBeGreaterThan(3_000);
    const bytes = await readFile(path.join(running.root, segment!.path));
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([segment!.bytes, segment!.sha256]);
    expect(segment!.fragments[0]?.key).toBe(true);
    expect(planPlayback([{ ...segment!, root: running.root }], gap.startMs, gap.endMs!).segments.length).toBeGreaterThan(0);
    const timeline = await running.recorder.timeline(gap.camera, gap.startMs - 1000, gap.endMs! + 1000);
    expect(timeline.gaps).toMatchObject([{ cause: 'network', filled: [{ startMs: segment!.startMs, endMs: segment!.endMs }] }]);
    expect(timeline.recorded).toEqual([{ startMs: segment!.startMs, endMs: segment!.endMs }]);
    // Nothing but the file is left of it.
    expect((await readdir(path.join(running.root, gap.camera), { recursive: true })).filter((name) => /\.(?:edge|part)$/.test(name))).toEqual([]);
    await filled.backfill.close();
  });

  it('takes clips that overlap once, and the same file again after it was filled twice', async () => {
    const filled = setUp({
      async *footage() {
        yield { startMs: card.startMs, bytes: whole() };
        yield { startMs: card.startMs, bytes: whole() };
      },
    });
    const gap = await gapOf(0, 20_000);
    for (let round = 1; round <= 2; round += 1) {
      filled.backfill.gapEnded(gap);
      await filled.clock.advance(10_000);
      await until(() => filled.told.length === round, 'the footage');
    }
    expect(await running.catalog.segmentsBetween(gap.camera, 0, Number.MAX_SAFE_INTEGER)).toHaveLength(1);
    await filled.backfill.close();
  });

  it('waits until the live stream is back', async () => {
    const filled = setUp({
      async *footage() {
        yield { startMs: card.startMs, bytes: whole() };
      },
    });
    filled.live = false;
    filled.backfill.gapEnded(await gapOf(0, 9_000));
    await filled.clock.advance(10_000);
    expect(filled.told).toEqual([]);
    filled.live = true;
    await filled.clock.advance(60_000);
    await until(() => filled.told.length === 1, 'the footage');
    await filled.backfill.close();
  });

  it('is asked for five times when the camera fails, and says each time why; what it sent is no footage', async () => {
    const filled = setUp({
      async *footage() {
        yield { startMs: card.startMs, bytes: (async function* () { yield Buffer.from('not a film'); })() };
      },
    });
    filled.backfill.gapEnded(await gapOf(0, 5_000));
    for (let wait = 0; wait < 8; wait += 1) {
      await filled.clock.advance(300_000);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(filled.warnings).toHaveLength(5);
    expect(filled.warnings[0]).toContain('the storage sent no fragmented MP4');
    expect(filled.told).toEqual([]);
    await filled.backfill.close();
  });

  it('is cut off when the camera sends without end', async () => {
    const filled = setUp({
      async *footage() {
        yield { startMs: card.startMs, bytes: (async function* () { for (;;) yield Buffer.alloc(4 * 1024 * 1024); })() };
      },
    });
    filled.backfill.gapEnded(await gapOf(0, 2_000));
    await filled.clock.advance(10_000);
    await until(() => filled.warnings.length === 1, 'the refusal');
    expect(filled.warnings[0]).toMatch(/more than \d+ bytes/);
    await filled.backfill.close();
  });

  it('is left alone when it is short, still open, wanted, or the camera has no card', async () => {
    const asked: string[] = [];
    const storage: EdgeFootage = { footage: async function* () { asked.push('x'); yield* []; } };
    const filled = setUp(storage);
    const gap = await gapOf(0, 5_000);
    const { endMs: _, ...open } = gap;
    for (const one of [{ ...gap, endMs: gap.startMs + 1000 }, open, { ...gap, cause: 'permit' as const }]) filled.backfill.gapEnded(one);
    setUp(undefined).backfill.gapEnded(gap);
    await filled.clock.advance(60_000);
    expect(asked).toEqual([]);
    await filled.backfill.close();
  });
});
