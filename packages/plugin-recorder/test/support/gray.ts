// Small gray pictures for tests: a made scene, and what can be done to it.
import { pictureHeight, pictureWidth } from '../../src/health/gray-picture.ts';
import type { Snapshot } from '../../src/health/picture-watch.ts';

/** A picture of what the function gives for each point. */
export function gray(value: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: pictureWidth * pictureHeight }, (_, index) => Math.max(0, Math.min(255, Math.round(value(index % pictureWidth, Math.floor(index / pictureWidth))))));
}

/** Numbers that look random and are always the same. */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Boxes of many sizes on a slope of light; another seed is another scene. */
export function scene(seed: number): (x: number, y: number) => number {
  const next = noise(seed);
  const boxes = Array.from({ length: 25 }, () => ({ x: next() * pictureWidth, y: next() * pictureHeight, width: 5 + next() * 30, height: 5 + next() * 20, light: 30 + next() * 200 }));
  return (x, y) => boxes.findLast((box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height)?.light ?? 80 + x / 4;
}

/** The same with the noise of a sensor. */
export function noisy(value: (x: number, y: number) => number, seed: number, strength = 6): Uint8Array {
  const next = noise(seed);
  return gray((x, y) => value(x, y) + (next() - 0.5) * strength);
}

/** A snapshot of it, in colours unless said. */
export function seen(picture: Uint8Array, monochrome = false): Snapshot {
  return { gray: picture, monochrome };
}
