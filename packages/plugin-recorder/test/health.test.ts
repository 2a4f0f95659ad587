// Health of cameras from made fragments and made pictures.
import { describe, expect, it } from 'vitest';
import { toHealth } from '../src/health-text.ts';
import { ClockDrift } from '../src/health/clock-drift.ts';
import { hasWandered } from '../src/health/health-figures.ts';
import { defaultHealthLimits, HealthMonitor, type CameraHealth } from '../src/health/health-monitor.ts';
import { Hysteresis, judge } from '../src/health/hysteresis.ts';
import { SnapshotRound } from '../src/health/snapshot-round.ts';
import { StreamMeter } from '../src/health/stream-meter.ts';
import type { WrittenFragment } from '../src/segment/segment-record.ts';
import { gray, noisy, scene, seen } from './support/gray.ts';

function fragment(index: number, changes: Partial<WrittenFragment> = {}): WrittenFragment {
  return { camera: 'gate', run: 'r1', root: '/recordings', path: 'gate/1.mp4', initBytes: 800, codecs: 'avc1', offset: index * 1000, length: 62_500, startMs: index * 500, endMs: index * 500 + 500, durationMs: 500, frames: 12.5, key: index % 4 === 0, ...changes };
}

const codes = ({ problems }: { readonly problems: readonly { readonly code: string }[] }): string[] => problems.map(({ code }) => code);

describe('StreamMeter', () => {
  it('measures rate, pictures and keyframes, and forgets them with the run', () => {
    const meter = new StreamMeter();
    expect([meter.kbps, meter.fps, meter.keyframeIntervalMs]).toEqual([undefined, undefined, undefined]);
    for (let index = 0; index < 60; index += 1) meter.add(fragment(index));
    expect(meter.kbps).toBeCloseTo(1_000);
    expect(meter.fps).toBeCloseTo(25);
    expect(meter.keyframeIntervalMs).toBe(2_000);
    for (let index = 60; index < 160; index += 1) meter.add(fragment(index, { length: 6_250, frames: 5, key: false }));
    expect(meter.kbps).toBeLessThan(110);
    expect(meter.fps).toBeCloseTo(10, 0);
    expect(meter.keyframeIntervalMs).toBeGreaterThan(50_000);
    expect(meter.newestKey?.startMs).toBe(28_000); // However long ago: it is what there is to look at.
    meter.add(fragment(160, { run: 'r2', key: true }));
    expect(meter.kbps).toBeCloseTo(1_000);
    expect(meter.keyframeIntervalMs).toBeUndefined();
  });
});

describe('ClockDrift', () => {
  it('finds how fast a clock runs away through the jitter of the network, and begins anew when it is set', () => {
    const drift = new ClockDrift();
    for (let second = 0; second < 3_600; second += 5) {
      drift.observe(second * 1000, 250 + second * 0.05 + (second % 15) / 15);
      if (second < 1_700) expect(drift.driftMsPerDay).toBeUndefined();
    }
    expect(drift.driftMsPerDay).toBeGreaterThan(4_200);
    expect(drift.driftMsPerDay).toBeLessThan(4_450); // 50 ppm are 4,320 ms a day.
    drift.observe(3_600_000, -4_000);
    expect([drift.offsetMs, drift.driftMsPerDay]).toEqual([-4_000, undefined]);
  });
});

describe('Hysteresis', () => {
  it('needs the same several times in a row, both ways', () => {
    const state = new Hysteresis({ raiseAfter: 3, clearAfter: 2 });
    const looks = [true, true, false, true, true, undefined, true, true, true, true, false, true, false, undefined, false, false, false];
    expect(looks.flatMap((each, index) => (state.observe(each, index) ? [index] : []))).toEqual([8, 15]);
    expect(state.sinceMs).toBeUndefined();
  });

  it('does not flap at its limit', () => {
    const state = new Hysteresis({ raiseAfter: 3, clearAfter: 3 });
    const changes = Array.from({ length: 1_000 }, (_, index) => state.observe(judge(1 + 0.15 * Math.sin(index / 3)), index)).filter(Boolean);
    expect([changes.length, state.sinceMs !== undefined]).toEqual([1, true]);
  });
});

describe('hasWandered', () => {
  it('knows a figure that is another from one that swings', () => {
    const told = { kbps: 3_000, fps: 25, keyframeIntervalMs: 2_000, clockOffsetMs: -50, clockDriftMsPerDay: 100 };
    expect(hasWandered(told, { kbps: 1_600, fps: 21, keyframeIntervalMs: 2_500, clockOffsetMs: 900, clockDriftMsPerDay: 9_000 })).toBe(false);
    for (const change of [{ kbps: 1_400 }, { fps: 12 }, { keyframeIntervalMs: 4_000 }, { clockOffsetMs: 1_000 }, { clockDriftMsPerDay: -10_000 }]) expect(hasWandered(told, { ...told, ...change })).toBe(true);
    expect([hasWandered({}, {}), hasWandered({}, told), hasWandered(told, {})]).toEqual([false, true, true]);
  });
});

