import { describe, expect, it } from 'vitest';
import { DeviceKeeper } from '../src/device/device-keeper.ts';
import { OnvifError } from '../src/soap/onvif-error.ts';
import { reconnectDelayMs } from '../src/device/reconnect-delay.ts';
import type { DeviceFacts } from '../src/device/bring-up.ts';
import type { OnvifErrorCode } from '../src/soap/onvif-error.ts';

const facts: DeviceFacts = { information: {}, mediaService: 'media', profiles: [], clockOffsetMs: 0 };
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A keeper whose outcomes are a script and whose timers are fired by hand. */
function createScripted(script: (OnvifErrorCode | 'ok')[]) {
  const log: string[] = [];
  let timer: { delayMs: number; task: () => void } | undefined;
  const next = (what: string) => async () => {
    const outcome = script.shift() ?? 'ok';
    log.push(`${what} ${outcome}`);
    if (outcome !== 'ok') throw new OnvifError(outcome, {});
    return facts;
  };
  const bringUp = next('bring-up');
  const check = next('check');
  const keeper = new DeviceKeeper({
    bringUp,
    check: async () => void (await check()),
    after: (delayMs, task) => {
      timer = { delayMs, task };
      return () => (timer = undefined);
    },
    random: () => 0,
    changed: (state, problem) => log.push(problem ? `${state} ${problem.code}` : state),
    checkIntervalMs: 30_000,
  });
  const fire = async (): Promise<number> => {
    const { delayMs, task } = timer ?? { delayMs: -1, task: () => undefined };
    task();
    await settle();
    return delayMs;
  };
  return { keeper, log, fire, hasTimer: () => timer !== undefined };
}

describe('DeviceKeeper', () => {
  it('keeps trying with growing pauses while a device is off, then watches it, and starts over when it goes', async () => {
    const { keeper, log, fire } = createScripted(['UNREACHABLE', 'TIMEOUT', 'UNREACHABLE', 'ok', 'ok', 'UNREACHABLE', 'ok']);
    keeper.start();
    await settle();
    const delays = [await fire(), await fire(), await fire(), await fire(), await fire(), await fire()];
    expect(delays).toEqual([500, 1000, 2000, 30_000, 30_000, 500]);
    expect(log).toEqual([
      'bring-up UNREACHABLE', 'offline UNREACHABLE', 'bring-up TIMEOUT', 'offline TIMEOUT', 'bring-up UNREACHABLE', 'offline UNREACHABLE',
      'bring-up ok', 'online', 'check ok', 'online', 'check UNREACHABLE', 'offline UNREACHABLE', 'bring-up ok', 'online',
    ]);
    await keeper.stop();
  });

  it('waits five minutes after a refused login, and tells other failures as degraded', async () => {
    const { keeper, log, fire } = createScripted(['BAD_CREDENTIALS', 'MALFORMED', 'LOCKED_OUT']);
    keeper.start();
    await settle();
    expect([await fire(), await fire()]).toEqual([300_000, 1000]);
    expect(log.filter((entry) => !entry.startsWith('bring-up'))).toEqual(['unauthorized BAD_CREDENTIALS', 'degraded MALFORMED', 'unauthorized LOCKED_OUT']);
    await keeper.stop();
  });

  it('gives the facts to who waits for the first try, and the problem when there are none', async () => {
    const good = createScripted(['ok']);
    good.keeper.start();
    expect(await good.keeper.facts()).toBe(facts);
    const bad = createScripted(['TIMEOUT']);
    bad.keeper.start();
    await expect(bad.keeper.facts()).rejects.toMatchObject({ code: 'TIMEOUT' });
    await good.keeper.stop();
    await bad.keeper.stop();
  });

  it('leaves no timer when stopped, also in the middle of a try', async () => {
    const waiting = createScripted(['UNREACHABLE']);
    waiting.keeper.start();
    await settle();
    await waiting.keeper.stop();
    expect(waiting.hasTimer()).toBe(false);
    const trying = createScripted(['UNREACHABLE']);
    trying.keeper.start();
    await trying.keeper.stop();
    expect([trying.hasTimer(), trying.log]).toEqual([false, ['bring-up UNREACHABLE']]);
  });
});

describe('reconnectDelayMs', () => {
  it('stays within a minute for what may pass, and spreads by half', () => {
    expect([reconnectDelayMs('UNREACHABLE', 1, 0.999), reconnectDelayMs('UNREACHABLE', 50, 0), reconnectDelayMs('UNREACHABLE', 50, 0.9999)].map(Math.round)).toEqual([1000, 30_000, 59_997]);
  });

  it('never comes early after a refused login', () => {
    for (const code of ['BAD_CREDENTIALS', 'CLOCK_SKEW', 'LOCKED_OUT'] as const) expect(reconnectDelayMs(code, 1, 0)).toBeGreaterThanOrEqual(300_000);
  });
});
