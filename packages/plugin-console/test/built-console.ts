// The page as it is built, and a browser to look at it with.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { build } from 'vite';
import { findProgram } from '../../../scripts/peers.ts';

/** Where Chromium is; `undefined` when it is not there. */
export const chromiumFile = findProgram(['chromium', 'chromium-browser', 'google-chrome']);

/** A built page and a running browser. */
export interface BuiltConsole {
  readonly site: URL;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Builds the page into a folder of its own and starts a headless browser that calls nobody. */
export async function buildConsole(): Promise<BuiltConsole> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-console-'));
  await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'silent', build: { outDir: folder } });
  const browser = await chromium.launch({ executablePath: chromiumFile!, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'] });
  return {
    site: pathToFileURL(`${folder}/`),
    browser,
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
