import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFolder, run } from './harness.ts';

// What the machine has must not decide the test.
beforeEach(() => void vi.stubEnv('FFMPEG_PATH', '/nowhere/ffmpeg'));
afterEach(() => void vi.unstubAllEnvs());

describe('wanglou doctor', () => {
  it('gives one line with a verdict to each look, in the language of the reader', async () => {
    await using folder = await createFolder();
    const english = await run(['doctor', '--data', folder.path]);
    expect(english).toMatchObject({ code: 0, err: '' });
    expect(english.out.split('\n')).toEqual([
      expect.stringMatching(/^✔ Node \d+\.\d+\.\d+$/),
      expect.stringMatching(/^✔ SQLite \d+\.\d+/),
      `✔ The data folder ${folder.path} can be written`,
      expect.stringMatching(/^[✔⚠] .*\d+\.\d GiB of disk are free/),
      expect.stringMatching(/^⚠ ffmpeg was not found.*apt-get install ffmpeg/),
    ]);
    const chinese = await run(['doctor', '--data', folder.path], 'zh');
    expect(chinese.out.split('\n').slice(2)).toEqual([`✔ 数据目录 ${folder.path} 可写`, expect.stringMatching(/^[✔⚠] 可用磁盘空间/), expect.stringMatching(/^⚠ 未找到 ffmpeg/)]);
  });

  it('takes a data folder that is not there yet for no fault', async () => {
    await using folder = await createFolder();
    expect(await run(['doctor', '--data', join(folder.path, 'data')])).toMatchObject({ code: 0, out: expect.stringMatching(/⚠ The data folder .*data is not there yet; the first start makes it/) });
  });

  it('fails, with what to check, when a campus could not keep its data', async () => {
    await using folder = await createFolder();
    const file = join(folder.path, 'data');
    await writeFile(file, 'no folder');
    expect(await run(['doctor', '--data', file])).toMatchObject({ code: 1, out: expect.stringMatching(/✖ The data folder .*data cannot be written: .*; check its permissions and its disk/) });
  });
});
