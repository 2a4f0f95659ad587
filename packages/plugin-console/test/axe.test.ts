// Every page against axe-core in a real browser: both languages, both themes, a desk and a phone.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole, chromiumFile, type BuiltConsole } from './built-console.ts';
import { sampleAlarms } from './mock/mock-alarms.ts';
import { startMockServer } from './mock/mock-server.ts';
import { views, type View } from './views.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

describe.skipIf(!chromiumFile)('every page is accessible (left out without Chromium: apt-get install chromium)', () => {
  let built: BuiltConsole;
  let axe: string;

  beforeAll(async () => {
    built = await buildConsole();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  }, 120_000);
  afterAll(() => built?.close());

  const settings = [
    { language: 'zh', theme: 'dark', width: 1366, height: 768, shown: views },
    { language: 'en', theme: 'light', width: 1366, height: 768, shown: views },
    { language: 'zh', theme: 'light', width: 390, height: 844, shown: views.filter(({ phone }) => phone) },
    { language: 'en', theme: 'dark', width: 390, height: 844, shown: views.filter(({ phone }) => phone) },
  ] as const;

  describe.each(settings)('in $language, $theme, $width px wide', ({ language, theme, width, height, shown }) => {
    let server: Awaited<ReturnType<typeof startMockServer>>;
    let page: Page;
    beforeAll(async () => {
      server = await startMockServer(0, '', built.site);
      // axe is put into the page as a script, which the content security policy of the page rightly refuses.
      const context = await built.browser.newContext({ viewport: { width, height }, bypassCSP: true, reducedMotion: 'reduce' });
      await context.addInitScript(
        ([name, colours]) => {
          localStorage.setItem('wanglou.language', name);
          localStorage.setItem('wanglou.theme', colours);
        },
        [language, theme] as const,
      );
      page = await context.newPage();
    }, 60_000);
    afterAll(async () => {
      await page?.context().close();
      await server?.close();
    });

    async function open(view: View): Promise<void> {
      server.mock.reset();
      if (view.account) server.mock.signIn(view.account);
      server.mock.auditState = view.auditState ?? 'good';
      if (view.alarms) server.mock.alarms = sampleAlarms(Date.now());
      await page.goto(server.url + view.path);
      await view.act?.(page);
      await page.locator(view.ready).first().waitFor();
    }

    it.each(shown.map((view) => [view.name, view] as const))('%s', { timeout: 60_000 }, async (_, view) => {
      await open(view);
      await page.evaluate(axe);
      const violations = await page.evaluate(async (tags) => {
        const runner = (globalThis as unknown as { axe: { run(root: unknown, options: unknown): Promise<{ violations: Violation[] }> } }).axe;
        return (await runner.run(document, { runOnly: tags, resultTypes: ['violations'] })).violations;
      }, rules);
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`)])).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  });
});
