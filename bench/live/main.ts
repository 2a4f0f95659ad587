// How late a live picture is, from the clock in it to the screen, and how soon playback shows its first picture, in a real browser.
// With --stay the browser's memory is read after the wall was left alone for so many minutes.
//   npm run bench -- live [--seconds 20] [--tiles 16] [--stay 60]
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { findProgram } from '../../scripts/peers.ts';
import { root } from '../../scripts/lib.ts';
import { Desks, launchBrowser } from '../../tests/e2e/support/browser.ts';
import { descendantsOf } from '../../tests/e2e/support/child.ts';
import { Client } from '../../tests/e2e/support/client.ts';
import { collectInPage } from './clock-code.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' }, tiles: { type: 'string', default: '16' }, plays: { type: 'string', default: '20' }, stay: { type: 'string', default: '0' } } });
const seconds = Number(values.seconds);
const tiles = Number(values.tiles);
const plays = Number(values.plays);
const stayMs = Number(values.stay) * 60_000;
const settleMs = 6_000;
/** Share of the frames of one picture in a second, below which it did not really play. */
const leastShown = 0.8;

const targets = { wall: 600, lowLatency: 1_600, firstFrame: 500, megabytes: 1_024 } as const;

interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly framesPerSecond: number;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function allPlaying(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => [...document.querySelectorAll('video')].filter((video) => video.currentTime > 0 && !video.paused).length >= wanted, count, { timeout: 60_000 });
  await page.waitForTimeout(settleMs);
}

/** Watches all videos of the page for a while. */
async function watchPage(page: Page, count: number): Promise<Latency> {
  await allPlaying(page, count);
  await page.evaluate(`(${collectInPage.toString()})('video')`);
  const decoded = (): Promise<number> => page.evaluate(() => [...document.querySelectorAll('video')].map((video) => video.getVideoPlaybackQuality()).reduce((sum, { totalVideoFrames, droppedVideoFrames }) => sum + totalVideoFrames - droppedVideoFrames, 0));
  const before = await decoded();
  await page.waitForTimeout(seconds * 1000);
  const frames = (await decoded()) - before;
  const shown = await page.evaluate(() => (globalThis as unknown as { shown: [number, number, number][] }).shown);
  const late = shown.map(([, , milliseconds]) => milliseconds).sort((left, right) => left - right);
  return { p50: percentile(late, 0.5), p95: percentile(late, 0.95), framesPerSecond: frames / seconds / count };
}

/** Memory of the browser with all its processes, proportional set size. */
async function browserMegabytes(): Promise<number> {
  const read = (pid: number, name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const sizes = (await descendantsOf(process.pid)).map(async (pid) => ((await read(pid, 'comm')).startsWith('chrom') ? Number(/^Pss:\s+(\d+)/m.exec(await read(pid, 'smaps_rollup'))?.[1] ?? 0) : 0));
  return (await Promise.all(sizes)).reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024;
}

/** Time from the click on play to the first picture on the screen, over many places of the footage. */
async function firstFrames(page: Page, fromMs: number, toMs: number): Promise<number[]> {
  const times: number[] = [];
  for (let play = 0; play < plays; play += 1) {
    const from = Math.floor((fromMs + ((toMs - fromMs - 10_000) * play) / plays) / 1000) * 1000;
    await page.goto(`${new URL(page.url()).origin}/playback?camera=clock-1&from=${from}&to=${from + 10_000}`);
    const button = page.getByTestId('playback-play');
    await button.waitFor();
    const clicked = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const start = performance.now();
          document.querySelector<HTMLElement>('[data-testid="playback-play"]')?.click();
          const look = (): void => {
            const video = document.querySelector<HTMLVideoElement>('[data-testid="playback-video"]');
            if (video === null) requestAnimationFrame(look);
            else video.requestVideoFrameCallback((now) => resolve(now - start));
          };
          look();
        }),
    );
    times.push(await clicked);
  }
  return times.sort((left, right) => left - right);
}

async function grantPlayback(address: string, fromMs: number, toMs: number): Promise<void> {
  const operator = await new Client(address).signIn('operator');
  const head = await new Client(address).signIn('section-head');
  await head.approve(await operator.submit({ cameras: ['clock-1'], fromMs, toMs, actions: ['playback'], reason: 'measurement' }));
}

