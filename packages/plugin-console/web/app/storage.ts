// Small settings kept per browser. A browser that keeps nothing still works.

/** Reads a setting. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(`wanglou.${name}`);
  } catch {
    // Storage is closed by the browser's settings: the default is used.
    return null;
  }
}

/** Keeps a setting; `undefined` forgets it. */
export function keepSetting(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`wanglou.${name}`);
    else localStorage.setItem(`wanglou.${name}`, value);
  } catch {
    // As above: the choice lasts until the page is closed.
  }
}
