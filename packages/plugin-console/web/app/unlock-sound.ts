// Browsers let a page have sound only after a gesture. Call `unlockSound` inside of one.
let context: AudioContext | undefined;

/** Opens sound for the rest of the page's life. */
export function unlockSound(): void {
  context ??= new AudioContext();
  void context.resume().catch(() => undefined);
}

/** Sounds a tone in a while; nothing before sound was opened. */
export function tone(hertz: number, afterSeconds: number, seconds: number): void {
  if (context?.state !== 'running') return;
  const [source, volume] = [context.createOscillator(), context.createGain()];
  const startSeconds = context.currentTime + afterSeconds;
  source.frequency.value = hertz;
  volume.gain.setValueAtTime(0.25, startSeconds);
  volume.gain.exponentialRampToValueAtTime(0.001, startSeconds + seconds);
  source.connect(volume).connect(context.destination);
  source.start(startSeconds);
  source.stop(startSeconds + seconds);
}