async function start(): Promise<void> {
  if (findProgram(['ffmpeg']) === undefined || findProgram(['chromium', 'chromium-browser', 'google-chrome']) === undefined) throw new Error('this benchmark needs ffmpeg and Chromium: apt-get install ffmpeg chromium');
  const data = await mkdtemp(path.join(tmpdir(), 'wanglou-bench-live-'));
  const children: ChildProcess[] = [];
  try {
    const clock = fork(new URL('./clock-source.ts', import.meta.url), { execArgv: process.execArgv });
    children.push(clock);
    const [port] = (await once(clock, 'message')) as [number];
    const campus = spawn(process.execPath, [...process.execArgv, path.join(root, 'scripts', 'wanglou.ts'), 'start', '--config', path.join(root, 'bench', 'live', 'campus.config.ts')], {
      cwd: root, env: { ...process.env, PORT: '0', DATA_DIR: data, CLOCK_PORT: String(port), CAMERAS: String(tiles) }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(campus);
    await measure(await addressOf(campus));
  } finally {
    for (const child of children.reverse()) {
      child.kill('SIGTERM');
      await Promise.race([once(child, 'exit'), new Promise((resolve) => setTimeout(resolve, 5_000))]);
      child.kill('SIGKILL');
    }
    await rm(data, { recursive: true, force: true });
  }
}

async function addressOf(campus: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of campus.stdout ?? []) {
    said += String(chunk);
    const ready = /^Ready: (http\S+)$/m.exec(said);
    if (ready?.[1] !== undefined) return ready[1];
  }
  throw new Error(`the campus did not start: ${said}`);
}

async function measure(address: string): Promise<void> {
  const browser = await launchBrowser();
  const startMs = Date.now();
  try {
    const desks = new Desks(browser, address, { viewport: { width: 1920, height: 1080 } });
    const page = await desks.open('operator');
    await page.getByTestId('duty-begin').click();
    await page.getByTestId(`layout-${tiles > 9 ? 16 : tiles > 4 ? 9 : 4}`).click();
    // Before pictures are read for their clocks: that takes memory which no operator's browser needs.
    await allPlaying(page, tiles);
    await page.waitForTimeout(stayMs);
    const megabytes = await browserMegabytes();
    const wall = await watchPage(page, tiles);
    await page.getByTestId('layout-1').click();
    const lowLatency = await watchPage(page, 1);
    await grantPlayback(address, startMs, Date.now());
    const first = await firstFrames(page, startMs + 5_000, Date.now() - 2_000);
    report(wall, lowLatency, first, megabytes);
  } finally {
    await browser.close();
  }
}

function report(wall: Latency, lowLatency: Latency, first: readonly number[], megabytes: number): void {
  const line = (metric: string, value: number, target: number, good: boolean): void => console.log(`bench live ${metric} ${value.toFixed(2)} ${target} ${good ? 'ok' : 'short'}`);
  console.log(`wall of ${tiles}: p50 ${wall.p50.toFixed(0)} ms, p95 ${wall.p95.toFixed(0)} ms, ${wall.framesPerSecond.toFixed(1)} frames/s a tile; one camera over low-latency HLS: p50 ${lowLatency.p50.toFixed(0)} ms, p95 ${lowLatency.p95.toFixed(0)} ms, ${lowLatency.framesPerSecond.toFixed(1)} frames/s; first frame of playback: p50 ${percentile(first, 0.5).toFixed(0)} ms`);
  line('wall-p95-ms', wall.p95, targets.wall, wall.p95 < targets.wall);
  line('wall-frames', wall.framesPerSecond / 25, leastShown, wall.framesPerSecond / 25 >= leastShown);
  line('low-latency-hls-p95-ms', lowLatency.p95, targets.lowLatency, lowLatency.p95 < targets.lowLatency);
  line('playback-first-frame-p95-ms', percentile(first, 0.95), targets.firstFrame, percentile(first, 0.95) < targets.firstFrame);
  line('browser-megabytes', megabytes, targets.megabytes, megabytes < targets.megabytes);
}

await start();
