// The disks of recordings: which are there, which camera records to which, and where the files of each lie.
import path from 'node:path';
import type { DiskProblem } from '../segment/segment-writer.ts';
import type { DiskBook, KnownDisk } from './disk-book.ts';
import { readDiskMarker } from './disk-marker.ts';
import { Disk, type DiskSpace, type DiskState, type MountedDisk } from './disk-state.ts';
import { mountDisk, spaceOf } from './mount-disk.ts';
import type { RecordingDisk } from './recording-disk.ts';

/** What {@link Disks} work with. */
export interface DisksOptions {
  /** Absolute folders, the first one first. */
  readonly folders: readonly string[];
  readonly book: DiskBook;
  /** A new id: lower-case letters and digits. */
  readonly newId: () => string;
  readonly now: () => number;
  readonly space?: (folder: string) => Promise<DiskSpace>;
  readonly warning: (message: string, cause?: unknown) => void;
  /** A disk is in another condition than before; `moved` cameras went to other disks. */
  readonly changed?: (disk: DiskState, moved: readonly CameraMove[]) => void;
}

/** A camera and the disk to which it goes. */
export interface CameraMove {
  readonly camera: string;
  readonly disk: RecordingDisk;
}

/** A disk that holds files which may be missing in the index, from that time on. */
export interface UnsearchedDisk extends RecordingDisk {
  readonly searchMs: number;
}

/** Nearly full disks give away so much of their cameras at a time: the others must be able to follow. */
const relievedShare = 1 / 8;
/** A disk to which cameras go over has so many times the reserve. */
const roomyTimes = 2;
/** With less than this a full disk stays full, whatever the reserve. */
const leastBytes = 64 * 1024 * 1024;
/** Longest wait for a disk that is asked. */
const answerMs = 5_000;

/** All disks of one recorder. */
export class Disks {
  readonly #options: DisksOptions;
  readonly #disks: readonly Disk[];
  readonly #homes: Map<string, string>;
  /** Disk of files that say none. */
  readonly #first: string;
  readonly #rootOf: ReadonlyMap<string, string>;
  readonly #searchMs: Map<string, number>;
  readonly #asked = new Set<Disk>();
  /** Disks of which it was told that they cannot be asked. */
  readonly #silent = new Set<Disk>();
  #reserveBytes = leastBytes;

  private constructor(options: DisksOptions, disks: readonly Disk[], known: readonly KnownDisk[], homes: ReadonlyMap<string, string>) {
    this.#options = options;
    this.#disks = disks;
    this.#homes = new Map(homes);
    this.#first = known.find(({ isFirst }) => isFirst)?.id ?? '';
    this.#rootOf = new Map([...known, ...disks].flatMap(({ id, root }) => (id === undefined ? [] : [[id, root] as const])));
    this.#searchMs = new Map(known.flatMap(({ id, searchMs }) => (searchMs === undefined ? [] : [[id, searchMs] as const])));
  }

  /** Looks which disks are there; a folder that never was one becomes one. Settles also when some, or all, cannot be used. */
  static async open(options: DisksOptions): Promise<Disks> {
    const { folders, book, now, newId, warning } = options;
    const disks: Disk[] = [];
    for (const root of folders) {
      const known = await book.disks();
      const hangs: MountedDisk = { root, condition: 'failed', problem: { code: 'DISK_HANGS', message: `the disk at ${root} does not answer; check the disk and its cable` } };
      const mounted = await Promise.race([mountDisk(root, { known, others: disks, newId, now }), patience().then(() => hangs)]);
      if (mounted.problem !== undefined) warning(`nothing is recorded to ${root}: ${mounted.problem.message}`);
      else if (mounted.id !== undefined) await book.remember({ id: mounted.id, root, isFirst: known.length === 0 }, now());
      disks.push(new Disk(mounted));
    }
    const opened = new Disks(options, disks, await book.disks(), await book.homes());
    await opened.#measure();
    return opened;
  }

