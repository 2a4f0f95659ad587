// Which of a camera's streams is recorded.
import type { StreamProfile } from '@wanglou/core';

/** The main stream in a codec that is recorded, H.264 before H.265; else whatever comes first, so that the engine can say what is wrong with it. */
export function chooseProfile(profiles: readonly StreamProfile[]): StreamProfile {
  const main = profiles.filter((profile) => profile.role === 'main');
  const found = ['h264', 'h265'].map((codec) => main.find((profile) => profile.codec === codec)).find((profile) => profile !== undefined) ?? main[0] ?? profiles[0];
  if (found === undefined) throw new Error('the camera offers no stream');
  return found;
}

/** The stream for small tiles: the largest that is smaller than the recorded one, H.264 before H.265; `undefined` when there is none. */
export function chooseSmallProfile(profiles: readonly StreamProfile[]): StreamProfile | undefined {
  const pixels = ({ width, height }: StreamProfile): number => width * height;
  const recorded = pixels(chooseProfile(profiles));
  const smaller = profiles.filter((profile) => pixels(profile) < recorded).sort((left, right) => pixels(right) - pixels(left));
  return smaller.find(({ codec }) => codec === 'h264') ?? smaller.find(({ codec }) => codec === 'h265');
}
