// A value that stopped changing: what is asked of the server while somebody types.
import { useEffect, useState } from 'react';

/** The value, once it has not changed for a while. Compared by its JSON, so that equal objects are one. */
export function useSettled<T>(value: T, settleMs: number): T {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
    // `key` stands for `value`, which may be another object on every render.
  }, [key, settleMs]);
  return settled;
}
