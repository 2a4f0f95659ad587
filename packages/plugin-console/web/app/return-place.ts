// The identity provider sends people back to `/`; this brings them to where they were.
const name = 'wanglou.return';
/** Older than this, it belongs to another errand. */
const keptMs = 600_000;

/** Keeps where the reader is, before the page is left. */
export function rememberPlace(): void {
  try {
    sessionStorage.setItem(name, JSON.stringify({ address: location.pathname + location.search, atMs: Date.now() }));
  } catch {
    // Storage is closed: they come back to the first page.
  }
}

/** Where the reader was, once; only addresses of this site. */
export function takePlace(): string | undefined {
  try {
    const kept = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return readPlace(kept, Date.now());
  } catch {
    return undefined;
  }
}

/** Reads what was kept. `//host` would lead to another site, and an error of the last try is over. */
export function readPlace(kept: string | null, nowMs: number): string | undefined {
  if (!kept) return undefined;
  const { address, atMs } = JSON.parse(kept) as { readonly address?: unknown; readonly atMs?: unknown };
  if (typeof address !== 'string' || typeof atMs !== 'number' || nowMs - atMs > keptMs) return undefined;
  return /^\/[^/\\]/.test(address) && !address.includes('sign-in-error') ? address : undefined;
}
