// The offline page that checks receipts and evidence, opened from a file as an outsider opens it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'tsup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestEvidence } from '../../packages/verify/test/test-evidence.ts';
import { bothPolicy, createTestLog, entriesOf, logKey, office, writeFiles } from '../../packages/verify/test/test-log.ts';
import { pageConfig } from '../../packages/verify/web/page-config.ts';
import { findProgram } from '../../scripts/peers.ts';

const chromiumFile = findProgram(['chromium', 'chromium-browser', 'google-chrome']);
const log = createTestLog(entriesOf(300));

describe.skipIf(!chromiumFile)('verify.html (left out without Chromium: apt-get install chromium)', { timeout: 60_000 }, () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wanglou-verify-page-'));
    await build({ ...pageConfig(folder), config: false, silent: true });
    await writeFiles(join(folder, 'package'), createTestEvidence().files);
    await writeFiles(folder, new Map([['receipt.tlog-proof', log.receipt(5)], ['few.tlog-proof', log.receipt(5, undefined, 300, [logKey, office])], ['forged.tlog-proof', log.receipt(5).replace('index 5', 'index 6')], ['witnesses.txt', bothPolicy]]));
    browser = await chromium.launch({ executablePath: chromiumFile!, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    page = await browser.newPage({ locale: 'en-GB' });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, 'verify.html')).href);
  });
  afterEach(async () => {
    await page?.close();
    expect(problems.splice(0)).toEqual([]);
    // The page is all that is ever asked for.
    expect(requests.splice(0)).toEqual([pathToFileURL(join(folder, 'verify.html')).href]);
  });

  const at = (...parts: readonly string[]) => join(folder, ...parts);
  const result = () => page.locator('#result').innerText();
  const said = async (text: string) => {
    await page.locator('#result', { hasText: text }).waitFor({ timeout: 10_000 });
    return result();
  };

  it('verifies a receipt by a pasted policy, and says what the entry says', async () => {
    await page.locator('#policy').fill(bothPolicy);
    expect(await page.locator('#policy-state').innerText()).toBe('The policy is good: 1 logs, 2 witnesses');
    await page.locator('#files').setInputFiles(at('receipt.tlog-proof'));
    expect(await said('The receipt verifies')).toMatch(/number 5 [^]*Witnessed by office, archive[^]*Who: system core[^]*"call": "c5"/);
  });

  it('takes the policy as a file, in any order, and speaks Chinese when it is asked', async () => {
    await page.locator('#files').setInputFiles(at('receipt.tlog-proof'));
    await page.locator('#policy-file').setInputFiles(at('witnesses.txt'));
    await said('The receipt verifies');
    await page.locator('#language').click();
    expect(await result()).toMatch(/^✔ 回执核验通过[^]*已由 office, archive 见证/);
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('h1').innerText()).toBe('望楼核验');
  });

  it('refuses what was forged, and what too few witnesses saw', async () => {
    await page.locator('#policy').fill(bothPolicy);
    await page.locator('#files').setInputFiles(at('forged.tlog-proof'));
    expect(await said('The receipt does not verify')).toContain('The proof does not lead from entry 6');
    await page.locator('#files').setInputFiles(at('few.tlog-proof'));
    expect(await said('Too few witnesses')).toContain('missing archive');
    expect(await page.locator('#result .verdict').getAttribute('class')).toContain('bad');
  });

  it('verifies an evidence package that was picked as a folder, and finds a changed file', async () => {
    await page.locator('#policy').fill(bothPolicy);
    await page.locator('#folder').setInputFiles(at('package'));
    expect(await said('The evidence verifies')).toMatch(/all 4 files are original footage[^]*Asked for and not there: library/);
    await writeFile(at('package', 'gate', '2.mp4'), 'changed');
    await page.locator('#folder').setInputFiles(at('package'));
    expect(await said('The evidence does not verify')).toContain('3 of 4 files are original footage. The file gate/2.mp4 is not the one that was recorded');
  });

  it('takes a file that is dropped', async () => {
    await page.locator('#policy').fill(bothPolicy);
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.tlog-proof'));
      return transfer;
    }, log.receipt(7));
    await page.locator('#drop').dispatchEvent('drop', { dataTransfer: data });
    expect(await said('The receipt verifies')).toContain('number 7');
  });

  it('says what is wrong with a policy or with files that are neither', async () => {
    await page.locator('#policy').fill('quorum nobody');
    expect(await page.locator('#policy-state').innerText()).toContain('in line 1');
    await page.locator('#policy').fill(bothPolicy);
    await page.locator('#files').setInputFiles([at('package', 'gate', '1.mp4'), at('package', 'gate', '3.mp4')]);
    await said('neither a receipt');
  });

  it('is used by keyboard alone: language, policy, file buttons, in this order', async () => {
    const order: string[] = [];
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('Tab');
      order.push(await page.evaluate(() => document.activeElement!.id));
    }
    expect(order).toEqual(['language', 'policy', 'policy-pick', 'files-pick', 'folder-pick']);
    // The dialog itself is the browser's; that it is asked for is the page's.
    await page.evaluate(() => document.querySelector('#folder')!.addEventListener('click', (event) => {
      event.preventDefault();
      document.querySelector<HTMLElement>('#drop')!.dataset['asked'] = 'folder';
    }));
    await page.keyboard.press('Enter');
    await page.locator('#drop[data-asked="folder"]').waitFor();
  });

  it.each(['light', 'dark'] as const)('has no accessibility fault in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.locator('#policy').fill(bothPolicy);
    await page.locator('#files').setInputFiles(at('few.tlog-proof'));
    await said('Too few witnesses');
    // Evaluated by the test and not by the page, whose policy allows no other script.
    await page.evaluate(`(() => { ${await axeSource()} })()`);
    const violations = await page.evaluate(async () => ((await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run()).violations.map(({ id }) => id)));
    expect(violations).toEqual([]);
  });
});

async function axeSource(): Promise<string> {
  return (createRequire(import.meta.url)('axe-core') as { source: string }).source;
}
