// Debian's Chromium, driven by Playwright.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findProgram } from '../../../scripts/peers.ts';

/** Where Chromium is; `undefined` when it is not there. */
export const chromiumFile = findProgram(['chromium', 'chromium-browser', 'google-chrome']);

/** Starts a headless browser that calls nobody. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumFile!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
  });
}

/** Takes a picture when `SCREENSHOT_DIR` names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOT_DIR'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Frames that a video has shown so far, and where it stands. */
export function playState(page: Page, selector: string): Promise<{ readonly frames: number; readonly seconds: number }> {
  return page.locator(selector).evaluate((video: HTMLVideoElement) => ({ frames: video.getVideoPlaybackQuality().totalVideoFrames, seconds: video.currentTime }));
}
