// Offers buckets as storage for archives.
import { S3Client } from '@aws-sdk/client-s3';
import { archiveTargets, definePlugin } from '@wanglou/core';
import { z } from 'zod';
import { S3Target } from './s3-target.ts';

const bucket = z
  .strictObject({
    title: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).exactOptional().describe('What people call it'),
    bucket: z.string().min(3).max(63).describe('Name of the bucket; it must be there'),
    prefix: z.string().max(500).regex(/^([^/].*\/)?$/, 'ends with / and does not begin with it').default('').describe('Before the name of every object, such as campus/'),
    endpoint: z.url({ protocol: /^https?$/ }).exactOptional().describe('Address of storage other than AWS, such as a Ceph RGW'),
    region: z.string().min(1).default('us-east-1').describe('Region'),
    accessKeyId: z.string().min(1).exactOptional().describe('Access key; without one, what the environment of AWS says'),
    secretAccessKey: z.string().min(1).exactOptional().describe('Secret. Secret of the access key'),
    lock: z.strictObject({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), days: z.int().min(1).max(36_500) }).exactOptional().describe('Object Lock: so long nobody removes what is archived; the bucket must have been made with it'),
  })
  .refine(({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined), { error: 'accessKeyId 与 secretAccessKey 须同时填写 / give accessKeyId and secretAccessKey together', path: ['secretAccessKey'] });

const config = z.strictObject({ archives: z.record(z.string().regex(/^[a-z0-9-]{1,64}$/), bucket).describe('Buckets, by the id under which archives name them') });

/** The library would write to the console otherwise that a stream is not sent twice. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Archives of footage on S3-compatible storage.
 *
 * @example
 * archiveS3({ archives: { vault: { endpoint: 'https://s3.example.edu', bucket: 'footage', accessKeyId: '…', secretAccessKey: process.env['S3_SECRET'] ?? '', lock: { mode: 'COMPLIANCE', days: 3650 } } } })
 */
export const archiveS3 = definePlugin({
  id: 'archive-s3',
  config,
  setup(ctx, { config: { archives } }) {
    for (const [id, { title, bucket: name, prefix, endpoint, region, accessKeyId, secretAccessKey, lock }] of Object.entries(archives)) {
      const client = new S3Client({
        region, forcePathStyle: endpoint !== undefined, ...(endpoint !== undefined && { endpoint }),
        ...(accessKeyId !== undefined && secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
        // A stream cannot be sent twice; the recorder tries again by itself. Objects carry the SHA-256 that is known anyway.
        maxAttempts: 1, logger: silent, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
      });
      ctx.defer(() => client.destroy());
      ctx.contribute(archiveTargets, { id, title: title ?? { zh: id, en: id }, target: new S3Target({ client, bucket: name, prefix, lock, now: () => ctx.clock.now() }) });
    }
  },
});
