// The mirror under a lease: file by file for a verifier that reads it, and whole as a zip for one that is offline.
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { MediaRequest, MediaResponse } from '@wanglou/core';
import { ZipFile } from 'yazl';
import { readIfThere } from '../files/durable-file.ts';
import { sizeOf } from '../note/checkpoint.ts';
import { bundlePath, newTiles, tilePath, tileWidth } from '../tree/tile.ts';
import { bundleReadme } from './bundle-readme.ts';

/** What is served of the mirror, and nothing beside it. */
const mirrorPath = /^(?:checkpoint|witnessed|log\.vkey|minimum-index|timestamps\/(?:newest|\d+\.(?:note|tsr))|tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?)$/;
/** None of them may be newer than the one after it. */
const frozenFiles = ['minimum-index', 'witnessed', 'checkpoint'];
const binary = { 'content-type': 'application/octet-stream' };
const plain = { 'content-type': 'text/plain; charset=utf-8' };

/** What serving needs. */
export interface ServedLog {
  readonly mirror: { readonly folder: string };
  readonly config: { readonly witnesses?: string | undefined };
  readonly log: { readonly vkey: string };
}

/** Whom to trust: the witness policy as it is configured, or the log alone. */
export async function policyText({ config, log }: Pick<ServedLog, 'config' | 'log'>): Promise<string> {
  return config.witnesses === undefined ? `log ${log.vkey}\nquorum none\n` : readFile(config.witnesses, 'utf8');
}

/** Serves `checkpoint`, `tile/…` and the other files of the mirror, `witnesses.txt`, and `bundle.zip`. */
export function serveLog({ mirror: { folder }, config, log }: ServedLog): (request: MediaRequest, signal: AbortSignal) => Promise<MediaResponse> {
  const policy = () => policyText({ config, log });
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
  // First: what is published while the zip is written only adds.
  const partial = new Set<string>();
  for (const name of frozenFiles) {
    const content = await readIfThere(join(folder, name));
    if (!content) continue;
    zip.addBuffer(content, `log/${name}`);
    if (name !== 'minimum-index') for (const path of partialPaths(sizeOf(content.toString()))) partial.add(path);
  }
  // The unfinished tiles of these sizes, now: one that has become full meanwhile is gone, and is among the full ones below.
  for (const path of partial) {
    const content = await readIfThere(join(folder, path));
    if (content) zip.addBuffer(content, `log/${path}`);
  }
  zip.addBuffer(Buffer.from(policy), 'witnesses.txt');
  zip.addBuffer(Buffer.from(bundleReadme), 'README.txt');
  zip.addBuffer(await readFile(fileURLToPath(import.meta.resolve('@wanglou/verify/verify.html'))), 'verify.html');
  const output = zip.outputStream as Readable;
  let current: Readable | undefined;
  const stop = (error?: unknown): void => {
    current?.destroy();
    output.destroy(error as Error | undefined);
  };
  // Whoever reads it learns of the failure there; until somebody reads, nobody must.
  output.on('error', () => undefined);
  zip.on('error', stop);
  for (const path of await filesBelow(folder)) {
    if (frozenFiles.includes(path) || path.includes('.p/') || !mirrorPath.test(path)) continue;
    // Hashes do not compress.
    zip.addReadStreamLazy(`log/${path}`, { compress: path.startsWith('tile/entries/') }, (hand) => {
      const opened = createReadStream(join(folder, path));
      current = opened.on('error', stop);
      hand(null, opened);
    });
  }
  zip.end();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', () => stop(), { once: true });
  return output;
}

/** Paths of the unfinished tiles and of the unfinished bundle of a tree. */
function partialPaths(size: number): readonly string[] {
  return newTiles(0, size)
    .filter(({ width }) => width < tileWidth)
    .flatMap((place) => [tilePath(place), ...(place.level === 0 ? [bundlePath(place)] : [])]);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'));
}
