// Stamps of a real authority: `openssl ts` behind a small HTTP server.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestRandom } from '@wanglou/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../../scripts/peers.ts';
import { readAuditStatus } from '../src/contract.ts';
import { stampOf, stampRequestOf } from '../src/stamp/time-stamp.ts';
import { startAudit } from './harness.ts';

const run = promisify(execFile);
const hasOpenssl = findProgram(['openssl']) !== undefined;
const head = { kind: 'person', id: 'section-head', session: 's-1' } as const;

let folder: string;
let server: Server | undefined;
let url: string;
let answer: (request: Buffer) => Promise<{ readonly status: number; readonly body: Uint8Array }>;

/** A root that signs stamps. */
async function makeAuthority(): Promise<void> {
  const conf = `[req]\ndistinguished_name = dn\nx509_extensions = tsa\nprompt = no\n[dn]\nCN = Test Authority\n[tsa]\nbasicConstraints = critical, CA:TRUE\nextendedKeyUsage = critical, timeStamping\n[ts]\ndefault_tsa = one\n[one]\ndir = ${folder}\nserial = ${folder}/serial\ncrypto_device = builtin\nsigner_cert = ${folder}/tsa.pem\nsigner_key = ${folder}/tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\ncerts = ${folder}/tsa.pem\n`;
  await writeFile(join(folder, 'tsa.cnf'), conf.replace('[ts]\ndefault_tsa = one', '[tsa_config]\ndefault_tsa = one').replace('[req]', '[ts]\ndefault_tsa = one\n[req]'));
  await writeFile(join(folder, 'serial'), '01\n');
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-config', join(folder, 'tsa.cnf'), '-keyout', join(folder, 'tsa.key'), '-out', join(folder, 'tsa.pem')]);
}

async function stampWithOpenssl(request: Buffer): Promise<{ readonly status: number; readonly body: Uint8Array }> {
  await writeFile(join(folder, 'request.tsq'), request);
  await run('openssl', ['ts', '-reply', '-config', join(folder, 'tsa.cnf'), '-section', 'one', '-queryfile', join(folder, 'request.tsq'), '-out', join(folder, 'reply.tsr')]);
  return { status: 200, body: await readFile(join(folder, 'reply.tsr')) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-tsa-'));
  if (!hasOpenssl) return;
  await makeAuthority();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void answer(Buffer.concat(chunks)).then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/timestamp-reply' }).end(body));
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true });
});

describe.skipIf(!hasOpenssl)('RFC 3161 (left out without OpenSSL: apt-get install openssl)', () => {
  it('a checkpoint is stamped once a day, and openssl verifies the stamp', async () => {
    answer = stampWithOpenssl;
    const campusFolder = join(folder, 'campus');
    await mkdir(campusFolder);
    await using campus = await startAudit(campusFolder, { timestamps: { url } });
    await expect.poll(async () => (await campus.kernel.call(readAuditStatus, {}, head)).stamp?.size).toBe(2);
    const stamps = join(campusFolder, 'audit-mirror', 'timestamps');
    const { stdout } = await run('openssl', ['ts', '-verify', '-data', join(stamps, '2.note'), '-in', join(stamps, '2.tsr'), '-CAfile', join(folder, 'tsa.pem')]).catch((error: { stdout: string }) => error);
    expect(stdout).toContain('Verification: OK');
    // Another note was not stamped.
    await writeFile(join(folder, 'other.note'), 'other');
    await expect(run('openssl', ['ts', '-verify', '-data', join(folder, 'other.note'), '-in', join(stamps, '2.tsr'), '-CAfile', join(folder, 'tsa.pem')])).rejects.toThrow();
  });

  it('remembers the last stamp, and says why there is none', async () => {
    const campusFolder = join(folder, 'failing');
    await mkdir(campusFolder);
    answer = async () => ({ status: 503, body: new Uint8Array() });
    await using campus = await startAudit(campusFolder, { timestamps: { url } });
    await expect.poll(async () => (await campus.kernel.call(readAuditStatus, {}, head)).stampProblem?.en).toContain('the authority answered 503');
    answer = stampWithOpenssl;
    for (let minute = 0; minute < 10; minute++) await campus.kernel.clock.advance(60_000);
    await expect.poll(async () => (await campus.kernel.call(readAuditStatus, {}, head)).stamp).toBeDefined();
    const { stamp } = await campus.kernel.call(readAuditStatus, {}, head);
    const atMs = campus.kernel.clock.now();
    await campus[Symbol.asyncDispose]();
    answer = async () => ({ status: 503, body: new Uint8Array() });
    await using again = await startAudit(campusFolder, { startMs: atMs, timestamps: { url } });
    expect(await again.kernel.call(readAuditStatus, {}, head)).toMatchObject({ stamp });
  });

  it('refuses answers that are no stamp on what was asked', async () => {
    const random = createTestRandom();
    const bytes = (length: number) => random.bytes(length);
    const asked = stampRequestOf(Buffer.from('a checkpoint'), bytes);
    const { body } = await stampWithOpenssl(Buffer.from(asked.request));
    expect(stampOf(body, asked).atMs).toBeGreaterThan(Date.UTC(2026, 0, 1));
    expect(() => stampOf(body, stampRequestOf(Buffer.from('another'), bytes))).toThrow('the stamp is on other bytes');
    expect(() => stampOf(body, stampRequestOf(Buffer.from('a checkpoint'), bytes))).toThrow('the stamp answers another request');
    const refused = Buffer.from('30053003020102', 'hex');
    expect(() => stampOf(refused, asked)).toThrow('the authority refused (status 2)');
    // Cut and garbled answers: an error each, nothing else.
    for (let round = 0; round < 300; round++) {
      const at = random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) % body.length;
      const cut = round % 2 === 0 ? body.subarray(0, at) : Uint8Array.from(body, (byte, place) => (place === at ? byte ^ 0x55 : byte));
      try {
        stampOf(cut, asked);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
  });
});
