// The story of the first watch, played by a real browser against the example campus as a user starts it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumFile, Desks, launchBrowser, picture, playState } from './support/browser.ts';
import { startExampleCampus, type ExampleCampus } from './support/example-campus.ts';
import { wanglou } from './support/wanglou.ts';

describe.skipIf(!chromiumFile)('the first watch (left out without Chromium: apt-get install chromium)', () => {
  let campus: ExampleCampus;
  let browser: Browser;
  let operator: Page;
  let head: Page;
  let desks: Desks;
  const open = (account: string) => desks.open(account);
  const denial = (page: Page) => page.getByTestId('denial');
  const play = async (page: Page) => {
    await page.getByTestId('playback-play').click();
    return page;
  };

  beforeAll(async () => {
    campus = await startExampleCampus();
    browser = await launchBrowser();
    desks = new Desks(browser, campus.address, { viewport: { width: 1366, height: 768 }, colorScheme: 'dark' });
  });
  afterAll(async () => {
    await browser?.close();
    await campus?.stop();
    await campus?.remove();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await desks.pictures('story');
  });

  it('an operator signs on to duty and watches the wall: pictures move', async () => {
    operator = await open('operator');
    await operator.getByTestId('duty-begin').click();
    await operator.getByTestId('layout-4').click();
    for (const camera of ['east-gate', 'west-gate', 'library']) {
      const tile = operator.getByTestId(`tile-${camera}`);
      await expect.poll(() => tile.getAttribute('data-state'), { timeout: 30_000 }).toBe('live');
    }
    const before = await playState(operator, '[data-testid="tile-east-gate"] video');
    await expect.poll(async () => (await playState(operator, '[data-testid="tile-east-gate"] video')).frames, { timeout: 15_000 }).toBeGreaterThan(before.frames + 25);
    await picture(operator, '1-wall');
  });

  it('she opens footage of the last minutes: refused by article 10, for want of the consent of the Security Section', async () => {
    await operator.getByTestId('nav-playback').click();
    await operator.getByTestId('playback-last-10').click();
    await play(operator);
    await denial(operator).waitFor();
    expect(await denial(operator).textContent()).toMatch(/第十条|第\s*10\s*条/);
    expect(await denial(operator).textContent()).toContain('治安科');
    await picture(operator, '2-refused');
  });

  it('the form is prefilled; she sends it', async () => {
    await operator.getByTestId('denial-request').click();
    await operator.getByTestId('request-form').waitFor();
    expect(await operator.getByTestId('request-action-playback').isChecked()).toBe(true);
    expect(await operator.getByTestId('request-camera-east-gate').isChecked()).toBe(true);
    expect(await operator.getByTestId('request-camera-library').isChecked()).toBe(false);
    await operator.getByTestId('request-purpose').selectOption('incident');
    await operator.getByTestId('request-reason').fill('东门有自行车丢失，查看经过');
    await picture(operator, '3-form');
    await operator.getByTestId('request-submit').click();
    await operator.locator('[data-testid="request-item"][data-state="submitted"]').waitFor();
  });

  it('she cannot approve it herself', async () => {
    expect(await operator.getByTestId('nav-inbox').count()).toBe(0);
    const refused = await operator.evaluate(async () => {
      const call = (id: string, input: unknown) => fetch(`/api/v1/operations/${id}`, { method: 'POST', headers: { 'x-wanglou': '1', 'content-type': 'application/json' }, body: JSON.stringify(input) });
      const { requests } = (await (await call('request.list-mine', {})).json()) as { requests: { id: string; sha256: string }[] };
      return (await call('request.approve', { request: requests[0]?.id, sha256: requests[0]?.sha256 })).json() as Promise<{ code: string; decision: { articles: string[] } }>;
    });
    expect(refused).toMatchObject({ code: 'PERMISSION_DENIED', decision: { articles: expect.arrayContaining(['10']) } });
  });

  it('the head of the Section consents, for one hour', async () => {
    head = await open('section-head');
    const item = head.locator('[data-testid="inbox-item"][data-state="submitted"]');
    await item.waitFor();
    await item.getByTestId('inbox-minutes').selectOption('60');
    await picture(head, '4-inbox');
    await item.getByTestId('inbox-approve').click();
    await head.locator('[data-testid="inbox-item"][data-state="approved"]').waitFor();
  });

  it('she plays it: the video advances, and the lease is visible with its countdown', async () => {
    await operator.locator('[data-testid="request-item"][data-state="approved"]').getByTestId('request-play').click();
    await play(operator);
    await operator.getByTestId('lease-countdown').waitFor();
    await expect.poll(async () => (await playState(operator, '[data-testid="playback-video"]')).frames, { timeout: 20_000 }).toBeGreaterThan(25);
    const before = (await playState(operator, '[data-testid="playback-video"]')).seconds;
    await expect.poll(async () => (await playState(operator, '[data-testid="playback-video"]')).seconds, { timeout: 20_000 }).toBeGreaterThan(before + 1);
    const first = await operator.getByTestId('lease-countdown').textContent();
    await expect.poll(() => operator.getByTestId('lease-countdown').textContent(), { timeout: 10_000 }).not.toBe(first);
    await picture(operator, '5-playback');
  });

  it('another camera, another minute, a copy: refused', async () => {
    const other = await operator.context().newPage();
    await other.goto(operator.url());
    await other.getByTestId('playback-camera').selectOption('library');
    await play(other);
    await denial(other).waitFor();
    await other.goto(operator.url().replace(/from=(\d+)/, (_, from: string) => `from=${Number(from) - 60_000}`));
    await play(other);
    await denial(other).waitFor();
    await other.goto(operator.url());
    await other.getByTestId('playback-copy').click();
    await other.getByTestId('playback-copy-destination').fill('U 盘');
    await other.getByTestId('playback-copy-confirm').click();
    await denial(other).waitFor();
    expect(await denial(other).textContent()).toContain('公安处');
    await picture(other, '6-copy-refused');
    await denial(other).getByTestId('denial-request').click();
    await other.getByTestId('request-form').waitFor();
    expect(await other.getByTestId('request-action-copy').isChecked()).toBe(true);
    expect(await other.getByTestId('request-destination').inputValue()).toBe('U 盘');
    await other.close();
  });

  it('the head revokes: playback stops within a second, and not a byte more is served', async () => {
    const media: string[] = [];
    operator.on('request', (request) => request.url().includes('/media/') && media.push(request.url()));
    // Keeps fetching: a video that is fully buffered would prove nothing.
    await expect.poll(async () => (await playState(operator, '[data-testid="playback-video"]')).frames, { timeout: 10_000 }).toBeGreaterThan(25);
    await operator.evaluate(() => {
      const state = globalThis as unknown as { endedMs?: number };
      new MutationObserver(() => {
        if (document.querySelector('[data-testid="playback-ended"]')) state.endedMs ??= performance.timeOrigin + performance.now();
      }).observe(document.body, { childList: true, subtree: true });
    });
    const lease = await operator.evaluate(() => performance.getEntriesByType('resource').map((entry) => /\/media\/([^/]+)\//.exec(entry.name)?.[1]).findLast(Boolean));
    await head.getByTestId('grant-revoke').click();
    await head.getByTestId('grant-revoke-reason').fill('事情已查清');
    const [response] = await Promise.all([head.waitForResponse((candidate) => candidate.url().includes('grant.revoke')), head.getByTestId('grant-revoke-confirm').click()]);
    await response.finished();
    const revokedMs = Date.now();
    await operator.getByTestId('playback-ended').waitFor({ timeout: 5000 });
    const endedMs = await operator.evaluate(() => (globalThis as unknown as { endedMs: number }).endedMs);
    console.log(`revocation: playback stopped ${(endedMs - revokedMs).toFixed(0)} ms after the answer to the head`);
    expect(endedMs - revokedMs).toBeLessThan(1000);
    expect(await operator.locator('[data-testid="playback-video"]').count()).toBe(0);
    const status = await operator.evaluate(async (id) => (await fetch(`/media/${id}/index.m3u8`)).status, lease);
    expect(status).toBe(410);
    await picture(operator, '7-revoked');
  });

  it('an individual is refused whatever is approved', async () => {
    const visitor = await open('visitor');
    const answers = await visitor.evaluate(async () => {
      const call = async (id: string, input: unknown) => (await fetch(`/api/v1/operations/${id}`, { method: 'POST', headers: { 'x-wanglou': '1', 'content-type': 'application/json' }, body: JSON.stringify(input) })).json() as Promise<{ decision?: { articles: string[] } }>;
      return Promise.all([call('recording.live', { camera: 'east-gate' }), call('recording.playback', { camera: 'east-gate', fromMs: 1, toMs: 2 }), call('request.submit', { cameras: ['east-gate'], fromMs: 1, toMs: 2, actions: ['playback'], purpose: 'incident', reason: '看看' })]);
    });
    for (const answer of answers) expect(answer.decision?.articles).toContain('14');
    await visitor.getByTestId('tile-east-gate').or(denial(visitor)).first().waitFor();
    await picture(visitor, '8-individual');
    await visitor.getByTestId('language-switch').click();
    await picture(visitor, '9-individual-english');
  });

  it('every step stands in the register, and the audit log verifies', async () => {
    await head.getByTestId('nav-register').click();
    await head.getByTestId('register-row').first().waitFor();
    const rows = head.getByTestId('register-row');
    const seen = await rows.evaluateAll((all) => all.map((row) => `${row.getAttribute('data-action')} ${row.getAttribute('data-effect')}`));
    for (const step of ['playback deny', 'request permit', 'review deny', 'review permit', 'playback permit', 'copy deny', 'request deny']) expect(seen).toContain(step);
    await picture(head, '10-register');
    await head.getByTestId('nav-audit').click();
    await head.getByTestId('audit-verify').click();
    await head.locator('[data-testid="check-found"][data-where="server"][data-state="good"]').waitFor();
    // The same by the verifier of outsiders, in the browser, over the campus's own content security policy.
    await head.getByTestId('audit-verify-browser').click();
    await head.locator('[data-testid="check-found"][data-where="browser"][data-state="good"]').waitFor();
    await head.locator('[data-testid="audit-row"][data-kind="decision"]').first().click();
    await head.getByTestId('receipt-take').click();
    expect(await head.getByTestId('receipt-code').textContent()).toMatch(/^\d+(-[0-9A-Z]{4}){4}$/);
    await head.keyboard.press('Escape');
    await picture(head, '11-audit');
    expect(desks.problems).toEqual([]);
  });

  it('after one changed byte in the database the log does not verify, and says where', async () => {
    await desks.close();
    await campus.stop();
    expect(await wanglou(['audit', 'verify', '--data', campus.data])).toMatchObject({ code: 0 });
    const file = join(campus.data, 'audit.db');
    const bytes = await readFile(file);
    const at = bytes.indexOf('"operation":"recording.playback"');
    bytes[at + 15] = 'R'.charCodeAt(0);
    await writeFile(file, bytes);
    const { code, output } = await wanglou(['audit', 'verify', '--data', campus.data]);
    expect(code).toBe(1);
    expect(output).toMatch(/does not verify at entry \d+: (its hash is not the one that was written with it|an entry from here up to \d+ is not the one that was signed)/);
  });
});
