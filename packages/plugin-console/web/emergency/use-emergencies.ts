// Emergencies that concern this person: their own, and those that they are told of.
import { useEffect, useState } from 'react';
import type { Grant, Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { useOperation } from '../app/use-operation.ts';
import { withUpdated } from '../requests/request-state.ts';
import { isOpen } from './open-emergencies.ts';

/** Open emergencies, newest first, and who took them. Reads nothing where the pack knows none. */
export function useOpenEmergencies(): { readonly emergencies: readonly Grant[]; readonly people: readonly Person[] } {
  const { now } = useApp();
  const { campus, session, feed } = useDesk();
  const on = campus.emergency !== undefined;
  const judges = on && session.actions.includes('review');
  const all = useOperation('emergency.list', judges ? {} : undefined);
  const { reload } = all;
  const mine = useOperation('request.list-mine', on && !judges && session.actions.includes('emergency') ? { limit: 20 } : undefined);
  const [told, setTold] = useState<readonly Grant[]>([]);
  useNow(15_000);
  useEffect(() => {
    const note = (grant: Grant) => grant.emergency && setTold((list) => withUpdated(list, grant));
    // Whose it is stands in the list alone.
    const stops = [feed.on('emergency', note), feed.on('emergency', reload), feed.on('grant', note)];
    return () => stops.forEach((stop) => stop());
  }, [feed, reload]);
  const read = all.data?.grants ?? mine.data?.grants ?? [];
  return { emergencies: told.reduce(withUpdated<Grant>, read).filter((grant) => isOpen(grant, now())), people: all.data?.people ?? none };
}

const none: readonly Person[] = [];
