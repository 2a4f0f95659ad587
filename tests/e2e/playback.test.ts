// Playback in a real browser: four cameras at the same moment, single pictures, high speed, stills under the pointer, a copy of several cameras.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unzip } from '../../packages/plugin-recorder/test/support/unzip.ts';
import { chromiumFile, Desks, launchBrowser, picture, playState } from './support/browser.ts';
import { until } from './support/child.ts';
import { startExampleCampus, type ExampleCampus } from './support/example-campus.ts';

const cameras = ['east-gate', 'west-gate', 'library', 'canteen'] as const;
const [leader, ...others] = cameras;
const footageMs = 20_000;
const main = '[data-testid="playback-video"]';
const beside = (id: string) => `[data-testid="companion-${id}"] video`;

describe.skipIf(!chromiumFile)('playback (left out without Chromium: apt-get install chromium)', () => {
  let campus: ExampleCampus;
  let browser: Browser;
  let desks: Desks;
  let page: Page;
  let fromMs = 0;
  let toMs = 0;

  beforeAll(async () => {
    campus = await startExampleCampus();
    const operator = await campus.client().signIn('operator');
    await until('footage of all cameras', async () => {
      const recorded = await operator.timelines(cameras, Date.now() - 600_000, Date.now());
      const starts = recorded.map((timeline) => timeline.recorded[0]);
      if (!starts.every((first) => first !== undefined && first.toMs - first.fromMs > footageMs + 4000)) return undefined;
      fromMs = Math.ceil(Math.max(...starts.map((first) => first!.fromMs)) / 1000) * 1000 + 1000;
      return true;
    }, 60_000, 500);
    toMs = fromMs + footageMs;
    const request = await operator.submit({ cameras, fromMs, toMs, actions: ['playback', 'copy'], reason: 'four pictures at once', destination: 'police' });
    for (const name of ['section-head', 'office-head']) await (await campus.client().signIn(name)).approve(request);
    browser = await launchBrowser();
    desks = new Desks(browser, campus.address, { viewport: { width: 1366, height: 900 }, colorScheme: 'dark', acceptDownloads: true });
    page = await desks.open('operator');
    await page.getByTestId('duty-begin').click();
    await page.goto(`${campus.address}/playback?camera=${leader}&beside=${others.join(',')}&from=${fromMs}&to=${toMs}`);
    await page.getByTestId('playback-play').click();
  });
  afterAll(async () => {
    await browser?.close();
    await campus?.stop();
    await campus?.remove();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await desks.pictures('playback');
  });

  const seconds = (selector: string) => playState(page, selector).then((state) => state.seconds);

  it('shows four cameras at the same moment, while playing and at rest', async () => {
    for (const selector of [main, ...others.map(beside)]) await expect.poll(async () => (await playState(page, selector)).frames, { timeout: 20_000 }).toBeGreaterThan(15);
    // Where each is, read in one go; all began at the same wall clock but for the keyframe before it.
    const apart = () =>
      page.evaluate((selectors) => {
        const offsets = selectors.map((selector) => document.querySelector<HTMLVideoElement>(selector)!);
        return offsets.map((video) => video.currentTime);
      }, [main, ...others.map(beside)]);
    const farthest = async () => {
      const [first = 0, ...rest] = await apart();
      return Math.max(...rest.map((one) => Math.abs(one - first)));
    };
    await expect.poll(farthest, { timeout: 15_000 }).toBeLessThan(2.5);
    await picture(page, 'four-cameras');
    await page.getByTestId('playback-toggle').click();
    await expect.poll(() => page.evaluate((selectors) => selectors.every((selector) => document.querySelector<HTMLVideoElement>(selector)!.paused), [main, ...others.map(beside)]), { timeout: 5000 }).toBe(true);
  });

  it('steps by single pictures, on and back', async () => {
    await page.evaluate((selector) => {
      const video = document.querySelector<HTMLVideoElement>(selector)!;
      const seen: number[] = [];
      (globalThis as unknown as { seen: number[] }).seen = seen;
      const look = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
        seen.push(mediaTime);
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
    }, main);
    const seen = () => page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen);
    for (const [index, step] of ['on', 'on', 'back', 'on'].entries()) {
      await page.getByTestId(`playback-step-${step}`).click();
      await expect.poll(async () => (await seen()).length, { timeout: 5000 }).toBeGreaterThan(index);
    }
    const times = await seen();
    const steps = times.slice(1).map((time, index) => Math.round((time - times[index]!) * 25));
    expect(steps).toEqual([1, -1, 1]);
  });

  it('plays at sixteen times the speed', async () => {
    await page.locator('.stage-bar select').selectOption('16');
    const before = await seconds(main);
    const startedMs = Date.now();
    await page.getByTestId('playback-toggle').click();
    await expect.poll(() => seconds(main), { timeout: 10_000, interval: 50 }).toBeGreaterThan(before + 6);
    expect((Date.now() - startedMs) / 1000).toBeLessThan(6);
    expect(await page.evaluate((selector) => document.querySelector<HTMLVideoElement>(selector)!.playbackRate, main)).toBe(16);
    await page.locator('.stage-bar select').selectOption('1');
  });

  it('shows the picture of the moment under the pointer, and none of a moment that is not granted', async () => {
    const timeline = page.getByTestId('timeline');
    const box = (await timeline.boundingBox())!;
    await timeline.hover({ position: { x: box.width / 2, y: 40 } });
    const still = page.getByTestId('hover-still');
    await still.waitFor();
    await expect.poll(() => still.evaluate((video: HTMLVideoElement) => video.readyState), { timeout: 5000 }).toBeGreaterThanOrEqual(2);
    await picture(page, 'hover-still');
    await timeline.hover({ position: { x: 4, y: 40 } });
    await still.waitFor({ state: 'detached' });
  });

  it('copies all of them in one package', async () => {
    await page.getByTestId('playback-copy').click();
    await expect.poll(() => page.getByTestId('playback-copy-destination').inputValue()).toBe('police');
    await page.getByTestId('playback-copy-confirm').click();
    await page.getByTestId('playback-copy-download').waitFor({ timeout: 30_000 });
    await picture(page, 'copy-ready');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('playback-copy-download').click()]);
    const folder = await mkdtemp(join(tmpdir(), 'wanglou-copy-'));
    try {
      const names = await unzip(await readFile(await download.path()), folder);
      for (const id of cameras) expect(names.some((name) => name.startsWith(`films/${id}/`)), id).toBe(true);
      expect(download.suggestedFilename()).toMatch(/^4-cameras-.*\.zip$/);
    } finally {
      await rm(folder, { recursive: true });
    }
    expect(desks.problems).toEqual([]);
  });
});
