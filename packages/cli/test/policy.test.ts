import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicyPack } from '@wanglou/core';
import { twoKeys } from '@wanglou/policies';
import { describe, expect, it } from 'vitest';
import { createFolder, run } from './harness.ts';

/** Writes a pack as JSON and answers its path. */
async function packFile(folder: string, over: Partial<PolicyPack>, name = 'pack.json'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ ...twoKeys(), ...over }));
  return path;
}

describe('wanglou policy verify', () => {
  it('proves a pack of ours by its id, and says over how much', async () => {
    const { code, out, err } = await run(['policy', 'verify', 'upc-2013']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^✔ upc-2013@2 is proven\n {2}\d\.\d\d × 10\^\d+ requests judged: 15 actions with every valuation of \d+ facts.*\n {2}examples (\d+)\/\1, properties (\d+)\/\2\n {2}\d+ rules: .*\n {2}[\d.]+ s$/);
  });

  it.each(['upc-2013+emergency', 'cn-order-799', 'two-keys'])('proves %s, in Chinese', async (id) => {
    const { code, out } = await run(['policy', 'verify', id], 'zh');
    expect([code, out]).toEqual([0, expect.stringContaining('已证明')]);
  });

  it('says of a property that does not hold which request breaks it, by which rules, and what to do', async () => {
    await using folder = await createFolder();
    const path = await packFile(folder.path, { rules: twoKeys().rules.filter(({ id }) => id !== 'k3-copy') });
    const english = await run(['policy', 'verify', path]);
    expect(english.code).toBe(1);
    expect(english.err).toMatch(/^✖ The property copy-takes-the-centre \(article 3\).* copy \{.*grant\.covers=true.*\} is permitted \(rules p2-grant\); change these rules, or the property {2}\[PACK_UNPROVEN\]$/m);
    expect(english.err).toMatch(/^✖ The example "but not to a copy" is decided otherwise/m);
    expect(english.out).toContain('✖ two-keys@1 is not proven');
    const chinese = await run(['policy', 'verify', path], 'zh');
    expect(chinese.err).toMatch(/^✖ 性质 copy-takes-the-centre（第3条）.*被允许.*\[PACK_UNPROVEN\]$/m);
  });

  it('names the rule that nothing would miss', async () => {
    await using folder = await createFolder();
    const idle = { id: 'k9', article: '9', text: { zh: '多余', en: 'Idle' }, effect: 'forbid', actions: ['copy'], when: { 'actor.kind': 'system' } } as const;
    const { code, err } = await run(['policy', 'verify', await packFile(folder.path, { rules: [...twoKeys().rules, idle] })]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^✖ Nothing notices when the rule k9 is taken away; .*keptBecause/)]);
  });

  it('proves a module whose default export is a pack or makes one', async () => {
    await using folder = await createFolder();
    const pack = JSON.stringify(twoKeys());
    await writeFile(join(folder.path, 'pack.ts'), `export default ${pack} as object;\n`);
    await writeFile(join(folder.path, 'made.mjs'), `export default async () => (${pack});\n`);
    for (const file of ['pack.ts', 'made.mjs']) expect(await run(['policy', 'verify', join(folder.path, file)])).toMatchObject({ code: 0, out: expect.stringContaining('two-keys@1 is proven') });
  });

  it('says what is wrong with a pack that no campus would load', async () => {
    await using folder = await createFolder();
    const path = await packFile(folder.path, { rules: [{ ...twoKeys().rules[0]!, when: { 'actor.knid': 'person' } }] });
    expect(await run(['policy', 'verify', path])).toMatchObject({ code: 1, err: expect.stringMatching(/unknown fact "actor.knid" {2}\[PACK_INVALID\]$/) });
  });

  it('says of what is no pack what it should be', async () => {
    await using folder = await createFolder();
    expect(await run(['policy', 'verify', join(folder.path, 'none.json')], 'zh')).toMatchObject({ code: 1, err: expect.stringMatching(/^✖ 找不到规则包 .*none\.json.*upc-2013.*\[PACK_NOT_FOUND\]$/) });
    expect(await run(['policy', 'verify', 'constructor'])).toMatchObject({ code: 1, err: expect.stringContaining('[PACK_NOT_FOUND]') });
    await writeFile(join(folder.path, 'broken.json'), '{');
    expect(await run(['policy', 'verify', join(folder.path, 'broken.json')])).toMatchObject({ code: 1, err: expect.stringContaining('[PACK_UNREADABLE]') });
    await writeFile(join(folder.path, 'other.json'), '[1]');
    expect(await run(['policy', 'verify', join(folder.path, 'other.json')])).toMatchObject({ code: 1, err: expect.stringContaining('[PACK_NOT_A_PACK]') });
    await writeFile(join(folder.path, 'throws.mjs'), `throw new Error('the archive is closed');\n`);
    expect(await run(['policy', 'verify', join(folder.path, 'throws.mjs')])).toMatchObject({ code: 1, err: expect.stringMatching(/the archive is closed {2}\[PACK_UNREADABLE\]$/) });
  });
});

describe('wanglou policy diff', () => {
  it('says for each action what is opened and closed, with an example', async () => {
    const { code, out } = await run(['policy', 'diff', 'upc-2013', 'upc-2013+emergency']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\+ opened live: [\d,]+ requests, such as live \{.*grant\.emergency=true.*\}$/m);
    expect(out).toMatch(/^\+ opened emergency: /m);
    expect(out).not.toContain('- closed');
    expect(out).toMatch(/^upc-2013@2 → upc-2013@2\+emergency: 3 actions are decided otherwise, of .* requests/m);
    const back = await run(['policy', 'diff', 'upc-2013+emergency', 'upc-2013'], 'zh');
    expect(back.out).toMatch(/^－ 新拒绝 playback：/m);
  });

  it('says that a pack decides as itself', async () => {
    expect(await run(['policy', 'diff', 'two-keys', 'two-keys'])).toMatchObject({ code: 0, out: expect.stringMatching(/^✔ two-keys@1 → two-keys@1: all [\d,]+ requests are decided alike/) });
  });
});
