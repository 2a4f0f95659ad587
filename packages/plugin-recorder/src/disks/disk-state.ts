// How one disk is, as far as it is known.
import type { DiskProblem } from '../segment/segment-writer.ts';
import type { RecordingDisk } from './recording-disk.ts';

/** Room on a disk. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/**
 * `full`: it takes no more for now. `missing`: it was here before and is not there. `failed`: it refuses or hangs; not used again before
 * a restart.
 */
export type DiskCondition = 'healthy' | 'full' | 'failed' | 'missing';

/** A disk as it is now. */
export interface DiskState {
  /** Absent for a folder that never was a disk and could not be made one. */
  readonly id?: string;
  readonly root: string;
  readonly condition: DiskCondition;
  readonly problem?: DiskProblem;
  readonly space?: DiskSpace;
  /** Cameras that record to it now. */
  readonly cameras: readonly string[];
}

/** What was found at a folder. */
export type MountedDisk = Pick<DiskState, 'id' | 'root' | 'problem'> & { readonly condition: Exclude<DiskCondition, 'full'> };

/** A disk and what happens to it. */
export class Disk {
  readonly id: string | undefined;
  readonly root: string;
  readonly cameras = new Set<string>();
  space: DiskSpace | undefined;
  #condition: DiskCondition;
  #problem: DiskProblem | undefined;

  constructor({ id, root, condition, problem }: MountedDisk) {
    this.id = id;
    this.root = root;
    this.#condition = condition;
    this.#problem = problem;
  }

  get state(): DiskState {
    const { id, root, space } = this;
    return { root, condition: this.#condition, cameras: [...this.cameras], ...(id !== undefined && { id }), ...(this.#problem && { problem: this.#problem }), ...(space && { space }) };
  }

  /** Takes recordings of cameras that have none yet. */
  isUsable(): this is Disk & RecordingDisk {
    return this.id !== undefined && this.#condition === 'healthy';
  }

  /** What lies on it can be read, as far as is known. */
  get isReadable(): boolean {
    return this.#condition !== 'missing' && this.#problem?.code !== 'DISK_HANGS';
  }

  /** It is not mounted, and counts again when it is. */
  get isAway(): boolean {
    return this.id !== undefined && this.#condition === 'missing';
  }

  /** Whether more than so much is free. */
  hasMoreThan(bytes: number): boolean {
    return this.space === undefined || this.space.freeBytes > bytes;
  }

  /** True when that is news. */
  refuse(problem: DiskProblem): boolean {
    const condition = problem.code === 'DISK_FULL' ? 'full' : problem.code === 'DISK_GONE' ? 'missing' : 'failed';
    if (this.#condition === condition || this.#condition === 'missing' || this.#condition === 'failed') return false;
    this.#condition = condition;
    this.#problem = problem;
    if (condition === 'missing') this.space = undefined;
    return true;
  }

  /** It took data again, has room again, or is back. True when that is news. */
  recover(): boolean {
    if (this.#condition === 'healthy') return false;
    this.#condition = 'healthy';
    this.#problem = undefined;
    return true;
  }
}
