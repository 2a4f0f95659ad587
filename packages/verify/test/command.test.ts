// `wanglou-verify` as people meet it.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main, tilePath } from '../src/index.ts';
import { bothPolicy, bundleOf, createTestLog, entriesOf, entryOf, logKey, office, writeFiles } from './test-log.ts';
import { createTestEvidence } from './test-evidence.ts';

const log = createTestLog(entriesOf(300));
const half = createTestLog(entriesOf(300), [logKey, office]);
const changedBundle = bundleOf(log.entries.slice(0, 256).map((entry, index) => Buffer.from(index === 77 ? entryOf({}) : entry)));
let folder: string;
const at = (...parts: readonly string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-verify-'));
  await writeFiles(at('log'), log.files);
  await writeFiles(at('half'), half.files);
  await writeFiles(at('changed'), new Map([...log.files, [tilePath('entries', 0), changedBundle]]));
  await writeFiles(at('package'), createTestEvidence().files);
  await writeFiles(folder, new Map([['policy.txt', bothPolicy], ['log.vkey', `${logKey.vkey}\n`], ['saved', log.checkpoint(100)], ['ahead', createTestLog(entriesOf(301)).checkpoint()], ['receipt.tlog-proof', log.receipt(5)], ['receipt', log.receipt(5)], ['bad-policy.txt', 'quorum nobody\n'], ['stray.mp4', 'x'], ['empty/x', '']]));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the command said, and how it ended. */
async function run(args: readonly string[], environment: NodeJS.ProcessEnv = { LANG: 'en_GB.UTF-8' }) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, { out: (line) => void out.push(line), err: (line) => void err.push(line) }, environment);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('wanglou-verify', () => {
  it('verifies a log, and says who vouches for it', async () => {
    const { code, out, err } = await run([at('log'), '--policy', at('policy.txt'), '--since', at('saved')]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^✔ The log wanglou\/test verifies: 300 entries, root .{44}$/m);
    expect(out).toMatch(/^✔ It continues the saved checkpoint of 100 entries/m);
    expect(out).toMatch(/^✔ Witnessed by office, archive, 2026-09-21T/m);
  });

  it('speaks Chinese where the environment does, or when it is told', async () => {
    expect((await run([at('log'), '--policy', at('policy.txt')], { LANG: 'zh_CN.UTF-8' })).out).toMatch(/^✔ 日志 wanglou\/test 核验通过：300 条/);
    expect((await run([at('log'), '--policy', at('policy.txt'), '--lang', 'zh'])).out).toMatch(/已由 office, archive 见证/);
  });

  it('ends with 1 and names the first broken entry', async () => {
    const { code, err } = await run([at('changed'), '--policy', at('policy.txt')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^✖ The log wanglou\/test does not verify: Entry 77 in tile\/entries\/000 /);
    expect(err).toContain('✖ The first broken entry is 77 (counted from 0)');
  });

  it('ends with 1 when the quorum is not met, and says which witnesses are missing', async () => {
    const { code, err } = await run([at('half'), '--policy', at('policy.txt')]);
    expect([code, err]).toEqual([1, expect.stringMatching(/missing: archive[^]*✖ Too few witnesses: office signed, missing archive/)]);
  });

  it('ends with 1 when the log was rolled back behind a saved checkpoint', async () => {
    expect(await run([at('log'), '--policy', at('policy.txt'), '--since', at('ahead')])).toMatchObject({ code: 1, err: expect.stringContaining('cut or rolled back') });
  });

  it('calls nothing verified without something to trust, and says what a key alone is worth', async () => {
    expect(await run([at('log')])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('[POLICY_MISSING]') });
    for (const key of [logKey.vkey, at('log.vkey')]) expect(await run([at('log'), '--key', key])).toMatchObject({ code: 0, out: expect.stringContaining('⚠ Only the log’s own key was checked, no witness') });
  });

  it.each(['receipt.tlog-proof', 'receipt'])('verifies %s and says what the entry says', async (name) => {
    const { code, out } = await run([at(name), '--policy', at('policy.txt')]);
    expect(code).toBe(0);
    expect(out).toMatch(/^✔ The receipt verifies: its entry is number 5 \(counted from 0, of 300\) of the log wanglou\/test/);
    expect(out).toContain('"call": "c5"');
    expect(out).toMatch(/^ {2}Code: 5-([0-9A-Z]{4}-){3}[0-9A-Z]{4}\n {2}Time: 2026-09-21T14:14:10.000Z\n {2}Kind: decision\n {2}Who: system core\n/m);
  });

  it('verifies an evidence package, and a clip of it', async () => {
    for (const target of ['package', 'package/evidence.json']) expect(await run([at(target), '--policy', at('policy.txt')])).toMatchObject({ code: 0, out: expect.stringMatching(/^✔ The evidence verifies: all 4 files are original footage, 2 receipts hold[^]*Asked for and not there: library/) });
    expect(await run([at('package/gate/2.mp4'), '--policy', at('policy.txt')])).toMatchObject({ code: 0, out: expect.stringContaining('✔ The clip verifies, it is the original: gate') });
    expect(await run([at('stray.mp4'), '--policy', at('policy.txt'), '--evidence', at('package/evidence.json')])).toMatchObject({ code: 1, err: expect.stringContaining('does not list stray.mp4') });
    expect(await run([at('stray.mp4'), '--policy', at('policy.txt')])).toMatchObject({ code: 2, err: expect.stringContaining('[NOT_RECOGNISED]') });
  });

  it('answers as JSON', async () => {
    const { code, out } = await run([at('half'), '--policy', at('policy.txt'), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ kind: 'log', ok: false, size: 300, origin: 'wanglou/test', cosigned: ['office'], quorum: false, missing: ['archive'], gaps: [], clockSteps: [], pruned: 0 });
  });

  it.each<readonly [string, readonly string[], string]>([
    ['nothing to verify', [], 'USAGE'],
    ['two things', ['a', 'b'], 'USAGE'],
    ['an unknown option', ['--what'], 'USAGE'],
    ['an unknown language', ['x', '--lang', 'de'], 'USAGE'],
    ['policy and key', ['x', '--policy', 'x', '--key', 'x'], 'USAGE'],
    ['a policy that is not there', ['x', '--policy', '/nowhere/policy'], 'SOURCE_UNREADABLE'],
    ['a key that is none', ['x', '--key', 'a+b+c'], 'VKEY_INVALID'],
    ['a key file that is not there', ['x', '--key', '/nowhere/key'], 'SOURCE_UNREADABLE'],
  ])('ends with 2 for %s', async (_, args, code) => {
    for (const lang of ['en', 'zh_CN']) expect(await run(args, { LANG: lang })).toMatchObject({ code: 2, out: '', err: expect.stringMatching(new RegExp(`^✖ [^\\n]+  \\[${code}\\]$`)) });
  });

  it('ends with 2 for what is not there or is nothing, and for a wrong policy', async () => {
    expect(await run([at('nothing'), '--policy', at('policy.txt')])).toMatchObject({ code: 2, err: expect.stringContaining('[SOURCE_UNREADABLE]') });
    expect(await run([at('empty'), '--policy', at('policy.txt')])).toMatchObject({ code: 2, err: expect.stringContaining('[NOT_RECOGNISED]') });
    expect(await run([at('log'), '--policy', at('bad-policy.txt')])).toMatchObject({ code: 2, err: expect.stringContaining('in line 1') });
    expect(await run(['ftp://example/', '--policy', at('policy.txt')])).toMatchObject({ code: 2, err: expect.stringContaining('http or https') });
  });

  it('shows no control character of a log to the terminal', async () => {
    const evil = '\u001B[2J';
    const hostile = createTestEvidence();
    hostile.list['missing'][0].cause = evil;
    await writeFiles(at('hostile'), hostile.files.set('evidence.json', JSON.stringify(hostile.list)));
    const { out, err } = await run([at('hostile'), '--policy', at('policy.txt')]);
    expect(out + err).not.toContain('\u001B');
  });

  it('explains itself in both languages', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--policy <file>') });
    expect(await run(['--help', '--lang', 'zh'])).toMatchObject({ code: 0, out: expect.stringContaining('退出码') });
  });

  it('is a program', async () => {
    const bin = resolve(import.meta.dirname, '../bin/wanglou-verify.js');
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@wanglou/source', bin, at('log'), '--policy', at('policy.txt'), '--lang', 'en']);
    expect(stdout).toContain('✔ The log wanglou/test verifies');
    await writeFile(at('policy-one.txt'), bothPolicy.replace('quorum both', 'quorum archive').replace('group both all office archive\n', ''));
    await expect(promisify(execFile)(process.execPath, ['--conditions=@wanglou/source', bin, at('half'), '--policy', at('policy-one.txt')])).rejects.toMatchObject({ code: 1 });
  });
});