describe('HealthMonitor', () => {
  const start = (limits = defaultHealthLimits) => {
    const told: CameraHealth[] = [];
    const clock = { nowMs: 0 };
    const monitor = new HealthMonitor({ now: () => clock.nowMs, changed: (health) => told.push(health) });
    monitor.add('gate', limits);
    const play = (from: number, to: number, changes: Partial<WrittenFragment> = {}) => {
      for (let index = from; index < to; index += 1) {
        monitor.fragment(fragment(index, changes));
        clock.nowMs = (index + 1) * 500;
        if (index % 10 === 9) monitor.evaluate();
      }
    };
    return { monitor, told, clock, play };
  };

  it('tells the figures once they are known, when a stream gets worse, and when it is well again, once each', () => {
    const { told, play } = start();
    play(0, 100);
    expect(told.map(({ kbps, fps, keyframeIntervalMs }) => [Math.round(kbps ?? 0), Math.round(fps ?? 0), keyframeIntervalMs])).toEqual([[1000, 25, 2000]]);
    play(100, 220, { frames: 1, cameraOffsetMs: 9_000 });
    expect(told.slice(1).map(codes)).toEqual([['CLOCK_OFFSET'], ['FRAME_RATE_LOW', 'CLOCK_OFFSET']]);
    expect(told.at(-1)?.fps).toBeLessThan(3);
    play(220, 400, { cameraOffsetMs: 10 });
    expect(codes(told.at(-1) ?? { problems: [{ code: 'none told' }] })).toEqual([]);
    const before = told.length;
    play(400, 1_000, { cameraOffsetMs: 20 });
    expect(told).toHaveLength(before);
  });

  it('tells another bit rate, but not each swing of it', () => {
    const { told, play } = start();
    play(0, 100);
    for (let index = 100; index < 300; index += 20) play(index, index + 20, { length: index % 40 === 0 ? 20_000 : 62_500 });
    expect(told).toHaveLength(1);
    play(300, 400, { length: 12_500 });
    expect(told.slice(1).map(({ kbps, problems }) => [Math.round((kbps ?? 0) / 100), problems])).toEqual([[2, []]]);
  });

  it('names keyframes that do not come, also before there were two, and does not forget it with the connection', () => {
    const { told, play } = start();
    play(0, 1);
    play(1, 80, { key: false });
    expect(told.map(codes)).toContainEqual(['KEYFRAMES_RARE']);
    play(80, 81, { run: 'r2', key: true });
    play(81, 110, { run: 'r2', key: false });
    expect(codes(told.at(-1) ?? { problems: [] })).toEqual(['KEYFRAMES_RARE']);
  });

  it('does not judge a stream that has stopped, and has no figures of it', () => {
    const { monitor, told, clock, play } = start();
    play(0, 60, { frames: 1 });
    expect(monitor.read()[0]).toMatchObject({ fps: expect.closeTo(2), problems: [{ code: 'FRAME_RATE_LOW' }] });
    for (clock.nowMs = 60_000; clock.nowMs < 200_000; clock.nowMs += 5_000) monitor.evaluate();
    expect(monitor.read()).toEqual([{ camera: 'gate', problems: told[0]?.problems }]);
    expect(told.at(-1)).toEqual({ camera: 'gate', problems: told[0]?.problems });
  });

  it('tells gaps, keeps the newest, and knows nothing of cameras that it does not watch', () => {
    const { monitor, told } = start();
    monitor.recallGap({ camera: 'gate', startMs: 10, endMs: 20, cause: 'network', detail: 'old' });
    expect(monitor.read()[0]?.lastGap?.startMs).toBe(10);
    monitor.gap({ camera: 'gate', startMs: 100, cause: 'camera', detail: 'off' });
    monitor.gap({ camera: 'gate', startMs: 50, endMs: 60, cause: 'camera', detail: 'filled late' });
    monitor.recallGap({ camera: 'gate', startMs: 10, endMs: 20, cause: 'network', detail: 'old' });
    monitor.gap({ camera: 'gate', startMs: 100, endMs: 110, cause: 'camera', detail: 'off' });
    monitor.gap({ camera: 'elsewhere', startMs: 100, cause: 'camera', detail: 'off' });
    monitor.fragment(fragment(0, { camera: 'elsewhere' }));
    expect(told.map(({ lastGap }) => [lastGap?.startMs, lastGap?.endMs])).toEqual([[100, undefined], [100, 110]]);
    expect([monitor.has('elsewhere'), monitor.renew('elsewhere')]).toEqual([false, false]);
    monitor.remove('gate');
    expect(monitor.read()).toEqual([]);
  });

  it('goes on after a restart with what it knew, and overwrites nothing before it knows it', () => {
    const { monitor, told } = start();
    const black = seen(gray(() => 4));
    monitor.snapshot('gate', black, 1);
    expect([monitor.isRecalled('gate'), monitor.memory('gate')]).toEqual([false, undefined]);
    const memory = { references: [], problems: [{ code: 'PICTURE_BLACK' as const, sinceMs: 7 }] };
    monitor.recall('gate', memory);
    monitor.recall('gate', undefined);
    expect(monitor.memory('gate')).toBe(memory);
    for (let snapshot = 0; snapshot < 5; snapshot += 1) monitor.snapshot('gate', black, snapshot);
    expect([monitor.memory('gate'), told]).toEqual([memory, []]); // Nothing new: the same to store, nobody to tell.
    for (let snapshot = 0; snapshot < 5; snapshot += 1) monitor.snapshot('gate', seen(noisy(scene(1), snapshot)), snapshot);
    expect(told.map(codes)).toEqual([[]]);
  });

  it('says why a picture is not looked at, and that it is again', () => {
    const { monitor, told } = start();
    monitor.add('clinic', defaultHealthLimits, { code: 'SNAPSHOTS_OFF' });
    expect(monitor.keyframes.map(({ camera }) => camera)).toEqual(['gate']);
    monitor.recall('gate', undefined);
    expect([1, 2, 3, 4].map(() => monitor.missed('gate', { code: 'SNAPSHOT_FAILED' }))).toEqual([false, false, true, false]);
    expect(monitor.missed('gate', { code: 'SNAPSHOTS_NEED_FFMPEG', command: 'apt-get install ffmpeg' })).toBe(true);
    monitor.snapshot('gate', seen(noisy(scene(1), 1)), 1);
    expect(told.map(({ snapshotProblem }) => snapshotProblem?.code)).toEqual(['SNAPSHOT_FAILED', 'SNAPSHOTS_NEED_FFMPEG', undefined]);
    expect(toHealth(told[1] ?? { camera: '', problems: [] }).snapshotProblem?.text).toEqual({ en: 'Pictures are not looked at: install ffmpeg 5.0 or newer, or set FFMPEG_PATH: apt-get install ffmpeg', zh: '画面分析未运行：请安装 ffmpeg 5.0 或更新版本，或设置 FFMPEG_PATH：apt-get install ffmpeg' });
  });

  it('says all of it in both languages', () => {
    const health: CameraHealth = {
      camera: 'gate', kbps: 3000.4, fps: 24.96, keyframeIntervalMs: 30_000, clockOffsetMs: -9_000, clockDriftMsPerDay: 12.4, snapshotMs: 7, lastGap: { camera: 'gate', startMs: 1, endMs: 2, cause: 'network', detail: 'x' },
      problems: (['FRAME_RATE_LOW', 'KEYFRAMES_RARE', 'CLOCK_OFFSET', 'PICTURE_FROZEN', 'PICTURE_BLACK', 'PICTURE_COVERED', 'PICTURE_MOVED'] as const).map((code) => ({ code, sinceMs: 5 })),
    };
    const { problems, ...figures } = toHealth(health);
    expect(figures).toEqual({ camera: 'gate', kbps: 3000, fps: 25, keyframeIntervalMs: 30_000, clock: { offsetMs: -9_000, driftMsPerDay: 12 }, snapshotMs: 7, lastGap: { camera: 'gate', fromMs: 1, toMs: 2, cause: 'network', detail: 'x' } });
    expect(problems.map(({ text }) => text.zh).join()).toContain('摄像机时钟慢 9.0 秒');
    for (const { text } of problems) expect([text.zh, text.en]).toEqual([expect.stringMatching(/[一-鿿]{4}/), expect.stringMatching(/^It/)]);
  });
});

