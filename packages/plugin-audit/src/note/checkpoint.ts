// The text that a checkpoint signs. C2SP tlog-checkpoint.

/** Text of a checkpoint: origin, size, root. */
export function checkpointText(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** A signed note: its text and its signature lines. */
export function signedNote(text: string, lines: readonly string[]): string {
  return `${text}\n${lines.join('')}`;
}

/** Size in a checkpoint of our own, 0 for what is none. */
export function sizeOf(note: string): number {
  const size = Number(note.split('\n')[1]);
  return Number.isSafeInteger(size) ? size : 0;
}
