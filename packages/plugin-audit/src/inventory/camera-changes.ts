// Which cameras came, went, or are other devices than before. Article 12(5).
import { isDeepStrictEqual } from 'node:util';
import type { CameraInfo } from '@wanglou/core';

/** One change, as it stands in the log. */
export interface CameraChange {
  readonly kind: 'camera.added' | 'camera.changed' | 'camera.removed';
  readonly info: CameraInfo;
}

/**
 * What changed. A camera that is offline tells less of itself than before; that is no change.
 *
 * @param missing cameras that were not there last time either: only they are gone
 */
export function cameraChanges(known: ReadonlyMap<string, CameraInfo>, now: readonly CameraInfo[], missing: ReadonlySet<string>): readonly CameraChange[] {
  const changes: CameraChange[] = [];
  for (const info of now) {
    const before = known.get(info.id);
    if (!before) changes.push({ kind: 'camera.added', info });
    else if (differs(before, info)) changes.push({ kind: 'camera.changed', info: { ...before, ...info } });
  }
  for (const id of missing) {
    const info = known.get(id);
    if (info && !now.some((other) => other.id === id)) changes.push({ kind: 'camera.removed', info });
  }
  return changes;
}

function differs(before: CameraInfo, now: CameraInfo): boolean {
  return Object.entries(now).some(([name, value]) => value !== undefined && !isDeepStrictEqual(value, before[name as keyof CameraInfo]));
}
