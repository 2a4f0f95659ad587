// The command line as people meet it: exit codes, both languages, no stacks, and a clean end.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfig, newFolder, orphans, startCampus, type CampusProcess } from './support/campus-process.ts';
import { descendantsOf, root, start, until } from './support/child.ts';
import { startExampleCampus } from './support/example-campus.ts';
import { wanglou } from './support/wanglou.ts';

const chinese = { LANG: 'zh_CN.UTF-8' };

describe('wanglou check', () => {
  it('finds nothing wrong with the example, in the reader’s language', async () => {
    expect(await wanglou(['check', '--config', exampleConfig])).toMatchObject({ code: 0, output: expect.stringMatching(/^✔ Qingdao Campus: \d+ plugins, policy pack upc-2013@2 \(\d+ rules\), nothing wrong\n$/) });
    expect(await wanglou(['check', '--config', exampleConfig], chinese)).toMatchObject({ code: 0, output: expect.stringMatching(/^✔ 青岛校区：\d+ 个插件.*配置无误\n$/) });
  });

  it.each([
    ['nowhere.config.ts', 'CONFIG_NOT_FOUND', '--config'],
    ['package.json', 'CONFIG_UNREADABLE', 'package.json'],
    ['vitest.config.ts', 'CONFIG_NOT_A_CAMPUS', 'defineCampus'],
  ])('says what is wrong with %s, and ends with 1', async (file, code, part) => {
    for (const env of [{}, chinese]) {
      const { code: exit, output } = await wanglou(['check', '--config', join(root, file)], env);
      expect(exit).toBe(1);
      expect(output).toMatch(new RegExp(`^✖ .*${part}.*\\[${code}\\]\n$`));
    }
  });
});

describe('wanglou doctor', () => {
  it('looks at this machine and says what it found, line by line', async () => {
    const { code, output } = await wanglou(['doctor', '--data', root]);
    expect(code).toBe(0);
    expect(output).toMatch(/^✔ Node 2\d\./m);
    expect(output).toMatch(/^✔ SQLite 3\./m);
    expect(output.trimEnd().split('\n').every((line) => /^[✔⚠] /.test(line))).toBe(true);
    expect((await wanglou(['doctor', '--data', root], chinese)).output).toMatch(/^✔ 数据目录 .* 可写$/m);
  });

  it('ends with 1 when the data folder can never be written', async () => {
    expect(await wanglou(['doctor', '--data', join(root, 'package.json')])).toMatchObject({ code: 1, output: expect.stringMatching(/^✖ The data folder .*package\.json cannot be written/m) });
  });
});

describe('a command that does not exist', () => {
  it('is named, and ends with 1', async () => {
    expect(await wanglou(['strat'])).toMatchObject({ code: 1, output: expect.stringMatching(/unknown command 'strat'/) });
  });
});

describe('wanglou audit verify', () => {
  let data: string;
  beforeAll(async () => {
    const campus = await startCampus({ env: { SIM_PORT: '1' } });
    const client = campus.client();
    for (let index = 0; index < 5; index++) await client.call('camera.list');
    expect(await wanglou(['audit', 'verify', '--data', campus.data])).toMatchObject({ code: 0 });
    await campus.stop();
    ({ data } = campus);
  });

  afterAll(() => rm(data, { recursive: true, force: true }));

  it('verifies the log of a campus that runs, and of one that has stopped', async () => {
    expect(await wanglou(['audit', 'verify', '--data', data])).toMatchObject({ code: 0, output: expect.stringMatching(/^✔ The audit log verifies: \d+ entries, root \S{44}\n  Published checkpoint: \d+ entries, wanglou\/[0-9a-f]{16}\n$/) });
    expect(await wanglou(['audit', 'verify', '--data', data], chinese)).toMatchObject({ code: 0, output: expect.stringMatching(/^✔ 审计日志完好：\d+ 条，根 \S{44}\n  已公布的校验点：\d+ 条/) });
  });

  it('says where, after one changed byte', async () => {
    const file = join(data, 'audit.db');
    const sound = await readFile(file);
    const changed = Buffer.from(sound);
    const at = changed.indexOf('"operation":"camera.list"');
    changed.write('L', at + '"operation":"camera.'.length);
    await writeFile(file, changed);
    expect(await wanglou(['audit', 'verify', '--data', data])).toMatchObject({ code: 1, output: expect.stringMatching(/^✖ The audit log does not verify at entry \d+: .*\[AUDIT_BROKEN\]\n$/) });
    expect(await wanglou(['audit', 'verify', '--data', data], chinese)).toMatchObject({ code: 1, output: expect.stringMatching(/^✖ 审计日志在第 \d+ 条校验失败.*\[AUDIT_BROKEN\]\n$/) });
    await writeFile(file, sound);
  });

  it('says when there is no log', async () => {
    expect(await wanglou(['audit', 'verify', '--data', join(root, 'nowhere')])).toMatchObject({ code: 1, output: expect.stringMatching(/no audit log at .*nowhere.*--data.*\[AUDIT_NOT_FOUND\]/) });
  });
});

describe('a running campus', () => {
  const running: CampusProcess[] = [];
  /** Its cameras and its recorder worker, which starts after it serves. */
  const familyOf = (campus: CampusProcess) =>
    until('the cameras and the recorder worker', async () => {
      const family = await descendantsOf(campus.child.pid);
      return family.length >= 2 ? family : undefined;
    });
  afterAll(async () => {
    for (const campus of running) {
      // One that a failed test left running.
      campus.child.kill('SIGTERM');
      await campus.child.exited;
      await campus.remove();
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('stops in order at %s: exit code 0, nothing said but what it said before, nobody left behind', async (signal) => {
    const campus = await startExampleCampus();
    running.push(campus);
    const family = await familyOf(campus);
    const before = campus.child.output();
    expect(await campus.stop(signal)).toEqual({ code: 0, signal: null });
    expect(await orphans(family)).toEqual([]);
    expect(campus.child.output()).toBe(before);
  });

  it('stops when the whole group is told, as terminals and service managers do', async () => {
    const campus = await startExampleCampus();
    running.push(campus);
    const family = await familyOf(campus);
    for (const pid of family) process.kill(pid, 'SIGTERM');
    expect(await campus.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await orphans(family)).toEqual([]);
    expect(campus.child.output()).not.toMatch(/^\s+at |Error/m);
  });

  it('is stopped through npm as well', async () => {
    const folder = await newFolder();
    // The programs of the project are not on people's PATH; its `node` is a shell script, which would take the signal.
    const path = (process.env['PATH'] ?? '').split(delimiter).filter((each) => !each.includes('node_modules')).join(delimiter);
    const npm = start('npm', ['run', '--silent', 'wanglou', '--', 'start', '--config', exampleConfig], { env: { PATH: path, DATA_DIR: folder, PORT: '0', SIM_PORT: '1' } });
    await npm.said(/^Ready: http/m);
    const family = await descendantsOf(npm.pid);
    npm.kill('SIGTERM');
    expect(await orphans(family)).toEqual([]);
    await npm.exited;
    await rm(folder, { recursive: true });
  });
});
