// Notices that a camera sends nothing any more, whatever TCP says.

/** What is watched. */
export interface SilenceWatchOptions {
  readonly silenceMs: number;
  /** Packets of pictures so far. */
  readonly pictures: () => number;
  /** Other signs of life so far: sound, sender reports, answers to keep-alives. */
  readonly life: () => number;
  /** Called once. */
  readonly silent: (quietMs: number) => void;
}

/** Smart codecs may leave pictures out while nothing moves: a camera that lives in other ways gets this many times longer. */
const patience = 3;

/** Watches until it is stopped. */
export class SilenceWatch {
  readonly #timer: NodeJS.Timeout;

  constructor({ silenceMs, pictures, life, silent }: SilenceWatchOptions) {
    const stepMs = Math.max(10, Math.min(1_000, silenceMs / 4));
    let seenPictures = pictures();
    let seenLife = life();
    let withoutPicturesMs = 0;
    let withoutLifeMs = 0;
    this.#timer = setInterval(() => {
      withoutPicturesMs = pictures() === seenPictures ? withoutPicturesMs + stepMs : 0;
      withoutLifeMs = life() === seenLife ? withoutLifeMs + stepMs : 0;
      seenPictures = pictures();
      seenLife = life();
      // A camera that never sent a picture has nothing to be patient with.
      const limitMs = seenPictures > 0 && withoutLifeMs < silenceMs ? silenceMs * patience : silenceMs;
      if (withoutPicturesMs < limitMs) return;
      this.stop();
      silent(withoutPicturesMs);
    }, stepMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
