// A wall clock as a bar code in the top rows of a picture: one block a bit, black or white, large enough to survive any encoder.

export const width = 640;
export const height = 360;
export const rate = 25;
const blockPixels = 16;
const bits = 32;
const parityBits = 4;

/** Draws the lower 32 bits of the milliseconds, and four bits that a wrong reading does not match. */
export function drawClock(luma: Uint8Array, nowMs: number): void {
  const value = nowMs % 2 ** bits;
  const code = value * 2 ** parityBits + check(value);
  for (let bit = 0; bit < bits + parityBits; bit += 1) {
    const shade = Math.floor(code / 2 ** (bits + parityBits - 1 - bit)) % 2 === 1 ? 235 : 16;
    for (let row = 0; row < blockPixels; row += 1) luma.fill(shade, row * width + bit * blockPixels, row * width + (bit + 1) * blockPixels);
  }
}

function check(value: number): number {
  let sum = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 16)) sum += rest % 16;
  return sum % 16;
}

/** Runs in the page: collects [shown at, clock in the picture] of every frame that the videos show. Its text is sent there. */
export function collectInPage(selector: string): void {
  const page = globalThis as unknown as { shown: [number, number, number][] };
  page.shown = [];
  const [blocks, block] = [36, 16];
  document.querySelectorAll<HTMLVideoElement>(selector).forEach((video, index) => {
    const canvas = new OffscreenCanvas(blocks, 1);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const mine = page.shown;
    const look = (_: number, frame: VideoFrameCallbackMetadata): void => {
      // Collecting anew ends what was begun before.
      if (context === null || page.shown !== mine) return;
      video.requestVideoFrameCallback(look);
      // The middle of each block, one pixel each.
      context.imageSmoothingEnabled = false;
      context.drawImage(video, 0, block / 4, blocks * block, block / 2, 0, 0, blocks, 1);
      const { data } = context.getImageData(0, 0, blocks, 1);
      let code = 0;
      for (let bit = 0; bit < blocks; bit += 1) code = code * 2 + ((data[bit * 4] ?? 0) > 128 ? 1 : 0);
      const value = Math.floor(code / 16);
      let sum = 0;
      for (let rest = value; rest > 0; rest = Math.floor(rest / 16)) sum += rest % 16;
      if (sum % 16 !== code % 16) return;
      const shownMs = performance.timeOrigin + frame.expectedDisplayTime;
      page.shown.push([index, shownMs, (((shownMs % 2 ** 32) - value + 2 ** 32) % 2 ** 32)]);
    };
    video.requestVideoFrameCallback(look);
  });
}