describe('SnapshotRound', () => {
  it('looks at one of a hundred cameras after the other, at each new keyframe once, and ends what it is doing', async () => {
    const tasks: (() => void)[] = [];
    const delays: number[] = [];
    const looked: string[] = [];
    let [looking, most, nowMs] = [0, 0, 0];
    let cameras = new Map<string, WrittenFragment | undefined>();
    const round = new SnapshotRound({
      everyMs: 60_000, now: () => nowMs,
      after: (delayMs, task) => {
        delays.push(delayMs);
        tasks.push(task);
        return () => void tasks.splice(0);
      },
      keyframes: () => [...cameras].map(([camera, newestKey]) => ({ camera, newestKey })),
      look: async ({ camera }) => {
        looking += 1;
        most = Math.max(most, looking);
        await Promise.resolve();
        nowMs += camera === 'c1' ? 5_000 : 100; // One that does not decode in time.
        looked.push(camera);
        looking -= 1;
      },
    });
    const steps = async (count: number): Promise<void> => {
      for (let step = 0; step < count; step += 1) {
        tasks.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await steps(3);
    expect(delays).toEqual([1_000, 1_000, 1_000, 1_000]); // No camera yet.
    cameras = new Map(Array.from({ length: 100 }, (_, index) => [`c${index}`, index === 99 ? undefined : fragment(0, { camera: `c${index}` })]));
    await steps(201);
    expect(looked).toEqual([...cameras.keys()].slice(0, 99)); // The second round found no newer keyframes.
    expect([most, new Set(delays.slice(4))]).toEqual([1, new Set([500, 50, 600])]);
    cameras.set('c7', fragment(4, { camera: 'c7' }));
    nowMs -= 3_600_000; // The clock is set while it looks.
    await steps(100);
    expect(looked.slice(99)).toEqual(['c7']);
    expect(Math.max(...delays.slice(4))).toBe(600);
    await round.stop();
    expect(tasks).toEqual([]);
  });
});
