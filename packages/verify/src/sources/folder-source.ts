// Files of a folder of this machine.
import { createReadStream } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { VerifyError } from '../errors.ts';
import type { EvidenceSource } from '../evidence/evidence-source.ts';
import type { LogSource } from '../log/source.ts';

/** The files of a log's folder. */
export function createFolderSource(folder: string): LogSource {
  return { read: (path, limitBytes) => readFileBytes(join(folder, path), limitBytes) };
}

/** A whole file; `undefined` where it is not there. Throws `SOURCE_UNREADABLE` for what is no file, or longer than `limitBytes`. */
export async function readFileBytes(path: string, limitBytes: number): Promise<Uint8Array | undefined> {
  try {
    // Opening a pipe would wait for ever, so what it is comes first.
    if (!(await stat(path)).isFile()) throw new VerifyError('SOURCE_UNREADABLE', { path, reason: { zh: '不是普通文件', en: 'it is no regular file' } });
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > limitBytes) throw new VerifyError('SOURCE_UNREADABLE', { path, reason: { zh: `${size} 字节，超过上限 ${limitBytes} 字节`, en: `it has ${size} bytes, at most ${limitBytes} are read` } });
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, size - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } catch (error) {
    return absentOr(error, path);
  }
}

/** The files of an evidence package's folder. Links are never followed: they could lead out of it. */
export function createFolderEvidence(folder: string): EvidenceSource {
  return {
    async list() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')).sort();
    },
    async open(name) {
      const parts = name.split('/');
      try {
        for (let depth = 1; depth <= parts.length; depth++) {
          const path = join(folder, ...parts.slice(0, depth));
          const found = await lstat(path);
          if (depth === parts.length ? !found.isFile() : !found.isDirectory()) throw new VerifyError('SOURCE_UNREADABLE', { path, reason: { zh: '是链接或其他非普通文件', en: 'it is a link, or something else that is no regular file' } });
        }
      } catch (error) {
        return absentOr(error, join(folder, name));
      }
      return readable(join(folder, ...parts));
    },
  };
}

/** The bytes of a file, chunk by chunk. Throws `SOURCE_UNREADABLE` while it is read. */
export async function* readable(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(error, path);
  }
}

function absentOr(error: unknown, path: string): undefined {
  if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
  throw unreadable(error, path);
}

function unreadable(error: unknown, path: string): VerifyError {
  if (error instanceof VerifyError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new VerifyError('SOURCE_UNREADABLE', { path, reason }, { cause: error });
}
