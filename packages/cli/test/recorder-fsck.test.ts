import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { createFolder, run } from './harness.ts';

let folder: Awaited<ReturnType<typeof createFolder>>;
let config = '';

beforeEach(async () => {
  folder = await createFolder();
  config = join(folder.path, 'wanglou.config.ts');
  await writeConfig(`recorder({ path: ${JSON.stringify(join(folder.path, 'recordings'))} })`);
});
afterEach(() => folder[Symbol.asyncDispose]());

function writeConfig(plugins: string): Promise<void> {
  const at = (name: string): string => JSON.stringify(import.meta.resolve(name));
  return writeFile(config, `import { defineCampus } from ${at('@wanglou/core')};
import { upc2013 } from ${at('@wanglou/policies')};
import { recorder } from ${at('@wanglou/plugin-recorder')};
import { sqlite } from ${at('@wanglou/store-sqlite')};
export default defineCampus({ name: { zh: '校区', en: 'Campus' }, timeZone: 'Asia/Shanghai', policy: upc2013(), store: sqlite({ path: ${JSON.stringify(join(folder.path, 'data'))} }), plugins: [${plugins}] });
`);
}

/** A file that is none, changed long ago. */
async function leaveNoise(): Promise<string> {
  const hour = join(folder.path, 'recordings/gate/2026-11-23/08');
  await mkdir(hour, { recursive: true });
  const file = join(hour, '1795420800000-r1.mp4');
  await writeFile(file, Buffer.alloc(20_000, 7));
  await utimes(file, 1_795_420_800, 1_795_420_800);
  return file;
}

describe('wanglou recorder fsck', { timeout: 30_000 }, () => {
  it('says that nothing is wrong with a campus that has recorded nothing', async () => {
    expect(await run(['recorder', 'fsck', '--config', config])).toEqual({ code: 0, out: '✔ 0 cameras, 0 files, 0.0 GB: 0 differences, 0 repaired', err: '' });
    expect((await run(['recorder', 'fsck', '--config', config, '--hashes'], 'zh')).out).toBe('✔ 0 台摄像机，0 个文件，0.0 GB（已逐个核对哈希）：0 处不一致，已修复 0 处');
  });

  it('names each difference with its file and its code, in both languages and as JSON, and fails', async () => {
    const file = await leaveNoise();
    const en = await run(['recorder', 'fsck', '--config', config]);
    expect([en.code, en.out.split('\n')]).toEqual([1, [`✖ ${file}: the file is not in the index and holds no whole fragment  [file-damaged]`, '✖ 1 cameras, 1 files, 0.0 GB: 1 differences, 0 repaired', '  What can be put right is with --repair; no footage is removed or overwritten by it']]);
    const zh = await run(['recorder', 'fsck', '--config', config], 'zh');
    expect(zh.out).toContain(`✖ ${file}：文件不在索引中，且没有完整的片段  [file-damaged]`);
    const json = await run(['recorder', 'fsck', '--config', config, '--json']);
    expect(json.out.split('\n').map((line) => JSON.parse(line))).toEqual([
      { kind: 'file-damaged', camera: 'gate', path: 'gate/2026-11-23/08/1795420800000-r1.mp4', root: join(folder.path, 'recordings'), startMs: 1_795_420_800_000, repaired: false },
      { summary: { cameras: 1, files: 1, bytes: 0, findings: 1, repaired: 0, away: 0, recent: 0 } },
    ]);
  });

  it('says what is missing of the configuration', async () => {
    await writeConfig('');
    expect((await run(['recorder', 'fsck', '--config', config])).err).toContain('[RECORDER_MISSING]');
  });

  it('refuses while the campus runs', async () => {
    const { SqliteStore } = await import('@wanglou/store-sqlite');
    await using _store = await SqliteStore.create(join(folder.path, 'data'));
    const said = await run(['recorder', 'fsck', '--config', config]);
    expect([said.code, said.err]).toEqual([1, expect.stringContaining('[STORE_IN_USE]')]);
  });
});
