// What HTTP itself can do to a witness.
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { longestBody, serveWitness } from '../src/index.ts';
import { createFolder, createSigningLog, startWitness } from './harness.ts';

const log = createSigningLog('log.example/a');

/** Sends bytes as they are, and answers what came back until the other side closed. */
async function raw(url: string, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => void (answer += chunk.toString()));
  // A reset is an end as well.
  socket.on('error', () => undefined);
  for (const part of parts) socket.write(part);
  await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  return answer;
}

describe('the server of a witness', () => {
  it('takes a body of 64 KiB and not one byte more, whether its length is told or not', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log]);
    expect((await served.add('x'.repeat(longestBody))).status).toBe(400);
    expect(await raw(served.url, `POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: ${longestBody + 1}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    expect(await raw(served.url, 'POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ntransfer-encoding: chunked\r\n\r\n', chunk.repeat(17))).toMatch(/^HTTP\/1\.1 413 /);
    // It is none the worse for it.
    expect((await served.add(log.body(0, 5))).status).toBe(200);
  });

  it('does not wait for headers or bodies that do not come', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log], { deadlineMs: 100 });
    expect(await raw(served.url, 'POST /add-checkpoint HTTP/1.1\r\nhost')).toMatch(/^HTTP\/1\.1 408 /);
    expect(await raw(served.url, 'POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 100\r\n\r\nold 0')).toMatch(/^HTTP\/1\.1 408 /);
    expect((await served.add(log.body(0, 5))).status).toBe(200);
  });

  it('refuses headers that are too long, and what is no HTTP', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log]);
    expect(await raw(served.url, `GET / HTTP/1.1\r\nhost: w\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw(served.url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('keeps connections alive', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log]);
    const body = log.body(3, 5);
    const request = `POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    const answer = await raw(served.url, `${request}\r\n${body}`, `${request}connection: close\r\n\r\n${body}`);
    expect(answer.match(/HTTP\/1\.1 409 /g)).toHaveLength(2);
  });

  it('serves nothing else', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log]);
    const status = async (path: string, method = 'GET') => (await fetch(`${served.url}${path}`, { method })).status;
    const hash = 'a'.repeat(64);
    expect(await Promise.all([status(''), status('add-checkpoint'), status('add-checkpoint', 'PUT'), status(`${hash}/checkpoint`, 'POST'), status(`${hash.toUpperCase()}/checkpoint`), status(`${hash}/checkpoint`), status('sign-subtree', 'POST'), status('../witness-key.pem')])).toEqual([404, 405, 405, 405, 404, 404, 404, 404]);
  });

  it('says when it cannot listen', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log]);
    await expect(serveWitness(served.witness, { port: Number(new URL(served.url).port) })).rejects.toMatchObject({ code: 'ADDRESS_UNUSABLE' });
  });
});
