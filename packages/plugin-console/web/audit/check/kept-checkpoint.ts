// The checkpoint that this browser has kept since its last check: a log that is set back or rewritten no longer continues it.

/** What is kept. */
export interface KeptCheckpoint {
  /** The signed note. */
  readonly note: string;
  readonly size: number;
  /** When this browser checked it. */
  readonly atMs: number;
}

/** Name of the setting. */
export const keptSetting = 'audit-checkpoint';

/** Reads what was kept; anything else counts as nothing. */
export function parseKept(stored: string | null): KeptCheckpoint | undefined {
  try {
    const { note, size, atMs } = JSON.parse(stored ?? '') as Partial<Record<keyof KeptCheckpoint, unknown>>;
    return typeof note === 'string' && note !== '' && Number.isSafeInteger(size) && Number.isSafeInteger(atMs) ? { note, size: size as number, atMs: atMs as number } : undefined;
  } catch {
    // Nothing was kept, or something that is no checkpoint.
    return undefined;
  }
}
