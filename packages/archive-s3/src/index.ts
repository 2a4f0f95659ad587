/**
 * Archives of footage on S3-compatible storage.
 *
 * @packageDocumentation
 */
export { archiveS3 } from './plugin.ts';
export { S3Target, type S3TargetOptions } from './s3-target.ts';