  /** All of them, as they are now. */
  get states(): readonly DiskState[] {
    return this.#disks.map(({ state }) => state);
  }

  /** Those that take recordings, or will when they are back. */
  get all(): readonly RecordingDisk[] {
    return this.#disks.flatMap(({ id, root }) => (id === undefined ? [] : [{ id, root }]));
  }

  /** Disks that take recordings. */
  get usable(): readonly RecordingDisk[] {
    return this.#disks.flatMap((disk) => (disk.isUsable() ? [{ id: disk.id, root: disk.root }] : []));
  }

  /** Disks that are here and are still to be searched. */
  get unsearched(): readonly UnsearchedDisk[] {
    return this.usable.flatMap((disk) => {
      const searchMs = this.#searchMs.get(disk.id);
      return searchMs === undefined ? [] : [{ ...disk, searchMs }];
    });
  }

  /** The absolute folder of a disk. That of a disk which does not answer, or is not configured any more, holds nothing. */
  rootOf(disk: string | undefined): string {
    const id = disk ?? this.#first;
    const found = this.#find(id);
    const root = found?.isReadable === false ? undefined : this.#rootOf.get(id);
    return root ?? path.join(this.#disks.find((one) => one.isUsable())?.root ?? path.sep, `.no-disk-${id}`);
  }

  /** Whether files of a disk can be told from files that are gone. */
  isPresent(disk: string | undefined): boolean {
    const found = this.#find(disk ?? this.#first);
    return found?.isReadable === true && found.state.condition !== 'failed';
  }

  /** The disk of a camera: the one that it has, its home, or the one with the most room for each of its cameras, which is its home from now on. */
  assign(camera: string): RecordingDisk | undefined {
    const current = this.#disks.find(({ cameras }) => cameras.has(camera));
    const disk = current ?? this.#disks.find((one) => one.isUsable() && one.id === this.#homes.get(camera)) ?? this.#roomiest() ?? this.#disks.find(({ id }) => id !== undefined);
    if (disk?.id === undefined) return undefined;
    disk.cameras.add(camera);
    if (!this.#homes.has(camera)) this.#setHome(camera, disk.id);
    return { id: disk.id, root: disk.root };
  }

  /** A camera is not recorded any more. Its home stays. */
  release(camera: string): void {
    for (const disk of this.#disks) disk.cameras.delete(camera);
  }

  /**
   * A disk refused data of a camera. All cameras of a disk that failed or is gone go to others, and come home after a restart; of a full
   * one, this camera goes, for good. Where no other disk is left they stay, and try again and again.
   */
  refused(id: string, camera: string, problem: DiskProblem): readonly CameraMove[] {
    const disk = this.#find(id);
    if (disk === undefined || problem.code === 'DISK_SLOW') return [];
    const isNew = disk.refuse(problem);
    const isFull = problem.code === 'DISK_FULL';
    const moves = this.#moveAway(disk, isFull ? [camera] : [...disk.cameras], isFull ? this.#reserveBytes : 0, isFull);
    if (isNew || moves.length > 0) this.#options.changed?.(disk.state, moves);
    return moves;
  }

  /** Cameras of disks on which only the reserve is left go over, a few at a time, to disks with more. */
  relieve(): readonly CameraMove[] {
    return this.#disks.flatMap((disk) => {
      if (disk.space === undefined || disk.hasMoreThan(this.#reserveBytes)) return [];
      return this.#moveAway(disk, [...disk.cameras].slice(0, Math.ceil(disk.cameras.size * relievedShare)), this.#reserveBytes * roomyTimes, true);
    });
  }

  /** A file that began then lies on a disk without being in the index: it is to be searched for. */
  leftBehind(id: string, startMs: number): void {
    this.#searchMs.set(id, Math.min(startMs, this.#searchMs.get(id) ?? startMs));
    this.#options.book.searchFrom(id, startMs).catch((error: unknown) => this.#options.warning(`it could not be noted that disk ${id} holds a file that is not in the index; run wanglou recorder fsck`, error));
  }

  /** A disk was searched; unless something was left behind since. */
  async searched({ id, searchMs }: UnsearchedDisk): Promise<void> {
    if (this.#searchMs.get(id) === searchMs) this.#searchMs.delete(id);
    await this.#options.book.searched(id, searchMs);
  }

  /** A disk took data of a camera that never left it. */
  accepted(id: string): void {
    const disk = this.#find(id);
    if (disk !== undefined && disk.cameras.size > 0) this.#recover(disk);
  }

  /**
   * Looks which disks are back and how much room there is on all together. A disk that does not answer keeps its last word, and is not
   * asked again before it answered. Rejects when nothing is known of any.
   * @param reserveBytes - what stays free on each disk while there is a choice
   */
  async look(reserveBytes: number): Promise<DiskSpace> {
    this.#reserveBytes = Math.max(leastBytes, reserveBytes);
    await this.#measure();
    const known = this.#disks.filter(({ state: { condition } }) => condition === 'healthy' || condition === 'full').flatMap(({ space }) => space ?? []);
    if (known.length === 0) throw new Error(`none of the disks at ${this.#disks.map(({ root }) => root).join(', ')} answers`);
    return { freeBytes: known.reduce((sum, { freeBytes }) => sum + freeBytes, 0), totalBytes: known.reduce((sum, { totalBytes }) => sum + totalBytes, 0) };
  }

  async #measure(): Promise<void> {
    await Promise.all(this.#disks.map((disk) => Promise.race([this.#lookAt(disk), patience()])));
  }

  async #lookAt(disk: Disk): Promise<void> {
    if (this.#asked.has(disk) || disk.id === undefined) return;
    this.#asked.add(disk);
    try {
      if (disk.isAway && (await readDiskMarker(disk.root)) === disk.id) this.#recover(disk);
      if (!disk.isReadable) return;
      disk.space = await (this.#options.space ?? spaceOf)(disk.root);
      this.#silent.delete(disk);
      if (disk.state.condition === 'full' && disk.hasMoreThan(this.#reserveBytes)) this.#recover(disk);
    } catch (error) {
      // Its last word stands: of a disk that cannot be asked nothing follows.
      if (!this.#silent.has(disk)) this.#options.warning(`the disk at ${disk.root} cannot be asked how much room it has`, error);
      this.#silent.add(disk);
    } finally {
      this.#asked.delete(disk);
    }
  }

  #recover(disk: Disk): void {
    if (disk.recover()) this.#options.changed?.(disk.state, []);
  }

  /** @param isForGood - also after a restart */
  #moveAway(disk: Disk, cameras: readonly string[], moreThanBytes: number, isForGood: boolean): readonly CameraMove[] {
    return cameras.flatMap((camera) => {
      const target = disk.cameras.has(camera) ? this.#roomiest(disk) : undefined;
      if (target?.hasMoreThan(moreThanBytes) !== true) return [];
      disk.cameras.delete(camera);
      target.cameras.add(camera);
      if (isForGood) this.#setHome(camera, target.id);
      return [{ camera, disk: { id: target.id, root: target.root } }];
    });
  }

  #find(id: string): Disk | undefined {
    return this.#disks.find((one) => one.id === id);
  }

  /** Room is counted for each camera, so that large and small disks are full at the same time. */
  #roomiest(except?: Disk): (Disk & RecordingDisk) | undefined {
    const room = ({ space, cameras }: Disk): number => (space?.freeBytes ?? 0) / (cameras.size + 1);
    let best: (Disk & RecordingDisk) | undefined;
    for (const disk of this.#disks) if (disk !== except && disk.isUsable() && (best === undefined || room(disk) > room(best))) best = disk;
    return best;
  }

  #setHome(camera: string, disk: string): void {
    this.#homes.set(camera, disk);
    this.#options.book.setHome(camera, disk).catch((error: unknown) => this.#options.warning(`the disk of camera ${camera} could not be remembered; after a restart it may get another one`, error));
  }
}

/** A disk that hangs does not hold up the look at the others. */
function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, answerMs).unref());
}
