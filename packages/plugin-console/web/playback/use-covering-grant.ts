// The grant under which footage plays, with its request: its clocks stand beside the lease's, and a visit brings its presence.
import { useEffect } from 'react';
import type { AccessRequest, Grant } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { coveringGrant, type Footage } from '../requests/grant-state.ts';

/** A grant and what was asked; the request is absent for an emergency. */
export interface Covered {
  readonly grant: Grant;
  readonly request: AccessRequest | undefined;
}

/** Reads one's own grants and chooses the one that covers the footage. `round` reads anew: the first use starts a clock. */
export function useCoveringGrant(footage: Footage | undefined, round: unknown): Covered | undefined {
  const { now } = useApp();
  const { feed, session } = useDesk();
  const mayAsk = session.actions.includes('request');
  const mine = useOperation('request.list-mine', mayAsk ? { limit: 100 } : undefined);
  const { reload } = mine;
  useEffect(() => {
    if (round !== undefined) reload();
  }, [round, reload]);
  useEffect(() => feed.on('grant', ({ holder }) => holder === session.person.id && reload()), [feed, session.person.id, reload]);
  const grant = footage && mine.data && coveringGrant(mine.data.grants, footage, now());
  return grant && { grant, request: mine.data?.requests.find(({ id }) => id === grant.request) };
}
