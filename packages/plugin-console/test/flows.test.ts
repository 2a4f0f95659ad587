// What people do with the console, in a real browser against the mock server and its strict content security policy.
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../../scripts/peers.ts';
import { buildConsole, chromiumFile, type BuiltConsole } from './built-console.ts';
import { sampleAlarms } from './mock/mock-alarms.ts';
import { startMockServer } from './mock/mock-server.ts';

describe.skipIf(!chromiumFile)('with the console (left out without Chromium: apt-get install chromium)', { timeout: 60_000 }, () => {
  let built: BuiltConsole;
  let server: Awaited<ReturnType<typeof startMockServer>>;
  let context: BrowserContext | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    built = await buildConsole();
    server = await startMockServer(0, 'step-up', built.site);
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await built?.close();
  });
  afterEach(async () => {
    await context?.close();
    expect(problems.splice(0)).toEqual([]);
  });

  async function open(path: string, account?: string): Promise<Page> {
    server.mock.reset();
    if (account) server.mock.signIn(account);
    context = await built.browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && /Content Security Policy/.test(message.text()) && problems.push(message.text()));
    await page.goto(server.url + path);
    return page;
  }
  async function signIn(page: Page, account: string): Promise<void> {
    await page.getByTestId('sign-in-name').fill(account);
    await page.getByTestId('sign-in-password').fill('secret');
    await page.getByTestId('sign-in-submit').click();
  }

  it('one signs in with six digits where the account has an authenticator', async () => {
    const page = await open('/');
    await signIn(page, 'administrator');
    await page.getByTestId('sign-in-code').fill('123 456');
    expect(await page.getByTestId('sign-in-problem').count()).toBe(0);
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('me').waitFor();
  });

  it('one reaches nothing before a password that others know is changed', async () => {
    const page = await open('/requests');
    await signIn(page, 'newcomer');
    await page.getByTestId('must-change').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.getByTestId('password-current').fill('secret');
    await page.getByTestId('password-next').fill('a sentence of mine');
    await page.getByTestId('password-again').fill('a sentence of mine');
    await page.getByTestId('password-submit').click();
    await page.getByTestId('nav-requests').waitFor();
  });

  it('what is the matter with a camera stands below it, and who maintains the system says that a picture is right', async () => {
    const page = await open('/wall', 'administrator');
    await page.getByTestId('concerns-library').getByText('摄像机可能被转动').waitFor();
    expect(await page.getByTestId('camera-canteen').getAttribute('title')).toContain('码率 420 kbit/s\n帧率 25 帧/秒\n关键帧间隔 1.0 秒');
    await page.getByTestId('renew-library').click();
    await page.getByText('已更新画面基准').waitFor();
    await page.getByTestId('concerns-library').waitFor({ state: 'detached' });
    expect(await page.getByTestId('concerns-canteen').count()).toBe(1);
  });

  it('a review asks who one is and goes on by itself; what was judged stays in its lane', async () => {
    const page = await open('/inbox', 'section-head');
    const item = page.locator('[data-testid="inbox-item"][data-request="r1"]');
    await item.getByTestId('inbox-approve').click();
    await page.getByTestId('step-up-password').fill('wrong');
    await page.getByTestId('step-up-submit').click();
    await page.getByTestId('step-up').getByRole('alert').waitFor();
    await page.getByTestId('step-up-password').fill('secret');
    await page.getByTestId('step-up-submit').click();
    await page.locator('[data-testid="inbox-item"][data-request="r1"][data-state="approved"]').waitFor();
    expect(await page.getByTestId('step-up').count()).toBe(0);
  });

  it('a review that is not proven leaves a refusal with a way to prove it', async () => {
    const page = await open('/inbox', 'section-head');
    server.mock.provenMs = 0;
    await page.locator('[data-request="r1"]').getByTestId('inbox-approve').click();
    await page.getByTestId('step-up').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('denial-step-up').waitFor();
  });

  it('a visit is registered step by step; numbers are masked, codes are told and printed', async () => {
    const page = await open('/visits/new?cameras=library&from=1790000000000&to=1790000600000&actions=playback', 'operator');
    await page.getByTestId('visit-next').click();
    await page.getByText('请填写来访单位').waitFor();
    await page.getByTestId('visit-organisation').fill('市公安局某分局');
    await page.getByTestId('visit-body-police').click();
    await page.getByTestId('visit-case-number').fill('2026-17');
    await page.getByTestId('visit-next').click();
    for (const index of [0, 1]) {
      await page.getByTestId('visit-visitor-name').nth(index).fill(`来访${index}`);
      await page.getByTestId('visit-visitor-number').nth(index).fill(`AB12345${index}`);
    }
    await page.getByTestId('visit-next').click();
    await page.getByTestId('visit-step-visitors').click();
    expect(await page.getByTestId('visit-visitor-number').first().inputValue()).toBe('••••3450');
    await page.getByTestId('visit-step-footage').click();
    await page.getByTestId('request-purpose').selectOption('case');
    await page.getByTestId('request-reason').fill('核实经过');
    await page.getByTestId('visit-next').click();
    await page.getByTestId('visit-terms').check();
    await page.getByTestId('visit-next').click();
    await page.getByTestId('visit-submit').click();
    const codes = await page.getByTestId('visit-code').locator('code').allTextContents();
    expect(codes).toHaveLength(2);
    await page.getByTestId('visit-print').click();
    for (const code of codes) await page.getByTestId('paper').getByText(code).waitFor();
  });

  it.skipIf(!findProgram(['ffmpeg']))('playback of a visit (left out without ffmpeg) waits for everybody, pauses when one leaves, and goes on where it stopped', async () => {
    const page = await open('/requests', 'operator');
    await page.locator('[data-request="r5"]').getByTestId('request-play').click();
    for (const visitor of [0, 1]) {
      const line = page.getByTestId('presence-visitor').nth(visitor);
      await line.getByTestId('presence-code').fill('428113');
      await line.getByTestId('presence-confirm').click();
      await page.locator(`[data-testid="presence"][data-here="${visitor + 1}"]`).waitFor({ state: 'attached' });
    }
    await page.getByTestId('playback-play').click();
    const video = page.getByTestId('playback-video');
    const stand = () => video.evaluate((element: HTMLVideoElement) => ({ seconds: element.currentTime, paused: element.paused }));
    await video.waitFor();
    await page.getByTestId('presence-bar').locator('summary').click();
    await page.getByTestId('presence-leave').first().click();
    await page.getByTestId('playback-paused').waitFor();
    const before = await stand();
    expect(before.paused).toBe(true);
    await page.getByTestId('playback-paused').getByTestId('presence-code').fill('428113');
    await page.getByTestId('playback-paused').getByTestId('presence-confirm').click();
    await page.getByTestId('playback-paused').waitFor({ state: 'detached' });
    expect(Math.abs((await stand()).seconds - before.seconds)).toBeLessThan(2);
  });

  it('an emergency says what follows, and stands over every page while it is open', async () => {
    const page = await open('/wall', 'operator');
    await page.getByTestId('emergency-open').click();
    expect(await page.getByTestId('emergency-form').textContent()).toContain('不能拷贝');
    await page.getByTestId('emergency-kind-fire').check();
    await page.getByTestId('request-camera-library').check();
    await page.getByTestId('emergency-reason').fill('看台起火');
    await page.getByTestId('emergency-confirm').click();
    await page.getByTestId('emergency-banner').waitFor();
    await page.getByTestId('nav-requests').click();
    await page.getByTestId('emergency-banner').waitFor();
  });

  it('the register is filtered by its address and leaves with its hash', async () => {
    const page = await open('/register?effect=deny', 'section-head');
    await page.getByTestId('register-row').first().waitFor();
    expect(await page.locator('[data-testid="register-row"][data-effect="permit"]').count()).toBe(0);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('register-csv').click()]);
    expect(download.suggestedFilename()).toMatch(/^调取登记-\d{4}-\d\d-\d\d\.csv$/);
    expect(await page.getByTestId('register-exported').textContent()).toContain('4d4d');
  });

  it('a head holds footage; what one proposes to lift another lifts', async () => {
    const page = await open('/storage', 'section-head');
    await page.getByTestId('hold').first().waitFor();
    expect(await page.getByTestId('room').getAttribute('data-state')).toBe('tight');
    expect(await page.getByTestId('room-days').textContent()).toContain('1');
    expect(await page.getByTestId('disk').evaluateAll((disks) => disks.map((disk) => disk.getAttribute('data-state')))).toEqual(['healthy', 'missing']);
    // Her own proposal is not hers to confirm.
    expect(await page.getByTestId('hold-confirm-lift').count()).toBe(0);
    await page.getByTestId('hold-new').click();
    const confirm = page.getByTestId('hold-confirm');
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByTestId('request-camera-library').check();
    await page.getByTestId('hold-case').fill('2026-0419');
    await page.getByTestId('hold-reason').fill('自行车失窃');
    await confirm.click();
    await page.getByText('2026-0419').waitFor();
    expect(server.mock.holds[0]).toMatchObject({ cameras: ['library'], caseNumber: '2026-0419', placedBy: 'section-head', state: 'in-force' });
    await page.getByTestId('hold-lift-propose').first().click();
    await page.getByTestId('hold-lift-reason').fill('已找回');
    await page.getByTestId('hold-lift-confirm').click();
    await page.getByTestId('hold-lift').first().waitFor();
    server.mock.signIn('office-head');
    await page.reload();
    await page.getByTestId('hold-confirm-lift').first().click();
    await expect.poll(() => server.mock.holds.filter(({ state }) => state === 'lifted').map(({ lift }) => lift?.confirmedBy)).toEqual(['office-head']);
  });

  it('a head archives footage with its record, verifies another archive and puts it back', async () => {
    const page = await open('/archive', 'section-head');
    await page.getByTestId('archive').first().waitFor();
    expect(await page.getByTestId('archive').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-state')))).toEqual(['copying', 'waiting', 'stored']);
    await page.getByTestId('archive-new').click();
    const confirm = page.getByTestId('archive-confirm');
    await page.getByTestId('request-camera-library').check();
    await page.getByTestId('archive-title').fill('自行车失窃');
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByTestId('archive-record').fill('09:00 一人剪断车锁');
    await confirm.click();
    await page.getByText('自行车失窃').waitFor();
    expect(server.mock.archives[0]).toMatchObject({ cameras: ['library'], target: 'vault', title: '自行车失窃', record: '09:00 一人剪断车锁', orderedBy: 'section-head' });
    await page.getByTestId('archive-cancel').first().click();
    await expect.poll(() => server.mock.archives[0]?.state).toBe('cancelled');
    await page.getByTestId('archive-restore').click();
    await page.getByTestId('archive-days').fill('0');
    await page.getByTestId('archive-restore-reason').fill('复核');
    expect(await page.getByTestId('archive-restore-confirm').isDisabled()).toBe(true);
    await page.getByTestId('archive-days').fill('7');
    await page.getByTestId('archive-restore-confirm').click();
    await page.getByTestId('archive-restore-form').waitFor({ state: 'detached' });
    await page.getByTestId('archive-verify').click();
    await expect.poll(() => server.mock.archives.at(-1)?.state).toBe('verifying');
    await page.getByTestId('archive-search').fill('嫌疑人');
    await expect.poll(() => page.getByTestId('archive').count()).toBe(1);
  });

  it('a head rebuilds the catalogue of archives from a storage, and reads what was found', async () => {
    const page = await open('/archive', 'section-head');
    await page.getByTestId('archive').first().waitFor();
    const adopt = async () => {
      await page.getByTestId('archive-adopt').click();
      await page.getByTestId('archive-adopt-confirm').click();
      const found = await page.getByTestId('archive-adopted').innerText();
      expect(await page.getByTestId('archive-refused').innerText()).toContain('w0G3kk2mJ9y5xQ1dZzAbCd');
      await page.getByTestId('archive-adopt-close').click();
      return found;
    };
    expect(await adopt()).toContain('1');
    await page.getByText('食堂打架').waitFor();
    expect(await adopt()).not.toContain('1');
  });

  it('an operator takes a fire on with F1, finds it false, and two persons close it', async () => {
    const page = await open('/wall', 'operator');
    server.mock.onDuty = true;
    server.mock.alarms = sampleAlarms(Date.now());
    // The keys are the most urgent alarm's: beside another one they are not named.
    await page.goto(`${server.url}/alarms?alarm=disk`);
    expect(await page.getByTestId('alarm-acknowledge').innerText()).not.toContain('F1');
    await page.goto(`${server.url}/alarms?alarm=fire`);
    expect(await page.getByTestId('alarm-acknowledge').innerText()).toContain('F1');
    await page.goto(`${server.url}/requests`);
    expect(await page.getByTestId('alarm-banner').innerText()).toContain('图书馆二层');
    await expect.poll(() => server.mock.alarms.find(({ id }) => id === 'fire')?.state).toBe('shown');
    await page.keyboard.press('F1');
    await page.getByTestId('alarm-panel').waitFor();
    expect(await page.getByTestId('alarm').evaluateAll((cards) => cards.map((card) => [card.getAttribute('data-priority'), card.getAttribute('data-state')]))).toEqual([['fire', 'acknowledged'], ['medium', 'shown']]);
    await page.getByTestId('tile-library').waitFor();
    await page.getByTestId('alarm-verify-video').click();
    await page.keyboard.press('F3');
    const judge = page.getByTestId('alarm-false-confirm');
    expect(await judge.isDisabled()).toBe(true);
    await page.getByTestId('alarm-cause').selectOption('cooking');
    await judge.click();
    await page.keyboard.press('F2');
    await page.getByTestId('alarm-measure-kind').selectOption('section');
    await page.getByTestId('alarm-measure-confirm').click();
    await page.getByTestId('alarm-close').click();
    const close = page.getByTestId('alarm-close-confirm');
    expect(await close.isDisabled()).toBe(true);
    await page.getByTestId('alarm-close-words').fill('厨房油烟，已通风');
    await close.click();
    await expect.poll(() => server.mock.alarms.find(({ id }) => id === 'fire')?.closing?.by).toBe('operator');
    expect(await page.getByTestId('alarm-confirm-close').count()).toBe(0);
    server.mock.signIn('section-head');
    await page.goto(`${server.url}/alarms?alarm=fire`);
    await page.getByTestId('alarm-confirm-close').click();
    await expect.poll(() => page.getByTestId('alarm').count()).toBe(1);
    expect(server.mock.alarms.find(({ id }) => id === 'fire')?.steps.map(({ kind }) => kind)).toEqual(['received', 'escalated', 'shown', 'acknowledged', 'verifying', 'false', 'handled', 'closing', 'closed']);
  });

  it('an alarm that comes stands over the page at once, and goes when it is taken on elsewhere', async () => {
    const page = await open('/requests', 'operator');
    await page.getByTestId('me').waitFor();
    await expect.poll(() => server.mock.readers.size).toBeGreaterThan(0);
    expect(await page.getByTestId('alarm-banner').count()).toBe(0);
    const [disk, fire] = sampleAlarms(Date.now());
    server.mock.send('alarm', fire);
    await page.getByTestId('alarm-banner').waitFor();
    server.mock.send('alarm', { ...fire!, state: 'acknowledged', steps: [...fire!.steps, { kind: 'acknowledged', atMs: Date.now(), person: 'leader' }] });
    await page.getByTestId('alarm-banner').waitFor({ state: 'detached' });
    // One that was on its way takes nothing back: the next banner is another alarm's.
    server.mock.send('alarm', fire);
    server.mock.send('alarm', disk);
    await page.getByTestId('alarm-banner').waitFor();
    expect(await page.getByTestId('alarm-banner').innerText()).toContain('录像磁盘');
  });

  it('the administrator says what time it is when the clock of the recorder is not believed', async () => {
    const page = await open('/', 'administrator');
    server.mock.clockAhead = true;
    await page.goto(`${server.url}/storage`);
    await page.getByTestId('clock-ask').click();
    expect(await page.getByTestId('clock-confirm').isDisabled()).toBe(true);
    const [date = '', time = ''] = new Date().toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }).split(' ');
    await page.getByTestId('clock-now-date').fill(date);
    await page.getByTestId('clock-now-time').fill(time);
    await page.getByTestId('clock-confirm').click();
    await expect.poll(() => server.mock.clockAhead).toBe(false);
    await page.getByTestId('clock-ahead').waitFor({ state: 'detached' });
  });
});
