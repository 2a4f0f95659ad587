import { definePlugin, objectSchema, storeService, type CampusConfig, type PluginUse } from '@wanglou/core';
import { permitAll } from '@wanglou/core/testing';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../src/commands/check.ts';
import { createTestTerminal } from './harness.ts';

const store = definePlugin({
  id: 'test-store',
  config: objectSchema({ path: { type: 'string' } }),
  provides: [storeService],
  // The fact that the test rules ask for.
  facts: [{ path: 'test.denied', type: 'boolean', text: { zh: '测试拒绝', en: 'Denied by the test' } }],
  setup: () => undefined,
});
const doorbell = definePlugin({ id: 'doorbell', config: objectSchema({ chime: { type: 'string', optional: true } }), needs: { store: storeService }, setup: () => undefined });

const campus = (overrides: Partial<CampusConfig> = {}): CampusConfig => ({ name: { zh: '青岛校区', en: 'Qingdao Campus' }, timeZone: 'Asia/Shanghai', policy: permitAll, store: store({ path: './data' }), plugins: [doorbell()], ...overrides });

/** A configuration as JavaScript may hold it. */
const use = (plugin: PluginUse, config: object): PluginUse => ({ ...plugin, config });

describe('wanglou check', () => {
  it('says of a good configuration what is in it', async () => {
    const [english, chinese] = [createTestTerminal(), createTestTerminal('zh')];
    expect(await checkConfig(campus(), english)).toBe(0);
    expect(english.outLines).toEqual(['✔ Qingdao Campus: 1 plugins, policy pack permit-all@1 (2 rules), nothing wrong']);
    expect(await checkConfig(campus(), chinese)).toBe(0);
    expect(chinese.outLines).toEqual(['✔ 青岛校区：1 个插件，规则包 permit-all@1（2 条规则），配置无误']);
    expect([...english.errLines, ...chinese.errLines]).toEqual([]);
  });

  it('names the path of a key that nobody knows, in the language of the reader', async () => {
    const config = campus({ plugins: [use(doorbell(), { chimes: 'dong' })] });
    const [english, chinese] = [createTestTerminal(), createTestTerminal('zh')];
    expect(await checkConfig(config, english)).toBe(1);
    expect(english.errLines).toEqual([expect.stringMatching(/^✖ The configuration of doorbell is wrong at .*chimes.*\[CONFIG_INVALID\]$/)]);
    expect(await checkConfig(config, chinese)).toBe(1);
    expect(chinese.errLines).toEqual([expect.stringMatching(/^✖ doorbell 的配置有误.*chimes.*\[CONFIG_INVALID\]$/)]);
  });

  it('says everything that is wrong, not the first alone', async () => {
    const terminal = createTestTerminal();
    const without = use(store({ path: './data' }), { folder: './data' });
    expect(await checkConfig(campus({ store: without, plugins: [use(doorbell(), { chimes: 'dong' })] }), terminal)).toBe(1);
    expect(terminal.errLines).toHaveLength(2);
    expect(terminal.errLines.join('\n')).toMatch(/test-store[^]*doorbell/);
  });
});
