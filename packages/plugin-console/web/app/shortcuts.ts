// Keyboard shortcuts of the whole page: `?`, and `g` followed by a letter.
import { useEffect, useRef } from 'react';

/** What a key means. */
export interface Shortcut {
  /** Keys in order, such as `g w` or `?`. */
  readonly keys: string;
  readonly run: () => void;
}

/** A second key counts for this long after the first. */
const sequenceMs = 1200;

/** The keys seen so far, for {@link nextKeys}. */
export interface KeysSoFar {
  readonly keys: string;
  readonly atMs: number;
}

/** Adds a key to those before it; forgets them when they are too old or lead nowhere. */
export function nextKeys(before: KeysSoFar | undefined, key: string, atMs: number, shortcuts: readonly string[]): KeysSoFar | undefined {
  const joined = before && atMs - before.atMs <= sequenceMs ? `${before.keys} ${key}` : key;
  for (const keys of [joined, key]) {
    if (shortcuts.some((shortcut) => shortcut === keys || shortcut.startsWith(`${keys} `))) return { keys, atMs };
  }
  return undefined;
}

/** Whether a key belongs to what the person types rather than to the page. An input method composes with code 229. */
export function isTyping(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode' | 'ctrlKey' | 'metaKey' | 'altKey'>, target: Pick<Element, 'closest'> | null): boolean {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return true;
  return target?.closest('input, textarea, select, [contenteditable], dialog') !== null && target !== null;
}

/** Listens for shortcuts while mounted. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let soFar: KeysSoFar | undefined;
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event, event.target instanceof Element ? event.target : null)) return;
      soFar = nextKeys(soFar, event.key, event.timeStamp, latest.current.map(({ keys }) => keys));
      const hit = latest.current.find(({ keys }) => keys === soFar?.keys);
      if (!hit) return;
      event.preventDefault();
      soFar = undefined;
      hit.run();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
