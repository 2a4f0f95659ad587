// Whether a lease pauses for want of presence: said by the server's events, and by the media route with 423.
import { useEffect, useState } from 'react';
import { useDesk } from '../app/context.ts';

/** While it pauses the page asks as often as this whether it goes on, for want of an event. */
const askMs = 5000;

/** A pause and the way to it: the player saw 423. */
export interface PauseWatch {
  readonly paused: boolean;
  readonly onPaused: () => void;
  /** Counts up when it is worth trying again. */
  readonly attempt: number;
}

/** Follows the pauses of a lease. */
export function usePauseWatch(lease: string | undefined): PauseWatch {
  const { feed } = useDesk();
  const [state, setState] = useState({ paused: false, attempt: 0 });
  useEffect(() => {
    setState({ paused: false, attempt: 0 });
    return feed.on('lease-paused', (event) => {
      if (event.lease === lease) setState(({ attempt }) => ({ paused: event.paused, attempt: event.paused ? attempt : attempt + 1 }));
    });
  }, [feed, lease]);
  useEffect(() => {
    if (!state.paused || lease === undefined) return undefined;
    // Any path under the lease answers 423 while it pauses; 404 would do as well to know that it goes on.
    const ask = async () => {
      const response = await fetch(`/media/${encodeURIComponent(lease)}/index.m3u8`, { credentials: 'same-origin', cache: 'no-store' }).catch(() => undefined);
      if (response?.ok) setState(({ attempt }) => ({ paused: false, attempt: attempt + 1 }));
    };
    const timer = setInterval(() => void ask(), askMs);
    return () => clearInterval(timer);
  }, [state.paused, lease]);
  const [onPaused] = useState(() => () => setState(({ attempt }) => ({ paused: true, attempt })));
  return { ...state, onPaused };
}
