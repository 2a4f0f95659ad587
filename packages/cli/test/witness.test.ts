import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyToVkey } from '@wanglou/witness';
import { runWitness } from '../src/commands/witness.ts';
import { createFolder, createTestTerminal, run } from './harness.ts';

const { vkey } = keyToVkey(generateKeyPairSync('ed25519').publicKey, 'log.example/a', 1);
const other = keyToVkey(generateKeyPairSync('ed25519').publicKey, 'log.example/b', 1).vkey;

describe('wanglou witness', () => {
  it('says its key and the line for policy files, and serves until it is told to stop', async () => {
    await using folder = await createFolder();
    const stop = new AbortController();
    const terminal = createTestTerminal();
    const running = runWitness({ data: join(folder.path, 'witness'), name: 'office.example.edu/w1', log: [vkey, other], host: '127.0.0.1', port: '0' }, { terminal, signal: stop.signal });
    await expect.poll(() => terminal.outLines.at(-1)).toMatch(/^Ready: /);
    const [first, key, , line, ready] = terminal.outLines;
    expect(first).toBe('The witness office.example.edu/w1 of the logs log.example/a, log.example/b');
    const url = ready!.slice('Ready: '.length);
    expect(line).toBe(`witness office ${key!.replace('Its verifier key: ', '')} ${url}`);
    expect((await fetch(`${url}add-checkpoint`, { method: 'POST', body: 'nonsense' })).status).toBe(400);
    stop.abort();
    expect(await running).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('takes keys from files: a log.vkey, or the log lines of a policy', async () => {
    await using folder = await createFolder();
    await writeFile(join(folder.path, 'log.vkey'), `${vkey}\n`);
    const witness = keyToVkey(generateKeyPairSync('ed25519').publicKey, 'w', 4).vkey;
    await writeFile(join(folder.path, 'policy'), `log ${other} http://log.example/\nwitness w ${witness}\nquorum w\n`);
    const terminal = createTestTerminal('zh');
    expect(await runWitness({ data: join(folder.path, 'witness'), name: 'w', log: [join(folder.path, 'log.vkey'), join(folder.path, 'policy')], host: '127.0.0.1', port: '0' }, { terminal, signal: AbortSignal.abort() })).toBe(0);
    expect(terminal.outLines[0]).toBe('见证方 w，为以下日志见证：log.example/a, log.example/b');
  });

  it('says what is wrong with what it is given', async () => {
    await using folder = await createFolder();
    await writeFile(join(folder.path, 'empty'), '\n');
    const code = async (...args: readonly string[]) => (await run(['witness', '--data', folder.path, '--name', 'w', '--log', vkey, ...args])).err.match(/\[(\w+)\]$/)?.[1];
    expect(await code('--port', 'x')).toBe('PORT_INVALID');
    expect(await code('--port', '65536')).toBe('PORT_INVALID');
    expect(await code('--name', 'a name')).toBe('NAME_INVALID');
    expect(await code('--log', '/nowhere/log.vkey')).toBe('LOG_KEY_UNREADABLE');
    expect(await code('--log', join(folder.path, 'empty'))).toBe('LOG_KEY_MISSING');
    expect(await code('--log', vkey.slice(1))).toBe('VKEY_INVALID');
    expect(await run(['witness', '--name', 'w'])).toMatchObject({ code: 1, err: expect.stringContaining('--data') });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s', async (signal) => {
    await using folder = await createFolder();
    const child = spawn(process.execPath, ['--conditions=@wanglou/source', join(import.meta.dirname, '../bin/wanglou.js'), 'witness', '--data', folder.path, '--name', 'w', '--log', vkey, '--port', '0'], { env: { ...process.env, LANG: 'en' } });
    let out = '';
    let err = '';
    child.stderr.on('data', (chunk) => void (err += chunk));
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out.includes('Ready: ')) child.kill(signal);
    });
    const [code] = (await once(child, 'exit')) as [number];
    expect([code, err]).toEqual([0, '']);
  });
});
