// Supervises a worker without an index, since the index of the folder is held by the test itself.
import path from 'node:path';
import { WorkerSupervisor } from '../../src/worker/supervisor.ts';

/** Records `url` as the camera `east-gate` below `folder`, whose disk a recorder of the test made. */
export function nativeWorkerProbe(folder: string, url: string): { readonly fragments: number; processIds(): number[] } {
  const disk = { id: 'disk1', root: path.join(folder, 'recordings') };
  let fragments = 0;
  const supervisor = new WorkerSupervisor({
    settings: { disks: [disk], fragmentMs: 500, segmentMs: 60_000, sync: 'none', queueBytes: 8 * 1024 * 1024, tickMs: 20, silenceMs: 5_000 },
    workers: 1, random: () => 0.5, indexed: async () => undefined, onWorkerLost: () => {},
    onEvent: (event) => {
      if (event.type === 'fragment') fragments += 1;
    },
  });
  supervisor.add({ id: 'east-gate', url, disk });
  return {
    get fragments() {
      return fragments;
    },
    processIds: () => supervisor.processIds,
  };
}
