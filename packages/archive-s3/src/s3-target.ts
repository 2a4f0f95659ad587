// Archives in a bucket. The server checks each object against its hash, and refuses to replace one.
import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ArchiveObject, ArchiveTarget } from '@wanglou/core';

/** Where in the storage, and for how long nobody may remove what was put there. */
export interface S3TargetOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Before each name; ends with `/` unless it is empty. */
  readonly prefix: string;
  /** Object Lock; the bucket must have been made with it. */
  readonly lock?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number } | undefined;
  /** UTC epoch milliseconds. */
  readonly now: () => number;
}

const dayMs = 86_400_000;

/** A bucket, or a part of it. */
export class S3Target implements ArchiveTarget {
  readonly #options: S3TargetOptions;

  constructor(options: S3TargetOptions) {
    this.#options = options;
  }

  async put({ name, bytes, sha256 }: ArchiveObject, read: () => AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    const { client, bucket, prefix, lock, now } = this.#options;
    const body = Readable.from(read(), { objectMode: false });
    const broken = new AbortController();
    // The library pipes it: what goes wrong in the source would end nothing there, and the process here.
    body.once('error', (error) => broken.abort(error));
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket, Key: prefix + name, Body: body, ContentLength: bytes, ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'), IfNoneMatch: '*',
          ...(lock && { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: new Date(now() + lock.days * dayMs) }),
        }),
        { abortSignal: AbortSignal.any([signal, broken.signal]) },
      );
    } catch (error) {
      broken.signal.throwIfAborted();
      // Whether it is the same is found out when it is read back.
      if (statusOf(error) !== 412) throw plain(error);
    } finally {
      body.destroy();
    }
    if (lock !== undefined) await this.#requireLock(name, lock.mode, signal);
  }

  /** A server that knows no locks keeps the object, and says nothing of it. */
  async #requireLock(name: string, mode: string, signal: AbortSignal): Promise<void> {
    const { client, bucket, prefix, now } = this.#options;
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: prefix + name }), { abortSignal: signal }).catch((error: unknown) => {
      throw plain(error);
    });
    if (found.ObjectLockMode !== mode || (found.ObjectLockRetainUntilDate?.getTime() ?? 0) <= now()) throw new Error(`the bucket ${bucket} does not lock ${name} as it is configured to; make it with Object Lock, or take lock out of the configuration`);
  }

  async *folders(signal: AbortSignal): AsyncIterable<string> {
    const { client, bucket, prefix } = this.#options;
    for (let token: string | undefined; ; ) {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/', ...(token !== undefined && { ContinuationToken: token }) }), { abortSignal: signal }).catch((error: unknown) => {
        throw plain(error);
      });
      for (const { Prefix: folder = '' } of page.CommonPrefixes ?? []) yield folder.slice(prefix.length, -1);
      // A server that gives the same page again and again must not keep anybody here.
      if (page.NextContinuationToken === undefined || page.NextContinuationToken === token) return;
      token = page.NextContinuationToken;
    }
  }

  async *get(name: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { client, bucket, prefix } = this.#options;
    let body: AsyncIterable<Uint8Array>;
    try {
      body = (await client.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + name }), { abortSignal: signal })).Body as Readable;
    } catch (error) {
      throw plain(error);
    }
    yield* body;
    signal.throwIfAborted();
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Without the request that the library hangs on it, which is signed. */
function plain(error: unknown): Error {
  const { name, message } = error as Error;
  return Object.assign(new Error(message === '' || message === name || message === 'UnknownError' ? `${name} (HTTP ${statusOf(error) ?? 'without an answer'})` : `${name}: ${message}`), { name });
}
