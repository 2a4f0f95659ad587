// The newest checkpoint that a witness cosigned for a log, kept in a file of its own.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openNote, parseCheckpointBody, type Text, type VerifierKey } from '@wanglou/verify';
import { replaceFile } from './durable-file.ts';
import { WitnessError } from './errors.ts';

/** What was cosigned. */
export interface RecordedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  /** The checkpoint with the log's signatures and the cosignature, as it is given out. */
  readonly note: string;
}

/** The hash that stands for an origin in addresses and file names: 64 hex digits. */
export function originHash(origin: string): string {
  return createHash('sha256').update(origin).digest('hex');
}

/** The file of a log's record. */
export function recordPath(folder: string, origin: string): string {
  return join(folder, 'checkpoints', originHash(origin));
}

/** Reads what was cosigned for a log; `undefined` where nothing was. Throws `STATE_DAMAGED`: a record that is lost is a log that can be rolled back. */
export async function readRecord(folder: string, origin: string, key: VerifierKey): Promise<RecordedCheckpoint | undefined> {
  const path = recordPath(folder, origin);
  const damaged = (reason: Text | string, cause?: unknown) => new WitnessError('STATE_DAMAGED', { path, origin, reason }, { cause });
  let note: string;
  try {
    note = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw damaged((error as Error).message, error);
  }
  try {
    const body = parseCheckpointBody(openNote(note, [key]).text);
    if (body.origin !== origin) throw damaged({ zh: `它属于日志 ${body.origin}`, en: `it is of the log ${body.origin}` });
    return { size: body.size, root: body.root, note };
  } catch (error) {
    if (error instanceof WitnessError) throw error;
    const { zh, en } = (error as { text?: Text }).text ?? { zh: String(error), en: String(error) };
    throw damaged({ zh: `${zh}（见证服务的名称或密钥可能已更换）`, en: `${en} (the name or the key of the witness may have been another)` }, error);
  }
}

/** Keeps what is about to be cosigned; on disk when it answers. */
export function writeRecord(folder: string, origin: string, note: string): Promise<void> {
  return replaceFile(recordPath(folder, origin), note);
}
