// Arrow keys, Home and End go from card to card and from row to row.
import { useCallback, type KeyboardEvent } from 'react';

const steps: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => Math.min(index + 1, count - 1),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Where a key leads from an item of a list; nothing when the key leads nowhere. */
export function nextIndex(key: string, index: number, count: number): number | undefined {
  return steps[key]?.(index, count);
}

/** A key handler for a list whose items can be focused. Keys inside of a control belong to the control. */
export function useCardKeys(): (event: KeyboardEvent<HTMLElement>) => void {
  return useCallback((event) => {
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>(':scope > [tabindex]')];
    const index = items.indexOf(event.target as HTMLElement);
    const next = index === -1 ? undefined : nextIndex(event.key, index, items.length);
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  }, []);
}
