// Makes one export package, step by step in a folder of its own: films, evidence, manifest, zip. What is finished survives a restart and is not made again.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Text } from '@wanglou/core';
import type { Evidence } from '../evidence/evidence.ts';
import { missingFootage, type ExplainedTime } from '../evidence/missing.ts';
import { fileNameOf } from '../media/file-name.ts';
import { readRange, readWhole } from '../media/read-range.ts';
import type { FfmpegProgram } from '../ffmpeg/ffmpeg-program.ts';
import { codecsOfInit } from '../fmp4/init-codecs.ts';
import { scanFile } from '../fmp4/scan-file.ts';
import { signingId } from '../segment/camera-signature.ts';
import { cameraFolder } from '../segment/segment-path.ts';
import { DamagedFootageError, makeFilm, type FilmOptions } from './film.ts';
import type { Manifest, ManifestFilm } from './manifest.ts';
import { packageReadme } from './package-readme.ts';
import { writePackage, type PackageMember } from './package-zip.ts';
import type { Stretch } from './stretches.ts';
import { writeVisibleMark } from './visible-mark.ts';

/** What is to be made. */
export interface ExportOrder {
  readonly id: string;
  /** Code of the hidden mark. */
  readonly mark: Uint8Array;
  readonly cameras: readonly { readonly id: string; readonly name: Text }[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly operator: string;
  readonly destination: string;
  readonly caseNumber?: string;
  readonly visibleMark: boolean;
  readonly passphrase?: string;
  readonly stretches: readonly Stretch[];
  /** Gaps of all cameras in the range, and what was erased after its retention. */
  readonly gaps: readonly ExplainedTime[];
  /** Files that are shorter than they were, or gone. */
  readonly damaged: readonly Damage[];
  readonly permission: Manifest['permission'];
  readonly call: string;
}

/** Footage that cannot be read. */
export interface Damage {
  readonly camera: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What a job works with. */
export interface ExportTools {
  /** Absolute folder of the job; made, and kept until {@link ExportJob.discard}. */
  readonly folder: string;
  /** Absolute folder of the disk on which an original file lies. */
  rootOf(name: string): string;
  readonly campus: Text;
  readonly ffmpeg: FfmpegProgram | undefined;
  now(): number;
  /** Runs the task when it is its turn. */
  inTurn(task: () => Promise<void>): Promise<void>;
  /** Original files of all cameras with their proofs, as of now. */
  evidence(): Promise<Evidence>;
  /** Puts the hash of what was made into the audit log; the text of its receipt. */
  prove(listed: readonly ListedFile[]): Promise<string>;
  /** Policy and page with which the recipient checks the package. */
  verifier(): Promise<{ readonly policy: string; readonly page: Uint8Array }>;
}

/** A film or document of the package, as the audit log holds it. */
export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How a job goes. */
export type ExportProgress =
  | { readonly state: 'preparing'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly state: 'ready'; readonly doneBytes: number; readonly totalBytes: number; readonly bytes: number }
  | { readonly state: 'failed'; readonly doneBytes: number; readonly totalBytes: number; readonly reason: string };

interface FinishedFilm extends ManifestFilm {
  readonly file: string;
}

const packageName = 'package.zip';
const pieceBytes = 256 * 1024;

/** One export. */
export class ExportJob {
  readonly order: ExportOrder;
  readonly #tools: ExportTools;
  readonly #controller = new AbortController();
  readonly #done: Promise<void>;
  #doneBytes = 0;
  #progress: 'preparing' | { readonly bytes: number } | { readonly reason: string } = 'preparing';

  constructor(order: ExportOrder, tools: ExportTools) {
    this.order = order;
    this.#tools = tools;
    this.#done = tools.inTurn(() => this.#run()).catch((error: unknown) => {
      this.#progress = { reason: error instanceof Error ? error.message : String(error) };
    });
  }

