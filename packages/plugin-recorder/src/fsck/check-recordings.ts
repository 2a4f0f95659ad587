// Holds disk and index against each other, in both directions, a day of a camera at a time; puts right what can be without losing anything.
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { Disks } from '../disks/disks.ts';
import { scanFile } from '../fmp4/scan-file.ts';
import { fragmentsOf, hashFile, recoverFile } from '../segment/recover.ts';
import { segmentFlags, type SegmentRecord } from '../segment/segment-record.ts';
import { camerasOn, daysOn, fileAt, filesOf, type DiskFile } from './disk-files.ts';
import type { Finding, FindingKind } from './finding.ts';
import type { IndexedFile, IndexReader } from './index-reader.ts';

/** What a check works with. No recorder may be running. */
export interface CheckOptions {
  readonly index: IndexReader;
  readonly catalog: Catalog;
  readonly disks: Pick<Disks, 'usable' | 'isPresent' | 'rootOf'>;
  /** Cameras that the index knows. */
  readonly cameras: readonly string[];
  /** Puts right what can be: rows for files that have none, gaps for time that nothing explains. Changes no file but for a torn tail. */
  readonly repair: boolean;
  /** Reads every file and compares its hash; otherwise only its length. */
  readonly hashes: boolean;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  found(finding: Finding): void;
}

/** What was looked at. */
export interface CheckSummary {
  readonly cameras: number;
  readonly files: number;
  readonly bytes: number;
  readonly findings: number;
  readonly repaired: number;
  /** Files of the index whose disk is not here. */
  readonly away: number;
  /** Files without a row that were changed a moment ago: the recorder takes them in at its next start. */
  readonly recent: number;
}

const dayMs = 86_400_000;
/** Whoever changes a file now may be a recorder. */
const recentMs = 5 * 60_000;
/** Shorter holes are jitter of the clock. */
const jitterMs = 250;

/** Checks all recordings. Rejects when a disk or the index cannot be read. */
export async function checkRecordings(options: CheckOptions): Promise<CheckSummary> {
  const check = new Check(options);
  const cameras = [...new Set([...options.cameras, ...(await camerasOn(options.disks.usable))])].sort();
  for (const camera of cameras) await check.camera(camera);
  return { cameras: cameras.length, ...check.counts };
}

