// Archives in a bucket, against a server of the test's own that checks signatures, hashes and conditions.
import { createHash } from 'node:crypto';
import { archiveTargets, definePlugin, objectSchema, type ArchiveTarget } from '@wanglou/core';
import { createTestKernel, pluginChecks } from '@wanglou/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveS3 } from '../src/index.ts';
import { S3Server } from './s3-server.ts';

const secret = 'a-secret-that-nobody-may-see';
const never = new AbortController().signal;
const content = Buffer.from('footage '.repeat(50_000));
const object = { name: 'a1/gate/2026-11-23/08/1-r.mp4', bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
const pieces = async function* () {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
};

let server: S3Server;
beforeEach(async () => {
  server = await S3Server.start(secret);
});
afterEach(() => server[Symbol.asyncDispose]());

async function open(more: Record<string, unknown> = {}) {
  const kernel = await createTestKernel();
  let target: ArchiveTarget | undefined;
  const reader = definePlugin({ id: 'reader', config: objectSchema({}), setup: (ctx) => void ctx.follow(archiveTargets, (source) => void (target = source.target), () => {}) });
  await kernel.load([archiveS3({ archives: { vault: { endpoint: server.endpoint, bucket: 'footage', prefix: 'campus/', accessKeyId: 'wanglou', secretAccessKey: secret, ...more } } }), reader()]);
  expect(kernel.state('archive-s3'), String(kernel.errors[0])).toBe('active');
  return { target: target!, kernel, [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose]() };
}
const read = async (target: ArchiveTarget, name = object.name): Promise<Buffer> => {
  const got: Uint8Array[] = [];
  for await (const piece of target.get(name, never)) got.push(piece);
  return Buffer.concat(got);
};

describe('archives on S3', { timeout: 20_000 }, () => {
  it('passes the checks every plugin must', async () => {
    for (const check of pluginChecks(archiveS3({ archives: { vault: { bucket: 'footage' } } }))) await check.run();
  });

  it('puts an object once, signed and with its hash, locked for so long; reads it back; leaves alone what is there', async () => {
    await using opened = await open({ lock: { mode: 'COMPLIANCE', days: 10 } });
    await opened.target.put(object, pieces, never);
    const stored = server.objects.get(`footage/campus/${object.name}`)!;
    expect(stored.bytes.equals(content)).toBe(true);
    expect(stored.headers).toMatchObject({ 'content-length': String(content.length), 'if-none-match': '*', 'x-amz-object-lock-mode': 'COMPLIANCE', 'x-amz-object-lock-retain-until-date': new Date(opened.kernel.clock.now() + 10 * 86_400_000).toISOString().replace('.000', '') });
    expect((await read(opened.target)).equals(content)).toBe(true);
    stored.bytes = Buffer.from('somebody else');
    await opened.target.put(object, pieces, never);
    expect(await read(opened.target)).toEqual(Buffer.from('somebody else'));
    await expect(read(opened.target, 'nowhere')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('names the folders in its part of the bucket, over several pages', async () => {
    await using opened = await open();
    for (const name of ['a1/x', 'a1/y', 'b2/x', 'c3/x', 'd4/x/y', 'e5/x']) await opened.target.put({ ...object, name }, pieces, never);
    server.objects.set('footage/elsewhere/x/y', { bytes: content, headers: {} });
    const folders: string[] = [];
    for await (const folder of opened.target.folders(never)) folders.push(folder);
    expect(folders).toEqual(['a1', 'b2', 'c3', 'd4', 'e5']);
  });

  it('keeps nothing when the disk fails in the middle of a file, and says what the disk said', async () => {
    await using opened = await open();
    const broken = async function* () {
      yield content.subarray(0, 65_536);
      throw new Error('EIO: i/o error, read');
    };
    await expect(opened.target.put(object, broken, never)).rejects.toThrow('EIO');
    expect(server.objects.size).toBe(0);
    await opened.target.put(object, pieces, never);
    expect((await read(opened.target)).equals(content)).toBe(true);
  });

  it('is refused where the bucket does not lock as it is configured to, also when the object is there already', async () => {
    await using opened = await open({ lock: { mode: 'GOVERNANCE', days: 10 } });
    server.ignoresLocks = true;
    for (let tried = 0; tried < 2; tried += 1) await expect(opened.target.put(object, pieces, never)).rejects.toThrow('the bucket footage does not lock');
  });

  it('is refused by the server when the bytes are not those of the hash', async () => {
    await using opened = await open();
    await expect(opened.target.put({ ...object, sha256: '00'.repeat(32) }, pieces, never)).rejects.toThrow('BadDigest');
    expect(server.objects.size).toBe(0);
  });

  it('says what is the matter and never a credential: a wrong secret, a server that fails, one that is not there', async () => {
    const failures: Error[] = [];
    const fails = async (more: Record<string, unknown> = {}): Promise<void> => {
      await using opened = await open(more);
      for (const act of [() => opened.target.put(object, pieces, never), () => read(opened.target)]) failures.push(await act().then(() => new Error('worked'), (error: Error) => error));
    };
    await fails({ secretAccessKey: 'wrong' });
    server.fails = 503;
    await fails();
    await fails({ endpoint: 'http://127.0.0.1:1' });
    expect(failures.map(({ message }) => message)).toEqual([
      ...Array<unknown>(2).fill(expect.stringContaining('SignatureDoesNotMatch')), ...Array<unknown>(2).fill(expect.stringContaining('SlowDown')), ...Array<unknown>(2).fill(expect.stringContaining('ECONNREFUSED')),
    ]);
    for (const failure of failures) expect(JSON.stringify([failure.message, failure.stack, Object.entries(failure)])).not.toContain(secret);
  });

  it('ends at once when it is told to, also while the server says nothing', async () => {
    await using opened = await open();
    server.hangs = true;
    const controller = new AbortController();
    const put = opened.target.put(object, pieces, controller.signal);
    const got = opened.target.get(object.name, controller.signal)[Symbol.asyncIterator]().next();
    controller.abort();
    await expect(put).rejects.toThrow();
    await expect(got).rejects.toThrow();
  });

  it('wants a configuration that can be right', async () => {
    const parse = (one: Record<string, unknown>) => archiveS3.config['~standard'].validate({ archives: { vault: one } });
    expect(await parse({ bucket: 'footage' })).not.toHaveProperty('issues');
    for (const wrong of [{}, { bucket: 'footage', accessKeyId: 'a' }, { bucket: 'footage', prefix: '/x' }, { bucket: 'footage', endpoint: 'ftp://x' }, { bucket: 'footage', lock: { mode: 'SOFT', days: 1 } }]) expect(await parse(wrong), JSON.stringify(wrong)).toHaveProperty('issues');
  });
});
