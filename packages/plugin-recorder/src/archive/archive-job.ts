// Copies footage to an archive, reads all of it back, and says what it found. Nothing of an archive is in memory but lists; after a stop it begins anew, and what is there already is left alone.
import { createHash } from 'node:crypto';
import type { ArchiveObject, ArchiveTarget, Text } from '@wanglou/core';
import type { Evidence } from '../evidence/evidence.ts';
import type { MissingFootage } from '../evidence/missing.ts';
import { readRange } from '../media/read-range.ts';
import { parseEvidence } from '@wanglou/verify';
import { parseArchiveRecord, longestRecordBytes, type ArchivedFile, type ArchiveRecord } from './archive-record.ts';
import type { ArchiveEntry } from './archive-book.ts';

/** A closed file of the recordings. */
export interface SourceFile extends ArchivedFile {
  /** Absolute folder of its disk. */
  readonly root: string;
}

/** What a job works with. */
export interface ArchiveJobOptions {
  readonly entry: ArchiveEntry;
  readonly target: ArchiveTarget;
  readonly campus: Text;
  readonly cameras: ArchiveRecord['cameras'];
  /** Closed files that touch the range. */
  readonly files: readonly SourceFile[];
  /** Whether the disk of a file is there: one that is not says nothing of its files. */
  isPresent(file: SourceFile): boolean;
  /** The proofs of files; what of the range is missing and why. */
  evidence(files: readonly SourceFile[], damaged: readonly SourceFile[]): Promise<{ readonly evidence: Evidence; readonly missing: readonly MissingFootage[] }>;
  /** Puts the hash of the documents, which name all files, into the audit log; the text of the receipt. */
  prove(listed: readonly ArchiveObject[], files: number): Promise<string>;
  /** Policy and page with which the archive is checked without this system. */
  verifier(): Promise<{ readonly policy: string; readonly page: Uint8Array }>;
  progress(change: { readonly state: 'copying' | 'verifying'; readonly doneBytes: number; readonly totalBytes: number }): void;
  readonly signal: AbortSignal;
}

/** What became of an archive. */
export interface ArchiveOutcome {
  readonly files: number;
  readonly missing: readonly MissingFootage[];
  readonly recordSha256: string;
  /** Objects that were not read back as they were written. */
  readonly damaged: readonly string[];
}

/** Name of the document that makes an archive whole. */
export const recordName = 'record.json';
const listName = 'evidence.json';
/** Proofs of 30,000 files, each of another minute, and their receipts. */
const longestListBytes = 256 * 1024 * 1024;

type Document = ArchiveObject & { readonly content: Uint8Array };

/** Copies and reads back. Rejects when the storage or the log is away, or the signal is aborted. */
export async function runArchive({ entry, target, campus, cameras, files, isPresent, evidence, prove, verifier, progress, signal }: ArchiveJobOptions): Promise<ArchiveOutcome> {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes * 2, 0);
  let doneBytes = 0;
  const tell = (state: 'copying' | 'verifying', bytes: number): void => progress({ state, doneBytes: (doneBytes += bytes), totalBytes });
  const intact: SourceFile[] = [];
  const broken: SourceFile[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    // Read once before it is given away: a file that is not what was recorded must not stand in an archive under its name.
    if ((await hashOf(readRange({ root: file.root, path: file.name, offset: 0, length: file.bytes }, signal)).catch(() => undefined)) !== file.sha256) {
      signal.throwIfAborted();
      if (!isPresent(file)) throw new Error(`the disk of ${file.name} is away`);
      broken.push(file);
      continue;
    }
    await target.put({ ...file, name: nameIn(entry.id, file.name) }, () => readRange({ root: file.root, path: file.name, offset: 0, length: file.bytes }, signal), signal);
    intact.push(file);
    tell('copying', file.bytes);
  }
  if (intact.length === 0) throw new Error('no file of the range can be read as it was recorded');
  const { evidence: proofs, missing } = await evidence(intact, broken);
  const record = documentOf(recordName, JSON.stringify(recordOf({ entry, campus, cameras, files: intact, missing }), null, 1));
  const { policy, page } = await verifier();
  const made = [documentOf('README.txt', archiveReadme), documentOf('policy.txt', policy), documentOf('verify.html', page), record];
  const listed = made.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  const list = await listOf({ target, id: entry.id, listed, signal }, async () => JSON.stringify({ ...proofs, receipts: [...proofs.receipts, await prove(listed, intact.length)], listed }, null, 1));
  // The record comes last: an archive without it is not whole.
  const documents = [list, ...made];
  for (const document of documents) await target.put({ ...document, name: nameIn(entry.id, document.name) }, async function* () { yield document.content; }, signal);
  const damaged: string[] = [];
  for (const object of [...intact, ...documents]) {
    if (!(await isStored(target, entry.id, object, signal))) damaged.push(object.name);
    if ('root' in object) tell('verifying', object.bytes);
  }
  return { files: intact.length, missing, recordSha256: record.sha256, damaged };
}

/** The list of proofs: the one that an attempt before left, since receipts are never the same twice; else a new one. */
async function listOf({ target, id, listed, signal }: { readonly target: ArchiveTarget; readonly id: string; readonly listed: readonly ArchiveObject[]; readonly signal: AbortSignal }, make: () => Promise<string>): Promise<Document> {
  const left = await readList(target, id, signal);
  return documentOf(listName, left !== undefined && JSON.stringify(documentsIn(left)) === JSON.stringify(listed) ? left : await make());
}

