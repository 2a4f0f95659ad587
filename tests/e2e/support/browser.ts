// Debian's Chromium, driven by Playwright.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
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

/** People of the example campus, each in a browser context of their own. */
export class Desks {
  readonly #browser: Browser;
  readonly #address: string;
  readonly #options: BrowserContextOptions;
  readonly #contexts: BrowserContext[] = [];
  /** Failures of pages, and what the content security policy refused; must stay empty. */
  readonly problems: string[] = [];

  constructor(browser: Browser, address: string, options: BrowserContextOptions) {
    this.#browser = browser;
    this.#address = address;
    this.#options = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options };
  }

  /** Signs in, and waits for the first page. */
  async open(account: string): Promise<Page> {
    const context = await this.#browser.newContext(this.#options);
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.problems.push(`${account}: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && /Content Security Policy/.test(message.text()) && this.problems.push(`${account}: ${message.text()}`));
    await page.goto(this.#address);
    await page.getByTestId('sign-in-name').fill(account);
    await page.getByTestId('sign-in-password').fill('wanglou-demo');
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('me').waitFor();
    return page;
  }

  /** Pictures of all pages, after a failure. */
  async pictures(name: string): Promise<void> {
    for (const [index, page] of this.#contexts.flatMap((context) => context.pages()).entries()) await picture(page, `${name}-failed-${index}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }
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
