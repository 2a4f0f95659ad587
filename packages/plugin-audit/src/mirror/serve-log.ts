// The mirror under a lease: file by file for a verifier that reads it, and whole as a zip for one that is offline.
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MediaRequest, MediaResponse } from '@wanglou/core';
import { ZipFile } from 'yazl';
import { bundleReadme } from './bundle-readme.ts';

/** What is served of the mirror, and nothing beside it. */
const mirrorPath = /^(?:checkpoint|witnessed|log\.vkey|minimum-index|timestamps\/(?:newest|\d+\.(?:note|tsr))|tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?)$/;
const binary = { 'content-type': 'application/octet-stream' };
const plain = { 'content-type': 'text/plain; charset=utf-8' };

/** What serving needs. */
export interface ServedLog {
  readonly mirror: { readonly folder: string };
  readonly config: { readonly witnesses?: string | undefined };
  readonly log: { readonly vkey: string };
}

/** Serves `checkpoint`, `tile/…` and the other files of the mirror, `witnesses.txt`, and `bundle.zip`. */
export function serveLog({ mirror: { folder }, config, log }: ServedLog): (request: MediaRequest, signal: AbortSignal) => Promise<MediaResponse> {
  const policy = async () => (config.witnesses === undefined ? `log ${log.vkey}\nquorum none\n` : readFile(config.witnesses, 'utf8'));
  return async ({ path }, signal) => {
    if (path === 'witnesses.txt') return { status: 200, headers: plain, body: await policy() };
    if (path === 'bundle.zip') {
      const body = await zipOf(folder, await policy(), signal);
      return { status: 200, headers: { 'content-type': 'application/zip', 'content-disposition': 'attachment; filename="audit-log.zip"' }, body };
    }
    const missing: MediaResponse = { status: 404, headers: plain, body: '' };
    if (!mirrorPath.test(path)) return missing;
    try {
      return { status: 200, headers: path.startsWith('tile/') || path.endsWith('.tsr') ? binary : plain, body: await readFile(join(folder, path)) };
    } catch (error) {
      // A verifier asks for partial tiles that may have become full ones since.
      if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return missing;
      throw error;
    }
  };
}

/** Everything that a court needs: the log, the policy, the page that verifies, and how. Streamed: a log may be larger than memory. */
async function zipOf(folder: string, policy: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const zip = new ZipFile();
  // In this order: what is published while the zip is written only adds, and no part may be newer than the checkpoint.
  for (const name of ['minimum-index', 'witnessed', 'checkpoint']) {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    if (content) zip.addBuffer(content, `log/${name}`);
  }
  zip.addBuffer(Buffer.from(policy), 'witnesses.txt');
  zip.addBuffer(Buffer.from(bundleReadme), 'README.txt');
  zip.addBuffer(await readFile(fileURLToPath(import.meta.resolve('@wanglou/verify/verify.html'))), 'verify.html');
  for (const path of await filesBelow(folder)) {
    if (['minimum-index', 'witnessed', 'checkpoint'].includes(path) || !mirrorPath.test(path)) continue;
    const file = join(folder, path);
    const { size } = await stat(file).catch(() => ({ size: -1 }));
    if (size < 0) continue;
    // Hashes do not compress.
    zip.addReadStreamLazy(`log/${path}`, { compress: path.startsWith('tile/entries/') }, (hand) => hand(null, createReadStream(file)));
  }
  zip.end();
  signal.addEventListener('abort', () => (zip.outputStream as unknown as { destroy(): void }).destroy(), { once: true });
  return zip.outputStream as unknown as AsyncIterable<Uint8Array>;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'));
}
