// Requests and grants of a list, kept up by the server's events.
import { useEffect, useState } from 'react';
import type { AccessRequest, Grant } from '@wanglou/core';
import { useDesk } from '../app/context.ts';
import type { Loaded } from '../app/use-operation.ts';
import { withUpdated } from './request-state.ts';

/** Requests with their grants. */
export interface RequestLists {
  readonly requests: readonly AccessRequest[];
  readonly grants: readonly Grant[];
}

/** Patches what was read with what the events say; `concerns` keeps out what does not belong to the list. */
export function useLiveRequests<T extends RequestLists>(loaded: Loaded<T>, concerns: (request: AccessRequest) => boolean): Loaded<T> & { readonly patch: (changes: { readonly request?: AccessRequest; readonly grant?: Grant | undefined }) => void } {
  const { feed } = useDesk();
  const [data, setData] = useState(loaded.data);
  const { reload } = loaded;
  useEffect(() => setData(loaded.data), [loaded.data]);
  const patch = ({ request, grant }: { readonly request?: AccessRequest; readonly grant?: Grant | undefined }) =>
    setData((lists) => lists && { ...lists, ...(request && { requests: withUpdated(lists.requests, request) }), ...(grant && { grants: withUpdated(lists.grants, grant) }) });
  useEffect(() => {
    // The list may carry more than the event, such as who asks; a request that is new to it is read.
    const note = (request: AccessRequest) => {
      if (!concerns(request)) return;
      setData((lists) => {
        if (lists?.requests.some(({ id }) => id === request.id)) return { ...lists, requests: withUpdated(lists.requests, request) };
        queueMicrotask(reload);
        return lists;
      });
    };
    const stops = [
      feed.on('request', note),
      feed.on('reminder', note),
      feed.on('grant', (grant) => setData((lists) => (lists?.requests.some(({ id }) => id === grant.request) ? { ...lists, grants: withUpdated(lists.grants, grant) } : lists))),
    ];
    return () => stops.forEach((stop) => stop());
  }, [feed, reload, concerns]);
  return { ...loaded, data, patch };
}
