// The time, again and again.
import { useEffect, useState } from 'react';
import { useApp } from './context.ts';

/** The server's time, renewed every `periodMs`. */
export function useNow(periodMs: number): number {
  const { now } = useApp();
  const [atMs, setAtMs] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAtMs(now()), periodMs);
    return () => clearInterval(timer);
  }, [now, periodMs]);
  return atMs;
}
