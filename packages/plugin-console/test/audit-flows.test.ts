// The audit log in a real browser, over a real log: explored, verified, broken on disk, and proven with receipts.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parsePolicy, verifyReceipt } from '@wanglou/verify';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole, chromiumFile, type BuiltConsole } from './built-console.ts';
import { startMockServer } from './mock/mock-server.ts';
import { startRealAudit, type RealAudit } from './real-audit.ts';

describe.skipIf(!chromiumFile)('with the audit log (left out without Chromium: apt-get install chromium)', { timeout: 60_000 }, () => {
  let built: BuiltConsole;
  let server: Awaited<ReturnType<typeof startMockServer>>;
  let audit: RealAudit;
  let context: BrowserContext | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    built = await buildConsole();
    server = await startMockServer(0, '', built.site);
    // More than two bundles of entries.
    audit = await startRealAudit(230);
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await audit?.[Symbol.asyncDispose]();
    await built?.close();
  });
  afterEach(async () => {
    await context?.close();
    expect(problems.splice(0)).toEqual([]);
  });

  async function open(path: string, account = 'section-head', log = audit): Promise<Page> {
    server.mock.reset();
    server.mock.audit = log;
    server.mock.signIn(account);
    context = await built.browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce', acceptDownloads: true });
    // Printing would wait for a person.
    await context.addInitScript(() => void ((globalThis as { print?: unknown }).print = () => void (document.documentElement.dataset['printed'] = 'true')));
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && /Content Security Policy|Warning:/.test(message.text()) && problems.push(message.text()));
    await page.goto(server.url + path);
    return page;
  }
  const rows = (page: Page) => page.getByTestId('audit-row');
  async function downloadOf(page: Page, testId: string, encoding: BufferEncoding = 'utf8'): Promise<{ readonly name: string; readonly text: string }> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(testId).first().click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), encoding) };
  }

  it('filters are in the address, hold across a reload, and go with one click', async () => {
    const page = await open('/audit');
    await rows(page).first().waitFor();
    await page.getByTestId('audit-person').fill('operator');
    await page.getByTestId('audit-apply').click();
    await page.getByTestId('audit-effect').selectOption('deny');
    await page.getByTestId('audit-camera').selectOption('east-gate');
    await page.getByTestId('audit-from-date').fill('2020-01-02');
    await page.getByTestId('audit-from-time').fill('3');
    await page.getByTestId('audit-from-time').press('Enter');
    await page.waitForURL(/person=operator.*effect=deny.*camera=east-gate.*from=1577905200000|from=1577905200000/);
    await page.reload();
    await rows(page).first().waitFor();
    expect(await page.getByTestId('audit-person').inputValue()).toBe('operator');
    expect(await page.getByTestId('audit-from-time').inputValue()).toBe('03:00:00');
    expect(new Set(await rows(page).evaluateAll((list) => list.map((row) => `${row.dataset['kind']} ${row.dataset['effect']}`)))).toEqual(new Set(['decision deny']));
    await page.getByTestId('audit-clear').click();
    await page.waitForURL(/\/audit$/);
    await page.getByTestId('audit-caseNumber').fill('2026-17');
    await page.getByTestId('audit-caseNumber').press('Enter');
    await page.waitForURL(/case=2026-17/);
    // The page shows its rows little by little.
    await expect.poll(() => rows(page).count()).toBeGreaterThan(10);
  });

  it('a hundred rows come at a time, older ones on demand, and nothing is left out', async () => {
    const page = await open('/audit?operation=recording.live');
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(100);
    await page.getByTestId('audit-older').click();
    await expect.poll(() => rows(page).count()).toBe(200);
    await page.getByTestId('audit-older').click();
    await page.getByTestId('audit-older').waitFor({ state: 'detached' });
    const seqs = await rows(page).evaluateAll((list) => list.map((row) => Number(row.dataset['seq'])));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    // 66 that were permitted, with outcome and end of the lease, and 11 that were refused.
    expect(seqs).toHaveLength(209);
  });

  it('the keyboard alone walks the rows, opens an entry with all it says, and comes back to the row', async () => {
    const page = await open('/audit?action=playback&effect=permit');
    await rows(page).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const panel = page.getByTestId('entry-panel');
    await panel.waitFor();
    const seq = await rows(page).nth(1).getAttribute('data-seq');
    expect(await panel.getAttribute('data-seq')).toBe(seq);
    expect(new URL(page.url()).searchParams.get('entry')).toBe(seq);
    expect(await page.getByTestId('entry-hash').textContent()).toMatch(/^[0-9a-f]{64}$/);
    expect(await panel.textContent()).toContain('第10条');
    await page.getByTestId('entry-call').press('Enter');
    await page.getByTestId('call-entries').waitFor();
    expect(await page.getByTestId('call-entries').getByRole('listitem').count()).toBe(3);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['seq'])).toBe(seq);
  });

  it('an entry opens from its address, also one that the list does not show', async () => {
    const page = await open('/audit?entry=5');
    await page.getByTestId('entry-hash').waitFor();
    expect(await page.getByTestId('entry-panel').getAttribute('data-seq')).toBe('5');
  });

  it('who watched a camera is one click away from a row: by person, how long, and who was refused', async () => {
    const page = await open('/audit?camera=library');
    await page.getByTestId('audit-watched').first().click();
    await page.waitForURL(/\/audit\/watched\?camera=library/);
    await page.getByTestId('watched-act').first().waitFor();
    const people = await page.getByTestId('watched-group').evaluateAll((list) => list.map((group) => group.dataset['person']));
    expect(new Set(people)).toEqual(new Set(['operator', 'section-head']));
    expect(await page.locator('[data-testid="watched-act"][data-effect="deny"]').count()).toBeGreaterThan(0);
    // Leases were given back 25 s after the decision.
    expect(await page.locator('[data-testid="watched-act"][data-action="live"][data-effect="permit"]').first().textContent()).toContain('25 秒 已交还');
    await page.getByTestId('watched-from-date').fill('2020-01-01');
    await page.getByTestId('watched-to-date').fill('2020-01-02');
    await page.getByTestId('empty').waitFor();
    await page.getByTestId('watched-days-7').click();
    await page.getByTestId('watched-act').first().focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('entry-hash').waitFor();
  });

  it('the way to it stands on the playback page and on the wall, for those who may audit', async () => {
    const page = await open('/playback?camera=library');
    await page.getByTestId('playback-watched').click();
    await page.waitForURL(/watched\?camera=library/);
    await page.goto(`${server.url}/wall`);
    await page.getByTestId('camera-watched-library').click();
    await page.waitForURL(/watched\?camera=library/);
    // Somebody who watches and may audit has it on the tile as well.
    const both = await open('/wall', 'operator');
    await both.route('**/api/v1/session', async (route) => {
      const response = await route.fetch();
      const session = (await response.json()) as { actions: string[] };
      await route.fulfill({ response, json: { ...session, actions: [...session.actions, 'audit'] } });
    });
    await both.reload();
    await both.getByTestId('wall-duty-begin').click();
    await both.getByTestId('tile-watched-library').click();
    await both.waitForURL(/watched\?camera=library/);
    const other = await open('/playback?camera=library', 'operator');
    await other.getByTestId('playback-play').waitFor();
    expect(await other.getByTestId('playback-watched').count()).toBe(0);
  });

  it('the browser verifies the whole log by itself, and the next time holds it to the checkpoint it has kept', async () => {
    const page = await open('/audit');
    await page.getByTestId('audit-verify-browser').click();
    const found = page.locator('[data-testid="check-found"][data-where="browser"]');
    await found.waitFor();
    expect(await found.getAttribute('data-state')).toBe('good');
    expect(await page.getByTestId('chain').getAttribute('data-tone')).toBe('good');
    expect(await page.getByTestId('check-since').textContent()).toContain('首次校验');
    await page.reload();
    await page.getByTestId('audit-verify-browser').click();
    await found.waitFor();
    expect(await page.getByTestId('check-since').textContent()).toMatch(/与本浏览器保存的 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d 的校验点（\d+ 条）一致/);
    await page.getByTestId('audit-verify').click();
    await page.locator('[data-testid="check-found"][data-where="server"][data-state="good"]').waitFor();
  });

  it('a check can be called off', async () => {
    const page = await open('/audit');
    await page.route('**/media/**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.continue().catch(() => undefined);
    });
    await page.getByTestId('audit-verify-browser').click();
    await page.getByTestId('check-cancel').click();
    await page.getByTestId('check-progress').waitFor({ state: 'detached' });
    expect(await page.getByTestId('audit-verify-browser').isEnabled()).toBe(true);
    expect(await page.getByTestId('check-found').count()).toBe(0);
  });

  it('an entry that was changed on the disk is found, named, and one jump away', async () => {
    const page = await open('/audit');
    const bundle = join(audit.mirror, 'tile/entries/000');
    await rows(page).first().waitFor();
    await page.getByTestId('audit-verify-browser').click();
    await page.locator('[data-testid="check-found"][data-state="good"]').waitFor();
    const whole = await readFile(bundle, 'latin1');
    // Another camera of the same length: canteen was it, and library shall it have been.
    const changed = whole.replace('"cameras":["canteen"]', '"cameras":["library"]');
    expect(changed).not.toBe(whole);
    const seq = (changed.slice(0, whole.indexOf('"cameras":["canteen"]')).match(/"v":1\}/g) ?? []).length;
    await writeFile(bundle, changed, 'latin1');
    try {
      await page.getByTestId('audit-verify-browser').press('Enter');
      await page.locator('[data-testid="check-found"][data-state="broken"]').waitFor();
      expect(await page.getByTestId('chain').getAttribute('data-tone')).toBe('broken');
      expect(await page.getByTestId('chain').textContent()).toContain(`第 ${seq} 条有问题`);
      expect(await page.getByTestId('chain-reason').textContent()).toContain('写入日志后被改动');
      await page.getByTestId('chain-jump').press('Enter');
      await page.getByTestId('entry-broken').waitFor();
      expect(await page.getByTestId('entry-panel').getAttribute('data-seq')).toBe(String(seq));
    } finally {
      await writeFile(bundle, whole, 'latin1');
    }
  });

  it('a log that does not continue what the browser has kept is refused, until a person forgets that', async () => {
    await using other = await startRealAudit(3);
    const page = await open('/audit');
    await page.getByTestId('audit-verify-browser').click();
    await page.locator('[data-testid="check-found"][data-state="good"]').waitFor();
    server.mock.audit = other;
    await page.reload();
    await page.getByTestId('audit-verify-browser').click();
    await page.locator('[data-testid="check-found"][data-state="broken"]').waitFor();
    await page.getByTestId('check-forget').click();
    await page.getByTestId('audit-verify-browser').click();
    await page.locator('[data-testid="check-found"][data-state="good"]').waitFor();
  });

  it('a quiet night is one line, and what came before it is there at once', async () => {
    await using quiet = await startRealAudit(30, 110);
    const page = await open('/audit', 'section-head', quiet);
    await page.getByTestId('audit-fold').first().waitFor();
    await page.locator('[data-testid="audit-row"][data-kind="lease"]').first().waitFor();
    // The first one of all stands alone.
    expect(await page.locator('[data-testid="audit-row"][data-kind="audit.heartbeat"]').count()).toBe(1);
    await page.getByTestId('audit-fold').first().getByRole('button').press('Enter');
    await expect.poll(() => page.locator('[data-testid="audit-row"][data-kind="audit.heartbeat"]').count()).toBeGreaterThan(100);
    await page.getByTestId('audit-kind').selectOption('audit.heartbeat');
    await expect.poll(() => page.locator('[data-testid="audit-row"][data-kind="audit.heartbeat"]').count()).toBe(100);
    expect(await page.getByTestId('audit-fold').count()).toBe(0);
  });

  it('served leases are compared with the log on demand', async () => {
    const page = await open('/audit');
    await page.getByTestId('chain-details').press('Enter');
    await page.getByTestId('chain-reconcile').press('Enter');
    await page.getByTestId('chain-reconciled').waitFor();
    expect(await page.getByTestId('chain-reconciled').getAttribute('data-unmatched')).toBe('1');
    expect(await page.getByTestId('chain-reconciled').textContent()).toContain('stolen 没有条目记载该访问凭证');
    expect(await page.getByTestId('chain').getAttribute('data-tone')).toBe('waiting');
  });

  it('the offline bundle and the events of the filters are taken over the session', async () => {
    const page = await open('/audit?person=section-head&action=playback');
    await rows(page).first().waitFor();
    const bundle = await downloadOf(page, 'audit-bundle', 'latin1');
    expect(bundle.name).toBe('audit-log.zip');
    for (const name of ['log/checkpoint', 'log/tile/entries/000', 'verify.html', 'witnesses.txt']) expect(bundle.text).toContain(name);
    const events = await downloadOf(page, 'audit-export');
    const lines = events.text.trim().split('\n').map((line) => JSON.parse(line) as { actor: { user: { uid: string } } });
    expect(lines.length).toBeGreaterThan(10);
    expect(new Set(lines.map(({ actor }) => actor.user.uid))).toEqual(new Set(['section-head']));
  });

  it('a receipt of an entry verifies offline, and stands on paper with its code and the newest checkpoint', async () => {
    const page = await open('/audit?operation=recording.playback&kind=decision');
    await rows(page).first().click();
    await page.getByTestId('receipt-take').click();
    const code = await page.getByTestId('receipt-code').textContent();
    const { name, text } = await downloadOf(page, 'receipt-download');
    expect(name).toBe(`receipt-${code}.tlog-proof`);
    const policy = parsePolicy(`log ${(await readFile(join(audit.mirror, 'log.vkey'), 'utf8')).trim()}\nquorum none\n`);
    const result = verifyReceipt(text, policy);
    expect(result).toMatchObject({ ok: true, code });
    expect(result.entry).toMatchObject({ kind: 'decision', operation: 'recording.playback' });
    await page.getByTestId('receipt-paper').click();
    await page.waitForURL(`**/receipts/${result.index}`);
    expect(await page.getByTestId('paper').textContent()).toContain(code);
    expect(await page.getByTestId('paper-checkpoint').textContent()).toMatch(/wanglou\/[0-9a-f]{16}/);
  });

  it('whoever signs off, is refused or has asked takes the receipt of that act', async () => {
    const page = await open('/requests/r5', 'operator');
    server.mock.call = 'act-1';
    server.mock.onDuty = true;
    await page.reload();
    await page.getByTestId('duty-end').click();
    await page.getByTestId('duty-end-confirm').click();
    await page.getByTestId('duty-bar').getByTestId('receipt-take').click();
    const code = await page.getByTestId('receipt-code').textContent();
    expect(code).toMatch(/^\d+(-[0-9A-Z]{4}){4}$/);
    await page.keyboard.press('Escape');
    await page.getByTestId('request-record').getByTestId('receipt-take').click();
    expect(await page.getByTestId('receipt-code').textContent()).not.toBe(code);
    await page.goto(`${server.url}/playback?camera=library`);
    await page.getByTestId('playback-play').click();
    await page.getByTestId('denial-receipt').click();
    expect(await page.getByTestId('receipt-code').textContent()).toBe(code);
  });

  it('a copy shows its progress and its passphrase, and comes with its receipt', async () => {
    const page = await open('/playback?camera=library', 'operator');
    await page.route('**/operations/recording.export', (route) => route.fulfill({ json: { lease: 'l1', path: 'package.zip', export: 'e-1', expiresMs: Date.now() + 60_000, gaps: [] }, headers: { 'wanglou-call': 'act-2' } }));
    let asked = 0;
    await page.route('**/media/l1/status.json', (route) => route.fulfill({ json: (asked += 1) === 1 ? { state: 'preparing', doneBytes: 420, totalBytes: 1000 } : { state: 'ready', doneBytes: 1000, totalBytes: 1000, bytes: 900 } }));
    await page.route('**/media/l1/passphrase.txt', (route) => route.fulfill({ body: 'ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2\n' }));
    await page.getByTestId('playback-copy').click();
    await page.getByTestId('playback-copy-destination').fill('辖区派出所');
    await page.getByTestId('playback-copy-encrypt').check();
    await page.getByTestId('playback-copy-confirm').click();
    expect(await page.getByTestId('copy-progress').textContent()).toContain('42 %');
    expect(await page.getByTestId('copy-passphrase').textContent()).toBe('ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2');
    await page.getByTestId('copy-form').getByTestId('receipt-take').click();
    expect(await page.getByTestId('receipt-code').textContent()).toMatch(/^\d+-/);
    // Esc closes the receipt and leaves the copy.
    await page.keyboard.press('Escape');
    await page.getByTestId('receipt-code').waitFor({ state: 'detached' });
    expect(await page.getByTestId('playback-copy-download').isVisible()).toBe(true);
  });

  it('the verifier is no part of the first paint, which stays below 260 kB', async () => {
    const index = await readFile(new URL('index.html', built.site), 'utf8');
    const files = [...index.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path!);
    const first = await Promise.all(files.map((path) => readFile(new URL(path, built.site))));
    expect(first.length).toBeGreaterThan(1);
    expect(first.some((bytes) => bytes.includes('tlog-proof@v1'))).toBe(false);
    expect(first.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0)).toBeLessThan(260_000);
  });

  it('lists are printed with the checkpoint and a code that opens them', async () => {
    const page = await open('/audit?action=copy');
    for (const [path, button] of [['/audit?action=copy', 'audit-print'], ['/audit/watched?camera=library', 'watched-print']] as const) {
      await page.goto(server.url + path);
      await page.getByTestId(button).click();
      await page.locator('html[data-printed]').waitFor();
      const head = page.getByTestId('print-head');
      expect(await head.textContent()).toMatch(/wanglou\/[0-9a-f]{16} · /);
      expect(await head.locator('.qr-code').count()).toBe(1);
      await page.emulateMedia({ media: 'print' });
      expect(await head.isVisible()).toBe(true);
      expect(await page.getByTestId(button).isVisible()).toBe(false);
      await page.emulateMedia({ media: 'screen' });
    }
  });
});
