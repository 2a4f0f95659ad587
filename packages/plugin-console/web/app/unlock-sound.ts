// Browsers let pictures have sound only after a gesture. Call this inside of one.
let context: AudioContext | undefined;

/** Opens sound for the rest of the page's life. */
export function unlockSound(): void {
  context ??= new AudioContext();
  void context.resume().catch(() => undefined);
}
