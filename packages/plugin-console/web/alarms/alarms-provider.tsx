// The open alarms, wherever the person is in the console: read once, kept by the server's events, said to be shown, and heard.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Alarm } from '@wanglou/core';
import type { Problem } from '../api/problem.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { muteMs, repeatMs, soundAlarm } from './alarm-sound.ts';
import { byUrgency, isLoud, withChanged, withNewest } from './urgency.ts';

/** The alarms of the desk. */
export interface AlarmDesk {
  /** The most urgent first. */
  readonly alarms: readonly Alarm[];
  /** Why they could not be read. */
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
  /** Takes over what an act answered, before the server's event comes. */
  readonly took: (alarm: Alarm) => void;
  /** Silences one alarm for a minute; others go on. */
  readonly mute: (alarm: string) => void;
  readonly isMuted: (alarm: string) => boolean;
}

const AlarmContext = createContext<AlarmDesk | undefined>(undefined);

/** The alarms; inside of {@link AlarmsProvider}. */
export function useAlarms(): AlarmDesk {
  const desk = useContext(AlarmContext);
  if (!desk) throw new Error('there are no alarms here');
  return desk;
}

/** Provides them. */
export function AlarmsProvider({ children }: { readonly children: ReactNode }) {
  const { client, now } = useApp();
  const { session, feed } = useDesk();
  const loaded = useOperation('alarm.list', session.actions.includes('view') ? {} : undefined);
  const { reload, data, problem, loading } = loaded;
  const [changes, setChanges] = useState<readonly Alarm[]>([]);
  const [mutedUntilMs, setMuted] = useState<ReadonlyMap<string, number>>(new Map());
  const took = useCallback((alarm: Alarm) => setChanges((list) => withNewest(list, alarm)), []);
  useEffect(() => {
    const stops = [feed.on('alarm', took), feed.on('connection', ({ open }) => open && reload())];
    return () => stops.forEach((stop) => stop());
  }, [feed, reload, took]);
  // What was read is newer than the changes before it, and older than those after: the number of steps tells.
  const alarms = useMemo(() => changes.reduce(withChanged, data?.alarms ?? []).toSorted(byUrgency), [changes, data]);
  const isMuted = useCallback((id: string) => (mutedUntilMs.get(id) ?? 0) > now(), [mutedUntilMs, now]);
  const mute = useCallback((id: string) => setMuted((before) => new Map([...before, [id, now() + muteMs]])), [now]);

  const fresh = session.onDuty ? alarms.find(({ state }) => state === 'received')?.id : undefined;
  useEffect(() => {
    if (fresh !== undefined) void client.call('alarm.show', { alarm: fresh }).then(took, () => undefined); // The next change tries again.
  }, [client, fresh, took]);

  useEffect(() => {
    if (!session.onDuty) return undefined;
    const sound = () => {
      const loud = alarms.find((alarm) => isLoud(alarm) && !isMuted(alarm.id));
      if (loud) soundAlarm(loud.priority === 'fire');
    };
    sound();
    const timer = setInterval(sound, repeatMs);
    return () => clearInterval(timer);
  }, [alarms, isMuted, session.onDuty]);

  const desk = useMemo<AlarmDesk>(() => ({ alarms, problem, loading, reload, took, mute, isMuted }), [alarms, problem, loading, reload, took, mute, isMuted]);
  return <AlarmContext.Provider value={desk}>{children}</AlarmContext.Provider>;
}