class Check {
  readonly counts = { files: 0, bytes: 0, findings: 0, repaired: 0, away: 0, recent: 0 };
  readonly #options: CheckOptions;
  /** Up to here the time of the camera is explained. */
  #coveredMs: number | undefined;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  async camera(camera: string): Promise<void> {
    const { index, disks, signal } = this.#options;
    this.#coveredMs = undefined;
    const days = (await daysOn(disks.usable, camera)).map((day) => Date.parse(`${day}T00:00:00Z`)).filter((startMs) => startMs >= 0).sort((left, right) => left - right);
    for (let fromMs = 0; ; ) {
      signal.throwIfAborted();
      const indexedMs = await index.nextStart(camera, fromMs);
      const next = Math.min(days.find((day) => day >= fromMs) ?? Number.POSITIVE_INFINITY, indexedMs === undefined ? Number.POSITIVE_INFINITY : Math.floor(indexedMs / dayMs) * dayMs);
      if (next === Number.POSITIVE_INFINITY) return;
      await this.#day(camera, next);
      fromMs = next + dayMs;
    }
  }

  async #day(camera: string, startMs: number): Promise<void> {
    const { index, disks } = this.#options;
    const onDisk = await filesOf(disks.usable, camera, new Date(startMs).toISOString().slice(0, 10));
    const indexed = await index.files(camera, startMs, startMs + dayMs);
    const files = new Map(onDisk.map((file) => [`${file.disk.root}\n${file.path}`, file]));
    const known: { readonly startMs: number; readonly endMs: number; readonly flags: number }[] = [];
    for (const row of indexed) {
      const key = `${disks.rootOf(row.file.disk)}\n${row.file.path}`;
      await this.#row(row, files.get(key));
      files.delete(key);
      known.push(row.file);
    }
    for (const file of files.values()) {
      const segment = await this.#unknown(camera, file);
      if (segment !== undefined) known.push(segment);
    }
    for (const file of known.sort((left, right) => left.startMs - right.startMs)) await this.#time(camera, file);
  }

  /** A file of the index: is it there, and is it what it was? */
  async #row({ file, erased, hasLeaf }: IndexedFile, listed: DiskFile | undefined): Promise<void> {
    const { disks, index, repair, hashes } = this.#options;
    const root = disks.rootOf(file.disk);
    const about = { camera: file.camera, path: file.path, root, startMs: file.startMs, endMs: file.endMs };
    if (!disks.isPresent(file.disk)) {
      this.counts.away += erased === undefined ? 1 : 0;
      return;
    }
    const found = listed ?? (await fileAt({ id: file.disk ?? '', root }, file.path));
    if (erased !== undefined) {
      if (erased && found !== undefined) this.#found('erased-present', about);
      return;
    }
    this.counts.files += 1;
    if (found === undefined) return this.#found('file-missing', about);
    this.counts.bytes += found.bytes;
    if (found.bytes !== file.bytes) return this.#found(found.bytes < file.bytes ? 'file-short' : 'file-long', { ...about, detail: `${found.bytes} bytes instead of ${file.bytes}` });
    const isListed = file.fragments.reduce((sum, { length }) => sum + length, file.initBytes) === file.bytes;
    if ((hashes || !isListed) && !(await this.#isUnchanged(file, root))) return this.#found('file-changed', about);
    if (!isListed) this.#found('row-damaged', about, repair && (await this.#readFragments(file, root)));
    if (!hasLeaf) {
      if (repair) await index.addLeaf(file);
      this.#found('never-sealed', about, repair);
    }
  }

  async #isUnchanged(file: SegmentRecord, root: string): Promise<boolean> {
    const handle = await open(path.join(root, file.path));
    try {
      return (await hashFile(handle)).sha256 === file.sha256;
    } finally {
      await handle.close();
    }
  }

  async #readFragments(file: SegmentRecord, root: string): Promise<boolean> {
    const handle = await open(path.join(root, file.path));
    try {
      const scan = await scanFile(handle);
      if (scan.tornBytes > 0) return false;
      await this.#options.index.setFragments(file, fragmentsOf(scan));
      return true;
    } finally {
      await handle.close();
    }
  }

  /** A file without a row on its day; gives it a row where it may. */
  async #unknown(camera: string, { disk, path: relative, startMs, modifiedMs }: DiskFile): Promise<SegmentRecord | undefined> {
    const { catalog, index, repair, nowMs } = this.#options;
    const about = { camera, path: relative, root: disk.root, ...(startMs !== undefined && { startMs }) };
    if (startMs === undefined) return void this.#found('leftover', about);
    // A name is rounded to the millisecond, its folder is not: the row may be on the next day.
    if ((await index.files(camera, startMs, startMs + 1)).some(({ file }) => file.path === relative)) return undefined;
    if (nowMs - modifiedMs < recentMs) return void (this.counts.recent += 1);
    this.counts.files += 1;
    if (!repair) return this.#described(about);
    try {
      const { segment } = await recoverFile(disk, camera, relative);
      if (segment === undefined) return void this.#found('file-damaged', { ...about, detail: 'it broke off in its head and was removed' }, true);
      await catalog.save([segment], []);
      const detail = 'its row was made anew from the file';
      this.#found('row-missing', { ...about, endMs: segment.endMs, detail }, true);
      this.counts.bytes += segment.bytes;
      return segment;
    } catch (error) {
      return void this.#found('file-damaged', { ...about, detail: error instanceof Error ? error.message : String(error) });
    }
  }

  async #described(about: Omit<Finding, 'kind' | 'repaired'> & { readonly path: string; readonly root: string }): Promise<undefined> {
    const handle = await open(path.join(about.root, about.path));
    try {
      const { fragments, tornBytes } = await scanFile(handle);
      if (fragments.length === 0) this.#found('file-damaged', about);
      else this.#found('row-missing', { ...about, detail: `${fragments.length} whole fragments${tornBytes > 0 ? `, and ${tornBytes} bytes of a torn one` : ''}` });
    } finally {
      await handle.close();
    }
  }

  /** The time before a file: is there footage, or a reason? */
  async #time(camera: string, { startMs, endMs, flags }: { readonly startMs: number; readonly endMs: number; readonly flags: number }): Promise<void> {
    const coveredMs = this.#coveredMs ?? startMs;
    this.#coveredMs = Math.max(coveredMs, endMs);
    if (startMs - coveredMs <= jitterMs) return;
    const gaps = await this.#options.catalog.gapsBetween(camera, coveredMs - jitterMs, startMs + jitterMs);
    let atMs = coveredMs;
    for (const gap of [...gaps, { startMs, endMs: startMs }]) {
      if (gap.startMs - atMs > jitterMs) await this.#unexplained(camera, atMs, gap.startMs, (flags & segmentFlags.continuous) !== 0 && gap.startMs === startMs);
      atMs = Math.max(atMs, Math.min(startMs, gap.endMs ?? startMs));
    }
  }

  async #unexplained(camera: string, startMs: number, endMs: number, isContinued: boolean): Promise<void> {
    const { repair, catalog } = this.#options;
    const detail = isContinued ? 'a file is missing: the next one went on where it ended' : 'nothing is known of this time';
    if (repair) await catalog.save([], [{ camera, startMs, endMs, cause: 'unknown', detail: `${detail} (found by fsck)` }]);
    this.#found('time-unexplained', { camera, startMs, endMs, detail }, repair);
  }

  #found(kind: FindingKind, about: Omit<Finding, 'kind' | 'repaired'>, repaired = false): void {
    this.counts.findings += 1;
    if (repaired) this.counts.repaired += 1;
    this.#options.found({ kind, ...about, repaired });
  }
}
