// Makes no file where the disk is not: below its mount point lies the system disk, which a pulled disk must not fill.
import type { RecordingFileSystem } from '../segment/file-system.ts';
import { readDiskMarker } from './disk-marker.ts';

/** Looks for the mark of the disk before each new file; rejects with `ENODEV` when another disk is there, or none. */
export function markedFileSystem(fileSystem: RecordingFileSystem): RecordingFileSystem {
  return {
    async create(disk, relative) {
      if ((await readDiskMarker(disk.root)) !== disk.id) throw Object.assign(new Error(`disk ${disk.id} is not at ${disk.root}`), { code: 'ENODEV' });
      return fileSystem.create(disk, relative);
    },
    remove: (disk, relative) => fileSystem.remove(disk, relative),
  };
}