  get progress(): ExportProgress {
    const totalBytes = this.#totalBytes;
    const base = { doneBytes: Math.min(this.#doneBytes, totalBytes), totalBytes };
    if (this.#progress === 'preparing') return { state: 'preparing', ...base };
    return 'bytes' in this.#progress ? { state: 'ready', ...base, doneBytes: totalBytes, bytes: this.#progress.bytes } : { state: 'failed', ...base, reason: this.#progress.reason };
  }

  /** The package, once it is ready. */
  get file(): string {
    return path.join(this.#tools.folder, packageName);
  }

  /** Its work was stopped. */
  get isCancelled(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Settles when the job is ready, failed or cancelled. */
  get finished(): Promise<void> {
    return this.#done;
  }

  /** Stops the work; what is finished stays for who asks again. */
  async cancel(): Promise<void> {
    this.#controller.abort(new Error('the export was cancelled'));
    await this.#done;
  }

  /** Removes everything. */
  async discard(): Promise<void> {
    await this.cancel();
    await rm(this.#tools.folder, { recursive: true, force: true });
  }

  /** Films are read and written once, originals once. */
  get #totalBytes(): number {
    return this.order.stretches.reduce((sum, { bytes }) => sum + bytes * 2, 1);
  }

  async #run(): Promise<void> {
    const { order } = this;
    const { signal } = this.#controller;
    signal.throwIfAborted();
    await mkdir(path.join(this.#tools.folder, 'films'), { recursive: true });
    const films: FinishedFilm[] = [];
    const damaged = [...order.damaged];
    for (const stretch of order.stretches) {
      const film = await this.#film(stretch, signal).catch((error: unknown) => {
        if (error instanceof DamagedFootageError) return undefined;
        throw error;
      });
      if (film === undefined) damaged.push(stretch);
      else films.push(film);
      this.#doneBytes += stretch.bytes;
    }
    const evidence = await this.#tools.evidence();
    const manifest = Buffer.from(`${JSON.stringify(this.#manifest(films, evidence, damaged), null, 1)}\n`);
    const { policy, page } = await this.#tools.verifier();
    const documents = [
      { name: 'README.txt', content: Buffer.from(packageReadme) }, { name: 'manifest.json', content: manifest },
      { name: 'policy.txt', content: Buffer.from(policy) }, { name: 'verify.html', content: Buffer.from(page) },
    ];
    const listed = [...films.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })), ...documents.map(({ name, content }) => ({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }))];
    signal.throwIfAborted();
    const receipt = await this.#tools.prove(listed);
    const list = Buffer.from(`${JSON.stringify({ ...evidence, receipts: [...evidence.receipts, receipt], listed }, null, 1)}\n`);
    const half = `${this.file}.part`;
    await writePackage(half, this.#members([...documents, { name: 'evidence.json', content: list }], films, evidence, signal), order.passphrase);
    await rename(half, this.file);
    this.#progress = { bytes: (await stat(this.file)).size };
  }

  /** Makes one film, or takes the one that was finished before. */
  async #film(stretch: Stretch, signal: AbortSignal): Promise<FinishedFilm> {
    const { order } = this;
    const { folder, ffmpeg } = this.#tools;
    const film = fileNameOf(stretch.camera, stretch.startMs);
    const file = path.join(folder, 'films', `${film}.mp4`);
    const finished = await readFile(`${file}.json`, 'utf8').then((text) => JSON.parse(text) as ManifestFilm, () => undefined);
    if (finished !== undefined) return { ...finished, file };
    const init = await readWhole({ root: stretch.first.root, path: stretch.first.path, offset: 0, length: stretch.first.initBytes }, signal);
    const name = order.cameras.find(({ id }) => id === stretch.camera)?.name;
    const stamp = { unit: this.#tools.campus.zh, exportedMs: this.#tools.now(), operator: order.operator, source: name?.zh ?? stretch.camera, line: stretch.camera };
    // What its camera signed stays as it was signed: neither a unit more in it, nor a picture encoded anew.
    const signed = await isSigned(stretch, signal);
    let options: FilmOptions = { init, fragments: stretch.fragments, stamp, ...(!signed && { mark: order.mark }) };
    if (order.visibleMark && !signed && ffmpeg !== undefined) options = await this.#withVisibleMark(options, stretch, file, ffmpeg, signal);
    const sha256 = await writeFilm(options, `${file}.part`, signal);
    await rename(`${file}.part`, file);
    const made: ManifestFilm = {
      name: `films/${cameraFolder(stretch.camera)}/${film}.mp4`, camera: stretch.camera, fromMs: Math.round(stretch.startMs), toMs: Math.round(stretch.endMs), bytes: (await stat(file)).size, sha256,
      codecs: codecsOfInit(options.init), marks: signed ? 'none' : order.visibleMark ? 'visible' : 'hidden',
    };
    await writeFile(`${file}.json.part`, JSON.stringify(made));
    await rename(`${file}.json.part`, `${file}.json`);
    return { ...made, file };
  }

  /** The film as ffmpeg encodes it with the mark in its picture, to be made a film of anew. */
  async #withVisibleMark(options: FilmOptions, stretch: Stretch, file: string, ffmpeg: FfmpegProgram, signal: AbortSignal): Promise<FilmOptions> {
    const { order } = this;
    const [plain, marked] = [`${file}.plain.mp4`, `${file}.marked.mp4`];
    const { mark: _, ...unmarked } = options;
    await writeFilm(unmarked, plain, signal);
    const lines = [`${order.destination}${order.caseNumber === undefined ? '' : ` · ${order.caseNumber}`}`, `${order.id} · ${order.operator} · ${new Date(order.fromMs).toISOString().slice(0, 16)}Z`];
    await writeVisibleMark(plain, marked, { lines, textFile: `${file}.txt`, ffmpeg }, signal);
    await rm(plain);
    const handle = await open(marked);
    const { init, fragments, timescale } = await scanFile(handle).finally(() => handle.close());
    let startMs = stretch.startMs;
    const planned = fragments.map(({ offset, length, durationTicks, key }) => {
      const durationMs = (durationTicks * 1000) / timescale;
      const one = { root: path.dirname(marked), path: path.basename(marked), run: 'marked', offset, length, startMs, endMs: startMs + durationMs, durationMs, key };
      startMs += durationMs;
      return one;
    });
    return { ...options, init, fragments: planned };
  }

  #manifest(films: readonly FinishedFilm[], evidence: Evidence, damaged: readonly Damage[]): Manifest {
    const { order } = this;
    const missing = order.cameras.flatMap(({ id: camera }) => {
      const shown = films.filter((film) => film.camera === camera).map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs, cause: undefined }));
      const lost = damaged.filter((one) => one.camera === camera).map(({ startMs, endMs }) => ({ startMs, endMs, cause: 'damaged' }));
      return missingFootage({ camera, fromMs: order.fromMs, toMs: order.toMs, files: [...shown, ...lost], gaps: order.gaps.filter((gap) => gap.camera === camera) }, ({ cause }) => cause);
    });
    return {
      format: 'wanglou.export/1', export: order.id, campus: this.#tools.campus, cameras: order.cameras.map(({ id, name }) => ({ id, ...name })),
      fromMs: order.fromMs, toMs: order.toMs, operator: order.operator, destination: order.destination, ...(order.caseNumber !== undefined && { caseNumber: order.caseNumber }),
      madeMs: this.#tools.now(), call: order.call, permission: order.permission,
      films: films.map(({ file: _, ...film }) => film), originals: evidence.files.map(({ name, segment }) => ({ name, sha256: segment.sha256 })), missing,
    };
  }

  async *#members(documents: readonly { readonly name: string; readonly content: Uint8Array }[], films: readonly FinishedFilm[], evidence: Evidence, signal: AbortSignal): AsyncGenerator<PackageMember> {
    const nowMs = this.#tools.now();
    for (const document of documents) yield { ...document, atMs: nowMs };
    for (const { name, file, bytes, toMs } of films) yield { name, atMs: toMs, content: this.#counted(readRange({ root: path.dirname(file), path: path.basename(file), offset: 0, length: bytes }, signal), 0.5, signal) };
    for (const { name, segment } of evidence.files) yield { name, atMs: segment.toMs, content: this.#counted(readRange({ root: this.#tools.rootOf(name), path: name, offset: 0, length: segment.bytes }, signal), 0.5, signal) };
  }

  async *#counted(bytes: AsyncIterable<Uint8Array>, share: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      signal.throwIfAborted();
      this.#doneBytes += piece.length * share;
      yield piece;
    }
  }
}

/** Writes a film and forces it to the disk; its SHA-256 in hex. */
async function writeFilm(options: FilmOptions, file: string, signal: AbortSignal): Promise<string> {
  const film = await makeFilm(options, signal);
  const hash = createHash('sha256');
  const handle = await open(file, 'w');
  try {
    for await (const piece of film.body(signal)) {
      hash.update(piece);
      for (let at = 0; at < piece.length; at += pieceBytes) await handle.writeFile(piece.subarray(at, at + pieceBytes));
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

/** Whether its camera signs the footage (ONVIF Media Signing): then the first groups of pictures carry its units. */
async function isSigned({ fragments }: Stretch, signal: AbortSignal): Promise<boolean> {
  for (const fragment of fragments.slice(0, 8)) if ((await readWhole(fragment, signal)).includes(signingId)) return true;
  return false;
}

