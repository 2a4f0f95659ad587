// What is found in made pictures of one camera.
import { describe, expect, it } from 'vitest';
import { defaultPictureLimits, PictureWatch, type Snapshot } from '../src/health/picture-watch.ts';
import { gray, noisy, scene, seen } from './support/gray.ts';

const gate = scene(1);
/** As under infrared light: other lights and shadows, no colours. */
const gateAtNight = (seed: number): Snapshot => seen(noisy((x, y) => (x * 7 + y * 3) % 64 + scene(9)(x, y) * 0.5, seed), true);
const codes = ({ memory }: PictureWatch): string[] => memory.problems.map(({ code }) => code);

/** Shows it so many pictures, with the time of a minute for each. */
function show(watch: PictureWatch, count: number, make: (seed: number) => Snapshot): PictureWatch {
  for (let index = 0; index < count; index += 1) watch.observe(make(100 + index), index * 60_000);
  return watch;
}

/** It knows the gate. */
function watching(limits = defaultPictureLimits): PictureWatch {
  return show(new PictureWatch(limits), 1, () => seen(gray(gate)));
}

describe('PictureWatch', () => {
  it.each<[string, (seed: number) => Uint8Array]>([
    ['a scene with the noise of a sensor', (seed) => noisy(gate, seed)],
    ['the same at dusk', (seed) => noisy((x, y) => gate(x, y) * 0.35 + 10, seed)],
    ['the same in glaring light', (seed) => noisy((x, y) => gate(x, y) * 0.6 + 110, seed)],
    ['somebody walking through', (seed) => noisy((x, y) => (x > (seed % 8) * 12 && x < (seed % 8) * 12 + 14 && y > 20 && y < 60 ? 40 : gate(x, y)), seed)],
    ['a scene that is off by a point, as after a gust of wind', (seed) => noisy((x, y) => gate(x + (seed % 2), y), seed)],
    ['a dark yard with a few lamps', (seed) => noisy((x, y) => (x % 40 < 8 && y % 30 < 8 ? 180 : 12 + gate(x, y) / 12), seed)],
  ])('finds nothing in %s', (_name, make) => {
    expect(codes(show(watching(), 20, (seed) => seen(make(seed))))).toEqual([]);
  });

  it.each<[string, (seed: number) => Uint8Array, string[]]>([
    ['the same picture again and again', () => noisy(gate, 7), ['PICTURE_FROZEN']],
    ['darkness', (seed) => noisy(() => 4, seed), ['PICTURE_BLACK']],
    ['darkness that the sensor amplifies', (seed) => noisy(() => 40, seed, 12), ['PICTURE_BLACK']],
    ['paint on the lens', (seed) => noisy((x) => 90 + x / 16, seed), ['PICTURE_COVERED']],
    ['a hand before a lens with infrared light', (seed) => noisy((x, y) => 230 - ((x - 64) ** 2 + (y - 36) ** 2) / 60, seed), ['PICTURE_COVERED']],
    ['another scene', (seed) => noisy(scene(2), seed), ['PICTURE_MOVED']],
    ['a camera that was turned', (seed) => noisy((x, y) => gate(x + 40, y + 12), seed), ['PICTURE_MOVED']],
  ])('finds what is the matter with %s, not at first sight, and lets it go', (_name, make, expected) => {
    const watch = show(watching(), 2, (seed) => seen(make(seed)));
    expect(codes(watch)).toEqual([]);
    expect(codes(show(watch, 8, (seed) => seen(make(seed))))).toEqual(expected);
    expect(codes(show(watch, 4, (seed) => seen(noisy(gate, seed))))).toEqual([]);
  });

  it('calls nothing covered, moved or frozen because it is night, with infrared light or without', () => {
    const watch = watching();
    for (let days = 0; days < 3; days += 1) {
      expect(codes(show(watch, 10, gateAtNight))).toEqual([]);
      expect(codes(show(watch, 10, (seed) => seen(noisy(gate, seed))))).toEqual([]);
    }
    expect(watch.memory.references.map(({ night }) => night)).toEqual([false, true]);
    expect(codes(show(watch, 10, () => seen(gray(() => 6))))).toEqual(['PICTURE_BLACK']);
    const accepted = watching({ ...defaultPictureLimits, blackBelow: 0 });
    expect(codes(show(accepted, 10, () => seen(gray(() => 6))))).toEqual([]);
  });

  it('notices at night, too, that it was turned, and learns nothing new before somebody says that it is right', () => {
    const watch = show(show(watching(), 10, gateAtNight), 10, (seed) => seen(noisy(scene(3), seed), true));
    expect(codes(watch)).toEqual(['PICTURE_MOVED']);
    expect(watch.memory.references).toHaveLength(2);
    expect(watch.renew()).toBe(true);
    expect(codes(show(watch, 10, (seed) => seen(noisy(scene(3), seed), true)))).toEqual([]);
    // What it shows by day is new as well, and not to be judged by what it showed before.
    expect(codes(show(watch, 10, (seed) => seen(noisy(scene(4), seed))))).toEqual([]);
    expect(watch.memory.references.map(({ night }) => night)).toEqual([true, true, false]);
  });

  it('takes the first picture of a place as its reference, never a dark one, and no such one by hand', () => {
    const watch = new PictureWatch(defaultPictureLimits);
    expect(watch.renew()).toBe(false);
    show(watch, 2, () => seen(gray(() => 4)));
    expect([watch.memory.references, watch.renew()]).toEqual([[], false]);
    show(watch, 1, () => seen(noisy(gate, 1)));
    expect(watch.memory.references).toHaveLength(1);
    // Several views that are right, for one that somebody moves between two places.
    for (const place of [2, 3, 4, 5]) show(watch, 1, () => seen(noisy(scene(place), 1))).renew();
    expect(watch.memory.references).toHaveLength(3);
    expect(codes(show(watch, 12, (seed) => seen(noisy(scene(4 + (seed % 2)), seed))))).toEqual([]);
  });

  it('judges nothing where the limit is 0', () => {
    const watch = watching({ inARow: 1, frozenBelow: 0, blackBelow: 0, coveredBelow: 0, movedBelow: 0 });
    for (const picture of [gray(() => 0), gray(() => 128), gray(scene(2))]) show(watch, 5, () => seen(picture));
    expect(codes(watch)).toEqual([]);
  });
});
