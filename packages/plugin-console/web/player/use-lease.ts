// A media lease in a page: opened, watched, cut at once when the server says so, given back when the page goes.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MediaLease } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { asProblem, type Problem } from '../api/problem.ts';

/** How a lease stands. */
export type LeaseState<T extends MediaLease> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly lease: T }
  /** It was not opened: a denial, or the camera has no picture. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** It was open and is over; `reason` is the server's word, such as `revoked`. */
  | { readonly kind: 'ended'; readonly reason: string };

/** A lease and what can be done with it. */
export interface HeldLease<T extends MediaLease> {
  readonly state: LeaseState<T>;
  /** Opens it anew. */
  readonly reopen: () => void;
  /** The player learnt that it is over. */
  readonly end: (reason: string) => void;
}

/**
 * Holds a lease for as long as `key` stays the same; `undefined` holds none.
 * A new key gives the old lease back and opens another.
 */
export function useLease<T extends MediaLease>(key: string | undefined, open: (signal: AbortSignal) => Promise<T>): HeldLease<T> {
  const { client, now } = useApp();
  const { feed } = useDesk();
  const [state, setState] = useState<LeaseState<T>>({ kind: 'idle' });
  const [round, setRound] = useState(0);
  const openNow = useRef(open);
  openNow.current = open;
  const endNow = useRef<(reason: string) => void>(() => undefined);

  useEffect(() => {
    if (key === undefined) {
      setState({ kind: 'idle' });
      return undefined;
    }
    const controller = new AbortController();
    let held: T | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const finish = (reason: string) => {
      if (!held) return;
      held = undefined;
      clearTimeout(timer);
      setState({ kind: 'ended', reason });
    };
    endNow.current = finish;
    const stop = feed.on('lease', ({ lease, reason }) => {
      if (lease === held?.lease) finish(reason);
    });
    const giveBack = () => held && client.release(held.lease);
    setState({ kind: 'opening' });
    openNow.current(controller.signal).then(
      (lease) => {
        if (controller.signal.aborted) {
          client.release(lease.lease);
          return;
        }
        held = lease;
        timer = setTimeout(() => finish('expired'), Math.max(0, Math.min(lease.expiresMs - now(), 2 ** 31 - 1)));
        setState({ kind: 'open', lease });
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setState({ kind: 'refused', problem: asProblem(error) });
      },
    );
    addEventListener('pagehide', giveBack);
    return () => {
      controller.abort();
      stop();
      clearTimeout(timer);
      removeEventListener('pagehide', giveBack);
      giveBack();
    };
  }, [client, feed, key, now, round]);

  const reopen = useCallback(() => setRound((count) => count + 1), []);
  const end = useCallback((reason: string) => endNow.current(reason), []);
  return { state, reopen, end };
}
