// The campus's cameras and how their recording goes, read once and kept up by the server's events.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { CameraSummary, RecordingHealth, RecordingStatus } from '@wanglou/core';
import type { Problem } from '../api/problem.ts';
import { useDesk, useWords } from './context.ts';
import { useOperation } from './use-operation.ts';

/** What is known of all cameras. */
export interface Cameras {
  /** `undefined` while they are read for the first time. */
  readonly list: readonly CameraSummary[] | undefined;
  readonly statuses: ReadonlyMap<string, RecordingStatus>;
  readonly healths: ReadonlyMap<string, RecordingHealth>;
  readonly problem: Problem | undefined;
  readonly reload: () => void;
  /** Name of a camera in the reader's language, or its id. */
  name(id: string): string;
}

const CamerasContext = createContext<Cameras | undefined>(undefined);

/** What is known of all cameras. */
export function useCameras(): Cameras {
  const cameras = useContext(CamerasContext);
  if (!cameras) throw new Error('useCameras is used outside of a signed-in page');
  return cameras;
}

/** Keeps the cameras for the pages below. */
export function CamerasProvider({ children }: { readonly children: ReactNode }) {
  const { feed } = useDesk();
  const words = useWords();
  const listed = useOperation('camera.list', {});
  const recorded = useOperation('recording.status', listed.data && {});
  const examined = useOperation('recording.health', listed.data && {});
  const [changedCameras, setChangedCameras] = useState<ReadonlyMap<string, CameraSummary>>(new Map());
  const [changedStatuses, setChangedStatuses] = useState<ReadonlyMap<string, RecordingStatus>>(new Map());
  const [changedHealths, setChangedHealths] = useState<ReadonlyMap<string, RecordingHealth>>(new Map());
  const { reload: reloadList } = listed;
  const { reload: reloadStatuses } = recorded;
  const { reload: reloadHealths } = examined;

  useEffect(() => {
    let missed = false;
    const stops = [
      feed.on('camera', (camera) => setChangedCameras((map) => new Map(map).set(camera.info.id, camera))),
      feed.on('recording', (status) => setChangedStatuses((map) => new Map(map).set(status.camera, status))),
      feed.on('health', (health) => setChangedHealths((map) => new Map(map).set(health.camera, health))),
      feed.on('connection', ({ open }) => {
        if (open && missed) {
          setChangedCameras(new Map());
          setChangedStatuses(new Map());
          setChangedHealths(new Map());
          reloadList();
          reloadStatuses();
          reloadHealths();
        }
        missed = !open;
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [feed, reloadList, reloadStatuses, reloadHealths]);

  const value = useMemo<Cameras>(() => {
    const list = listed.data && mergeCameras(listed.data.cameras, changedCameras);
    const statuses = new Map([...(recorded.data?.statuses ?? []).map((status) => [status.camera, status] as const), ...changedStatuses]);
    const healths = new Map([...(examined.data?.healths ?? []).map((health) => [health.camera, health] as const), ...changedHealths]);
    const name = (id: string) => {
      const camera = list?.find(({ info }) => info.id === id);
      return camera ? words.text(camera.info.name) : id;
    };
    return { list, statuses, healths, problem: listed.problem, reload: reloadList, name };
  }, [listed.data, listed.problem, recorded.data, examined.data, changedCameras, changedStatuses, changedHealths, words, reloadList]);
  return <CamerasContext.Provider value={value}>{children}</CamerasContext.Provider>;
}

function mergeCameras(listed: readonly CameraSummary[], changed: ReadonlyMap<string, CameraSummary>): readonly CameraSummary[] {
  const known = new Set(listed.map(({ info }) => info.id));
  return [...listed.map((camera) => changed.get(camera.info.id) ?? camera), ...[...changed.values()].filter(({ info }) => !known.has(info.id))];
}
