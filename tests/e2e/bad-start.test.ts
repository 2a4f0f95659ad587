// Starts that cannot be: each says what, where and the fix, in the reader's language, without a stack, and ends with 1.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfig, launchCampus, newFolder, startCampus } from './support/campus-process.ts';
import { canMount, mountDisk } from './support/mount.ts';
import { wanglou } from './support/wanglou.ts';

let folder: string;
beforeAll(async () => {
  folder = await newFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a campus that ends by itself; in English and in Chinese. */
async function fails(data: string, env: NodeJS.ProcessEnv = {}, config = exampleConfig): Promise<{ readonly en: string; readonly zh: string }> {
  const say = async (language: string) => {
    const child = launchCampus({ data, config, env: { LANG: language, ...env } });
    expect(await child.exited).toEqual({ code: 1, signal: null });
    const sentences = child.output().split('\n').filter((line) => line.startsWith('✖'));
    expect(child.output()).not.toMatch(/^\s+at |"stack"/m);
    expect(sentences).toHaveLength(1);
    return sentences[0]!;
  };
  return { en: await say('en_US.UTF-8'), zh: await say('zh_CN.UTF-8') };
}

describe('a campus that cannot start says so', () => {
  it('when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { en, zh } = await fails(join(folder, 'port'), { PORT: String(port) });
    expect(en).toBe(`✖ Port ${port} on 127.0.0.1 is in use; stop what uses it, or set PORT to another one  [PORT_IN_USE]`);
    expect(zh).toBe(`✖ 127.0.0.1 的端口 ${port} 已被占用；请停止占用它的程序，或将 PORT 设为其他端口  [PORT_IN_USE]`);
    server.close();
  });

  it('when another campus uses the data folder, which goes on undisturbed', async () => {
    const first = await startCampus({ env: { SIM_PORT: '1' } });
    const { en, zh } = await fails(first.data);
    expect(en).toContain(`The data folder ${first.data} is in use by another running campus; stop it, or set DATA_DIR`);
    expect(zh).toMatch(/正被另一个运行中的校区使用；请先停止它.*\[STORE_IN_USE\]$/);
    const operator = await first.client().signIn('operator');
    expect((await operator.call('camera.list')).status).toBe(200);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    await first.remove();
  });

  it('when a configuration has a key that nobody knows, and where', async () => {
    const config = join(folder, 'unknown-key.config.mjs');
    await writeFile(config, `import example from ${JSON.stringify(pathToFileURL(exampleConfig).href)};
      export default { ...example, plugins: example.plugins.map((use) => (use.plugin.id === 'recorder' ? { ...use, config: { ...use.config, retentonDays: 90 } } : use)) };`);
    const { en, zh } = await fails(join(folder, 'key'), {}, config);
    expect(en).toMatch(/configuration of recorder is wrong at .*retentonDays.*\[CONFIG_INVALID\]$/);
    expect(zh).toMatch(/recorder 的配置有误.*retentonDays.*\[CONFIG_INVALID\]$/);
    expect(await wanglou(['check', '--config', config])).toMatchObject({ code: 1, output: expect.stringContaining('retentonDays') });
  });

  it('when a database is damaged', async () => {
    const data = join(folder, 'damaged');
    await mkdir(data);
    await writeFile(join(data, 'access.db'), 'this is no database, whatever its name says'.repeat(100));
    const { en, zh } = await fails(data, { SIM_PORT: '1' });
    expect(en).toMatch(/The database .*access\.db is damaged.*; restore it from a backup.*\[STORE_CORRUPT\]$/);
    expect(zh).toMatch(/数据库 .*access\.db 已损坏.*请从备份恢复.*\[STORE_CORRUPT\]$/);
  });

  it('when the data folder is a file', async () => {
    const data = join(folder, 'a-file');
    await writeFile(data, '');
    const { en, zh } = await fails(data);
    expect(en).toMatch(/The data folder .*a-file cannot be used: .*; check that it exists.*\[STORE_UNAVAILABLE\]$/);
    expect(zh).toMatch(/数据目录 .*a-file 无法使用.*请检查.*\[STORE_UNAVAILABLE\]$/);
  });
});

describe.skipIf(!(await canMount()))('a campus on a read-only disk (left out where disks cannot be mounted: run as root on Linux)', () => {
  it.each(['', 'below'])('does not start, and says which folder and what to check: %s', async (below) => {
    const disk = join(folder, `read-only${below}`);
    await using _disk = await mountDisk(disk, 'ro');
    const { en, zh } = await fails(join(disk, below));
    expect(en).toMatch(/The data folder .*read-only.* cannot be used: .*disk is not read-only.*\[STORE_UNAVAILABLE\]$/);
    expect(zh).toMatch(/数据目录 .* 无法使用.*磁盘是否只读.*\[STORE_UNAVAILABLE\]$/);
  });
});