async function readList(target: ArchiveTarget, id: string, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    return await readDocument(target, nameIn(id, listName), longestListBytes, signal);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** The documents that a list of proofs names; `undefined` for what is no list. */
function documentsIn(list: Uint8Array): readonly ArchiveObject[] | undefined {
  try {
    return parseEvidence(list).listed;
  } catch {
    return undefined;
  }
}

/** Reads every byte of an archive that is stored; gives what is not as it was. Rejects when the storage is away. */
export async function verifyStored(target: ArchiveTarget, entry: Pick<ArchiveEntry, 'id' | 'recordSha256'>, progress: (bytes: number) => void, signal: AbortSignal): Promise<readonly string[]> {
  const record = await readRecord(target, entry, signal);
  if (record === undefined) return [recordName];
  const damaged = await damagedDocuments(target, entry, signal);
  for (const file of record.files) {
    if (!(await isStored(target, entry.id, file, signal))) damaged.push(file.name);
    progress(file.bytes);
  }
  return damaged;
}

/** The list of proofs names the other documents; it is right when it names the record that the catalogue knows. */
async function damagedDocuments(target: ArchiveTarget, { id, recordSha256 }: Pick<ArchiveEntry, 'id' | 'recordSha256'>, signal: AbortSignal): Promise<string[]> {
  const list = await readList(target, id, signal);
  const listed = list && documentsIn(list);
  if (listed?.find(({ name }) => name === recordName)?.sha256 !== recordSha256) return [listName];
  const damaged: string[] = [];
  for (const document of listed ?? []) if (!(await isStored(target, id, document, signal))) damaged.push(document.name);
  return damaged;
}

/** The record of an archive; `undefined` when it is not the one that the log names. Rejects when it cannot be read. */
export async function readRecord(target: ArchiveTarget, { id, recordSha256 }: Pick<ArchiveEntry, 'id' | 'recordSha256'>, signal: AbortSignal): Promise<ArchiveRecord | undefined> {
  const content = await readDocument(target, nameIn(id, recordName), longestRecordBytes, signal);
  if (content === undefined || (recordSha256 !== undefined && createHash('sha256').update(content).digest('hex') !== recordSha256)) return undefined;
  return parseArchiveRecord(content);
}

/** The record in a folder of a storage, with its hash; `undefined` where there is none, `invalid` where it is not one of that folder. */
export async function findRecord(target: ArchiveTarget, folder: string, signal: AbortSignal): Promise<{ readonly record: ArchiveRecord; readonly sha256: string } | 'invalid' | undefined> {
  try {
    const content = await readDocument(target, nameIn(folder, recordName), longestRecordBytes, signal);
    const record = content && parseArchiveRecord(content);
    return content === undefined || record?.archive !== folder ? 'invalid' : { record, sha256: createHash('sha256').update(content).digest('hex') };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** A document as a whole; `undefined` when it is longer than any of ours. */
async function readDocument(target: ArchiveTarget, name: string, longestBytes: number, signal: AbortSignal): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of target.get(name, signal)) {
    bytes += piece.length;
    if (bytes > longestBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Where an object of an archive lies. */
export function nameIn(archive: string, name: string): string {
  return `${archive}/${name}`;
}

/** False when it is there and differs; an object that is gone differs too. */
async function isStored(target: ArchiveTarget, archive: string, { name, bytes, sha256 }: ArchiveObject, signal: AbortSignal): Promise<boolean> {
  const hash = createHash('sha256');
  let left = bytes;
  try {
    for await (const piece of target.get(nameIn(archive, name), signal)) {
      hash.update(piece);
      if ((left -= piece.length) < 0) return false;
    }
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  signal.throwIfAborted();
  return left === 0 && hash.digest('hex') === sha256;
}

function isAbsent(error: unknown): boolean {
  return (error as { readonly code?: string }).code === 'ENOENT' || (error as Error).name === 'NoSuchKey';
}

async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of bytes) hash.update(piece);
  return hash.digest('hex');
}

function documentOf(name: string, text: string | Uint8Array): Document {
  const content = Buffer.from(text as string);
  return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex'), content };
}

function recordOf({ entry, campus, cameras, files, missing }: Pick<ArchiveJobOptions, 'entry' | 'campus' | 'cameras' | 'files'> & { readonly missing: readonly MissingFootage[] }): ArchiveRecord {
  const { id: archive, title, record, caseNumber, fromMs, toMs, orderedBy, orderedMs } = entry;
  return {
    format: 'wanglou.archive/1', archive, campus, title, record, ...(caseNumber !== undefined && { caseNumber }), cameras, fromMs, toMs, orderedBy, orderedMs,
    files: files.map(({ root: _, ...file }) => file), missing,
  };
}

const archiveReadme = `录像归档 / Archive of footage

<摄像机>/       原始录像文件，逐位一致               the original files, bit for bit, in a folder for each camera
record.json     归档内容、文字记录与缺失时段         what is in it, what was written about it, and what is missing
evidence.json   全部文件的证明与审计回执             proofs of all files, and the receipts of the audit log
policy.txt      日志与见证方的公钥                   keys of the log and of its witnesses
verify.html     在浏览器中离线校验                   checks all of it in a browser, offline

校验：用浏览器打开 verify.html，将本文件夹拖入；或运行：
To check it, open verify.html and drop this folder on it; or run:

    npx @wanglou/verify <folder> --policy policy.txt
`;
