// An alarm in the control room: on the screen by itself, with its picture, taken on by a key, and still what it was after the campus was killed.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Framer, type Frame } from '../../packages/plugin-fire/src/gb26875.ts';
import type { Alarm, AlarmPriority, Hold } from '../../packages/core/src/index.ts';
import { chromiumFile, Desks, launchBrowser, picture } from './support/browser.ts';
import { root } from './support/child.ts';
import { startCampus, type CampusProcess } from './support/campus-process.ts';
import type { Client } from './support/client.ts';
import { startFaultyCameras, type FaultyCameras } from './support/simulator.ts';

describe.skipIf(!chromiumFile)('alarms (left out without Chromium: apt-get install chromium)', () => {
  let folder: string;
  let firePort: number;
  let cameras: FaultyCameras;
  let campus: CampusProcess;
  let operator: Client;
  let browser: Browser;
  let desks: Desks;
  let page: Page;

  const start = (data?: string) => startCampus({ config: join(root, 'tests', 'e2e', 'support', 'alarm.config.ts'), env: { ...cameras.environment, ALARMS: join(folder, 'open'), FIRE_PORT: String(firePort) }, ...(data !== undefined && { data }) });
  const raise = async (name: string, priority: AlarmPriority, camera = 'east-gate') => {
    await writeFile(join(folder, name), JSON.stringify({ priority, camera }));
    await rename(join(folder, name), join(folder, 'open', name));
  };
  const alarms = async () => (await operator.do<{ alarms: readonly Alarm[] }>('alarm.list')).alarms;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wanglou-e2e-alarms-'));
    await mkdir(join(folder, 'open'));
    firePort = await freePort();
    cameras = await startFaultyCameras(2);
    campus = await start();
    operator = await campus.client().signIn('operator');
    browser = await launchBrowser();
    desks = new Desks(browser, campus.address, { viewport: { width: 1366, height: 900 }, colorScheme: 'dark' });
    page = await desks.open('operator');
    await page.getByTestId('duty-begin').click();
  });
  afterAll(async () => {
    await browser?.close();
    await campus?.stop();
    await campus?.remove();
    await cameras?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await desks.pictures('alarm');
  });

  it('stands over the page when it comes, and F1 takes it on and shows the picture of its camera', async () => {
    await page.goto(`${campus.address}/requests`);
    await page.getByTestId('me').waitFor();
    await raise('hall', 'fire');
    await page.getByTestId('alarm-banner').waitFor();
    await expect.poll(async () => (await alarms())[0]?.state).toBe('shown');
    await page.keyboard.press('F1');
    await page.getByTestId('alarm-panel').waitFor();
    const video = page.locator('[data-testid="tile-east-gate"] video');
    await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.getVideoPlaybackQuality().totalVideoFrames), { timeout: 20_000 }).toBeGreaterThan(5);
    await picture(page, 'alarm-desk');
    expect((await alarms())[0]).toMatchObject({ source: 'file:hall', priority: 'fire', state: 'acknowledged', cameras: ['east-gate'] });
  });

  it('of a fire alarm system is confirmed to its device, on the screen, and held with the footage of its cameras', async () => {
    // A published frame: smoke detector 10 of zone 2 reports fire.
    const frame = Buffer.from('404001000101203a091a090c790300000000385b0100000030000202010101280a000200020020202020202020202020202020202020202020202020202020202020202000023a091a090c462323', 'hex');
    const device = connect(firePort, '127.0.0.1');
    const framer = new Framer();
    const confirmed = new Promise<Frame>((resolve, reject) => {
      // The campus asks the device for its state as well.
      device.on('data', (bytes) => framer.push(bytes, Date.now()).forEach((piece) => piece.kind === 'frame' && piece.frame.command === 3 && resolve(piece.frame))).once('error', reject);
    });
    device.write(frame);
    expect(await confirmed).toMatchObject({ serial: 1, sourceDec: 88_888, destinationDec: 889 });
    const of = async () => (await alarms()).find(({ source }) => source === 'fire:uitd/library/sys/1-1/comp/131082');
    await expect.poll(of, { timeout: 5000 }).toMatchObject({ priority: 'fire', cameras: ['west-gate'] });
    expect((await of())?.title.zh).toContain('二层感烟探测器');
    await expect.poll(() => page.getByTestId('alarm-banner').innerText(), { timeout: 5000 }).toContain('二层感烟探测器');
    const head = await campus.client().signIn('section-head');
    const { id } = (await of())!;
    await expect.poll(async () => (await head.do<{ holds: readonly Hold[] }>('recording.holds')).holds.find((hold) => hold.id === `alarm:${id}`)?.cameras, { timeout: 5000 }).toEqual(['west-gate']);
    device.destroy();
  });

  it('is escalated by the clock where nobody takes it on, and is what it was after kill -9', async () => {
    await raise('gate', 'high');
    await expect.poll(async () => (await alarms()).find(({ source }) => source === 'file:gate')?.steps.map(({ escalation }) => escalation).filter(Boolean), { timeout: 25_000, interval: 500 }).toEqual(['reminder']);
    const before = await alarms();
    await campus.kill();
    campus = await start(campus.data);
    operator = operator.at(campus.address);
    const after = await alarms();
    for (const { id, state, steps } of before) {
      const same = after.find((alarm) => alarm.id === id);
      expect(same?.state).toBe(state);
      expect(same?.steps.slice(0, steps.length)).toEqual(steps);
    }
  });

  it('is closed by two: the operator proposes, the head confirms', async () => {
    // The campus that was started anew has seen the file: only then is its end one.
    await expect.poll(async () => (await alarms()).find(({ source }) => source === 'file:hall')?.count, { timeout: 10_000 }).toBeGreaterThan(1);
    await rm(join(folder, 'open', 'hall'));
    await expect.poll(async () => (await alarms()).find(({ source }) => source === 'file:hall')?.restoredMs, { timeout: 10_000 }).toBeGreaterThan(0);
    const { id } = (await alarms()).find(({ source }) => source === 'file:hall')!;
    expect((await operator.call('alarm.judge', { alarm: id, verdict: 'false' })).json).toMatchObject({ code: 'ALARM_CAUSE_MISSING' });
    await operator.do('alarm.judge', { alarm: id, verdict: 'false', cause: 'steam' });
    await operator.do('alarm.close', { alarm: id });
    expect((await operator.call('alarm.confirm-close', { alarm: id })).status).toBe(403);
    const head = await campus.client().signIn('section-head');
    expect(await head.do<Alarm>('alarm.confirm-close', { alarm: id })).toMatchObject({ state: 'closed', verdict: 'false' });
    expect((await alarms()).some((alarm) => alarm.id === id)).toBe(false);
  });
});

/** A port that was free a moment ago: devices are told the number before the campus starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
