// Keeps the cameras of the campus in the log: what came, what went, what was exchanged.
import { cameras, type CameraInfo } from '@wanglou/core';
import { cameraChanges } from '../inventory/camera-changes.ts';
import { ownEntry } from './own-entry.ts';
import type { AuditParts } from './parts.ts';

const periodMs = 60_000;
/** In one commit. */
const changesAtOnce = 500;

/** Compares once a minute. The first time comes late enough for plugins to have brought their cameras. */
export function watchCameras({ ctx, index, log }: AuditParts): void {
  let missing: ReadonlySet<string> = new Set();
  let running: Promise<void> | undefined;
  const compare = async () => {
    const known = await index.knownCameras();
    const now: readonly CameraInfo[] = ctx.contributions(cameras).map(({ info }) => info);
    const changes = cameraChanges(known, now, missing);
    const present = new Set(now.map(({ id }) => id));
    missing = new Set([...known.keys()].filter((id) => !present.has(id)));
    for (let start = 0; start < changes.length; start += changesAtOnce) {
      await log.appendAll(changes.slice(start, start + changesAtOnce).map(({ kind, info }) => ({ ...ownEntry(kind, ctx.clock.now(), { ...info }), resource: { cameras: [info.id] } })));
    }
  };
  ctx.defer(
    ctx.clock.every(periodMs, () => {
      running ??= compare()
        .catch((error: unknown) => ctx.log.warn({ err: error }, 'the cameras could not be compared with the log; it is tried again in a minute'))
        .finally(() => (running = undefined));
    }),
  );
}
