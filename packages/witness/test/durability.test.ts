// Races, restarts, kill -9 and damage: a witness never cosigns two histories.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createWitness, originHash } from '../src/index.ts';
import { createFolder, createSigningLog, startWitness } from './harness.ts';

const log = createSigningLog('log.example/a');
const forked = createSigningLog('log.example/a', 'other history');

describe('a witness', () => {
  it('lets exactly one of several submissions at once win', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log]);
    await served.add(log.body(0, 5));
    for (let size = 5; size < 25; size += 4) {
      const answers = await Promise.all([1, 2, 3, 4].map((more) => served.add(log.body(size, size + more))));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
      const won = answers.findIndex(({ status }) => status === 200) + 1;
      for (const { status, text } of answers) if (status === 409) expect(text).toBe(`${size + won}\n`);
      // Bring all runs to the same size.
      if (won < 4) await served.add(log.body(size + won, size + 4));
    }
    const both = await Promise.all([served.add(log.body(25, 40)), served.add(forked.body(25, 41))]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('makes its key at the first start, for its user alone, and goes on after a restart', async () => {
    await using folder = await createFolder();
    const first = await startWitness(folder.path, [log]);
    const { vkey } = first.witness.key;
    await first.add(log.body(0, 5));
    await first[Symbol.asyncDispose]();
    expect((await stat(join(folder.path, 'witness-key.pem'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder.path, 'witness-key.pem'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    await using again = await startWitness(folder.path, [log]);
    expect(again.witness.key.vkey).toBe(vkey);
    expect(vkey).toMatch(/^office\.example\/w1\+[0-9a-f]{8}\+B[A-Za-z0-9+/=]+$/);
    expect(await again.add(log.body(0, 5))).toMatchObject({ status: 409, text: '5\n' });
    expect((await again.add(log.body(5, 8))).status).toBe(200);
  });

  it('has a key that comes from the randomness it is given', async () => {
    await using one = await createFolder();
    await using two = await createFolder();
    const options = { name: 'w', logs: [log.vkey], randomBytes: (count: number) => new Uint8Array(count).fill(7) };
    await using first = await createWitness({ folder: one.path, ...options });
    await using second = await createWitness({ folder: two.path, ...options });
    expect(first.key.vkey).toBe(second.key.vkey);
  });

  it('refuses a second one on its folder, until it is gone', async () => {
    await using folder = await createFolder();
    const first = await startWitness(folder.path, [log]);
    await expect(createWitness({ folder: folder.path, name: 'w', logs: [log.vkey] })).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    await first[Symbol.asyncDispose]();
    await using again = await startWitness(folder.path, [log]);
    expect(again.witness.origins).toEqual(['log.example/a']);
  });

  it('does not start on a record that is damaged, of another key or another name', async () => {
    await using folder = await createFolder();
    const first = await startWitness(folder.path, [log]);
    await first.add(log.body(0, 5));
    await first[Symbol.asyncDispose]();
    const record = join(folder.path, 'checkpoints', originHash(log.origin));
    const good = await readFile(record, 'utf8');
    await expect(startWitness(folder.path, [log], { name: 'other.example' })).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
    for (const bad of ['', good.slice(0, -20), good.replace('\n5\n', '\n4\n')]) {
      await writeFile(record, bad);
      await expect(startWitness(folder.path, [log])).rejects.toMatchObject({ code: 'STATE_DAMAGED', text: { zh: expect.stringContaining('切勿以空目录重新开始') } });
    }
    await writeFile(record, good);
    await rm(join(folder.path, 'witness-key.pem'));
    await expect(startWitness(folder.path, [log])).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
  });

  it('says what is wrong with a key, a name, a log or a folder', async () => {
    await using folder = await createFolder();
    const options = { folder: folder.path, name: 'w', logs: [log.vkey] };
    await expect(createWitness({ ...options, name: 'a name' })).rejects.toMatchObject({ code: 'NAME_INVALID' });
    await expect(createWitness({ ...options, logs: [] })).rejects.toMatchObject({ code: 'LOGS_MISSING' });
    await expect(createWitness({ ...options, logs: ['nonsense'] })).rejects.toMatchObject({ code: 'VKEY_INVALID' });
    await writeFile(join(folder.path, 'witness-key.pem'), 'nonsense');
    await expect(createWitness(options)).rejects.toMatchObject({ code: 'KEY_UNUSABLE' });
    await expect(createWitness({ ...options, folder: join(folder.path, 'witness-key.pem') })).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
  });

  it('answers 500 while its record cannot be written, cosigns nothing that is not on disk, and recovers', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log]);
    await served.add(log.body(0, 5));
    const record = join(folder.path, 'checkpoints', originHash(log.origin));
    await mkdir(`${record}.tmp`);
    expect((await served.add(log.body(5, 8))).status).toBe(500);
    expect(served.events.at(-1)).toMatchObject({ kind: 'failed', size: 8 });
    await rm(`${record}.tmp`, { recursive: true });
    expect((await served.add(log.body(5, 8))).status).toBe(200);
  });

  it('has on disk what it answered, however often it is killed', { timeout: 60_000 }, async () => {
    await using folder = await createFolder();
    let acknowledged = 0;
    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, ['--conditions=@wanglou/source', join(import.meta.dirname, 'witness-process.ts'), folder.path, log.vkey], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
      const exited = once(child, 'exit');
      const add = async (body: string) => {
        const response = await fetch(`${url}add-checkpoint`, { method: 'POST', body });
        return { status: response.status, text: await response.text() };
      };
      // What was on its way when it was killed may be recorded and not acknowledged, never the other way round.
      const { status, text } = await add(log.body(200, 200));
      let size = Number(text);
      expect([status, size >= acknowledged]).toEqual([409, true]);
      const rollback = forked.body(size, size + 1);
      if (size > 0) expect((await add(rollback)).status).toBe(422);
      for (let step = 0; step < 3 + round; step++) {
        expect((await add(log.body(size, size + 1))).status).toBe(200);
        acknowledged = ++size;
      }
      const underWay = add(log.body(size, size + 1)).then((answer) => answer.status === 200 && (acknowledged = size + 1), () => undefined);
      child.kill('SIGKILL');
      await Promise.all([underWay, exited]);
    }
    expect(acknowledged).toBeGreaterThan(20);
    await using served = await startWitness(folder.path, [log]);
    expect(Number((await served.add(log.body(200, 200))).text)).toBeGreaterThanOrEqual(acknowledged);
    expect((await readdir(join(folder.path, 'checkpoints'))).filter((name) => !name.endsWith('.tmp'))).toEqual([originHash(log.origin)]);
  });
});
