// Permission in a real browser: an outside visit of two persons, a question why, a lent role, and other rules, on the example campus.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { upc2013 } from '../../packages/policies/src/index.ts';
import { chromiumFile, Desks, launchBrowser, picture, playState } from './support/browser.ts';
import { startExampleCampus, type ExampleCampus } from './support/example-campus.ts';

describe.skipIf(!chromiumFile)('permission (left out without Chromium: apt-get install chromium)', () => {
  let campus: ExampleCampus;
  let browser: Browser;
  let administrator: Page;
  let head: Page;
  let office: Page;
  let codes: readonly string[] = [];
  let desks: Desks;

  const go = (page: Page, path: string) => page.goto(campus.address + path);
  const next = (page: Page) => page.getByTestId('visit-next').click();

  beforeAll(async () => {
    campus = await startExampleCampus();
    browser = await launchBrowser();
    desks = new Desks(browser, campus.address, { viewport: { width: 1366, height: 900 }, colorScheme: 'light' });
    administrator = await desks.open('administrator');
    head = await desks.open('section-head');
    office = await desks.open('office-head');
  });
  afterAll(async () => {
    await browser?.close();
    await campus?.stop();
    await campus?.remove();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await desks.pictures('permission');
  });

  it('the administrator registers a visit of two police officers; the certificate is waived, and the exemption shown', async () => {
    await go(administrator, '/playback');
    await administrator.getByTestId('playback-last-10').click();
    await administrator.getByTestId('playback-play').click();
    await administrator.getByTestId('denial-request').click();
    await administrator.getByRole('link', { name: '外来调阅登记' }).click();
    await administrator.getByTestId('visit-organisation').fill('市公安局');
    await administrator.getByTestId('visit-body-police').check();
    await administrator.getByTestId('visit-case-number').fill('2026-118');
    await next(administrator);
    for (const [index, [name, number]] of [['王警官', 'POL-778812345'], ['李警官', 'POL-778899876']].entries()) {
      const visitor = administrator.getByTestId('visit-visitor').nth(index);
      await visitor.getByTestId('visit-visitor-name').fill(name!);
      await visitor.locator('select').selectOption('police');
      await visitor.getByTestId('visit-visitor-number').fill(number!);
    }
    await picture(administrator, 'permission-1-visitors');
    await next(administrator);
    expect(await administrator.getByTestId('visit-exemption').textContent()).toContain('13');
    await next(administrator);
    await administrator.getByTestId('request-purpose').selectOption('case');
    await administrator.getByTestId('request-reason').fill('调查东门盗窃案');
    await next(administrator);
    await administrator.getByTestId('visit-terms').check();
    await next(administrator);
    await administrator.getByTestId('request-preview').waitFor();
    await expect.poll(() => administrator.getByTestId('request-preview').textContent()).toContain('治安科');
    await picture(administrator, 'permission-2-review');
    await administrator.getByTestId('visit-submit').click();
    await administrator.getByTestId('visit-done').waitFor();
    codes = await administrator.getByTestId('visit-code').locator('code').allTextContents();
    expect(codes).toEqual([expect.stringMatching(/^\d{6}$/), expect.stringMatching(/^\d{6}$/)]);
    await administrator.getByTestId('visit-print').click();
    await administrator.getByTestId('paper').waitFor();
    const paper = (await administrator.getByTestId('paper').textContent())!;
    expect(paper).toContain('王警官');
    expect(paper).not.toContain('POL-7788');
    await picture(administrator, 'permission-3-form');
  });

  it('the head of the Section consents, with both clocks', async () => {
    const item = head.locator('[data-testid="inbox-item"][data-state="submitted"]');
    await item.waitFor();
    await item.getByTestId('inbox-minutes').selectOption('30');
    await picture(head, 'permission-4-inbox');
    await item.getByTestId('inbox-approve').click();
    await expect.poll(() => head.locator('[data-testid="inbox-item"][data-state="submitted"]').count()).toBe(0);
  });

  it('nothing plays before both visitors have confirmed that they are here', async () => {
    await go(administrator, '/requests');
    await administrator.locator('[data-testid="request-item"][data-state="approved"]').getByTestId('request-play').click();
    await administrator.getByTestId('playback-play').click();
    await administrator.getByTestId('denial').waitFor();
    expect(await administrator.getByTestId('denial').textContent()).toMatch(/13/);
    await administrator.getByTestId('denial-presence').click();
    const dialog = administrator.getByRole('dialog');
    for (const [index, code] of codes.entries()) {
      const visitor = dialog.getByTestId('presence-visitor').nth(index);
      await visitor.getByTestId('presence-code').pressSequentially(code);
      await visitor.getByTestId('presence-confirm').click();
      // With the last one the dialog is done.
      if (index === 0) await expect.poll(() => visitor.getAttribute('data-present')).toBe('true');
    }
    if ((await administrator.getByTestId('playback-video').count()) === 0) await administrator.getByTestId('playback-play').click();
    await expect.poll(async () => (await playState(administrator, '[data-testid="playback-video"]')).frames, { timeout: 20_000 }).toBeGreaterThan(10);
    await administrator.getByTestId('grant-countdown').waitFor();
    await picture(administrator, 'permission-5-playing');
  });

  it('one leaves: playback pauses; she comes back: it goes on by itself', async () => {
    const bar = administrator.getByTestId('presence-bar');
    if ((await bar.getAttribute('open')) === null) await bar.locator('summary').click();
    await bar.locator('[data-testid="presence-visitor"]').nth(1).getByTestId('presence-leave').click();
    await administrator.getByTestId('playback-paused').waitFor({ timeout: 10_000 });
    await picture(administrator, 'permission-6-paused');
    const gone = administrator.locator('[data-testid="presence-visitor"][data-present="false"]').first();
    await gone.getByTestId('presence-code').fill(codes[1]!);
    await gone.getByTestId('presence-confirm').click();
    await administrator.getByTestId('playback-paused').waitFor({ state: 'detached', timeout: 15_000 });
    const before = await playState(administrator, '[data-testid="playback-video"]');
    await expect.poll(async () => (await playState(administrator, '[data-testid="playback-video"]')).frames, { timeout: 20_000 }).not.toBe(before.frames);
  });

  it('the head asks who may see a camera, and why somebody may not', async () => {
    await head.getByTestId('nav-access').click();
    await head.getByTestId('access-choose-camera').selectOption('east-gate');
    await head.getByTestId('access-choose-action').selectOption('playback');
    await head.getByTestId('who-may-row').first().waitFor();
    const rows = await head.getByTestId('who-may-row').allTextContents();
    expect(rows.some((row) => row.includes('系统管理员'))).toBe(true);
    await picture(head, 'permission-7-access');
  });

  it('a refusal can be taken apart, rule by rule', async () => {
    const operator = await desks.open('operator');
    await go(operator, '/playback');
    await operator.getByTestId('playback-last-10').click();
    await operator.getByTestId('playback-play').click();
    await operator.getByTestId('denial-why').click();
    await operator.getByTestId('trace').waitFor();
    expect(await operator.getByTestId('trace').textContent()).toMatch(/同意的部门/);
    await picture(operator, 'permission-8-why');
  });

  it('other rules: the administrator proposes, the Office approves, and they are in force', async () => {
    await go(administrator, '/policy');
    const pack = await administrator.evaluate(async () => {
      const response = await fetch('/api/v1/operations/policy.read', { method: 'POST', headers: { 'x-wanglou': '1', 'content-type': 'application/json' }, body: '{}' });
      return ((await response.json()) as { inForce: { sha256: string; version: string } }).inForce;
    });
    const other = JSON.stringify(upc2013({ emergency: true }));
    await administrator.getByTestId('policy-propose').click();
    await administrator.getByTestId('policy-json').fill(other);
    await administrator.getByTestId('policy-propose-reason').fill('开通紧急调阅');
    await administrator.getByTestId('policy-propose-confirm').click();
    await administrator.getByTestId('proposal').waitFor();
    expect(await administrator.getByTestId('difference').count()).toBeGreaterThan(0);
    await picture(administrator, 'permission-9-proposal');
    await go(office, '/policy');
    await office.getByTestId('policy-approve').click();
    await expect.poll(async () => office.evaluate(async () => ((await (await fetch('/api/v1/operations/policy.read', { method: 'POST', headers: { 'x-wanglou': '1', 'content-type': 'application/json' }, body: '{}' })).json()) as { inForce: { version: string } }).inForce.version)).toBe('2+emergency');
    expect(pack.version).toBe('2');
    await picture(office, 'permission-10-approved');
  });

  it('with them, an emergency is taken at once, told to everybody concerned, and reviewed', async () => {
    const operator = await desks.open('operator');
    await operator.getByTestId('duty-begin').click();
    await operator.getByTestId('emergency-open').click();
    await operator.getByTestId('emergency-kind-life').or(operator.locator('[data-testid^="emergency-kind-"]').first()).first().check();
    await operator.locator('[data-testid="emergency-camera-east-gate"], [data-testid="request-camera-east-gate"]').first().check();
    await operator.getByTestId('emergency-reason').fill('有人落水');
    await picture(operator, 'permission-11-emergency');
    await operator.getByTestId('emergency-confirm').click();
    await head.getByTestId('emergency-banner').waitFor({ timeout: 10_000 });
    await picture(head, 'permission-12-banner');
    expect(desks.problems).toEqual([]);
  });
});
