import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/load-config.ts';
import { createFolder, run } from './harness.ts';

const minimal = 'export default { policy: {}, plugins: [], store: {} };\n';

describe('a configuration', () => {
  it('is the first of the default names in the folder, TypeScript before JavaScript', async () => {
    await using folder = await createFolder();
    await writeFile(join(folder.path, 'wanglou.config.mjs'), minimal.replace('{}', `{ id: 'mjs' }`));
    expect(await loadConfig(undefined, folder.path)).toMatchObject({ policy: { id: 'mjs' } });
    await writeFile(join(folder.path, 'wanglou.config.ts'), minimal.replace('{}', `{ id: 'ts' as string }`));
    expect(await loadConfig(undefined, folder.path)).toMatchObject({ policy: { id: 'ts' } });
  });

  it('that is not there is named, with where to look', async () => {
    await using folder = await createFolder();
    await expect(loadConfig(undefined, folder.path)).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND', message: expect.stringContaining(join(folder.path, 'wanglou.config.ts')) });
    const { code, err } = await run(['check', '--config', join(folder.path, 'other.ts')], 'zh');
    expect(code).toBe(1);
    expect(err).toMatch(/^✖ 找不到配置文件 .*other\.ts.*--config.*\[CONFIG_NOT_FOUND\]$/);
  });

  it('that cannot be loaded says why, without a stack', async () => {
    await using folder = await createFolder();
    const file = join(folder.path, 'broken.mjs');
    await writeFile(file, `throw new Error('the cameras are not listed');\n`);
    const { code, err } = await run(['check', '--config', file]);
    expect(code).toBe(1);
    expect(err).toMatch(/^✖ The configuration .*broken\.mjs cannot be loaded: the cameras are not listed {2}\[CONFIG_UNREADABLE\]$/);
  });

  it.each(['export default 5;', 'export const campus = {};', 'export default { plugins: [] };'])('that exports no campus says what to export: %s', async (text) => {
    await using folder = await createFolder();
    await writeFile(join(folder.path, 'wanglou.config.mjs'), text);
    await expect(loadConfig(undefined, folder.path)).rejects.toMatchObject({ code: 'CONFIG_NOT_A_CAMPUS', text: { en: expect.stringContaining('default defineCampus'), zh: expect.stringContaining('defineCampus') } });
  });
});
