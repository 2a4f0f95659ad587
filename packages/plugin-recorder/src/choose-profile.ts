// Which of a camera's streams is recorded.
import type { StreamProfile } from '@wanglou/core';

/** The main stream in a codec that is recorded, H.264 before H.265; else whatever comes first, so that the engine can say what is wrong with it. */
export function chooseProfile(profiles: readonly StreamProfile[]): StreamProfile {
  const main = profiles.filter((profile) => profile.role === 'main');
  const found = ['h264', 'h265'].map((codec) => main.find((profile) => profile.codec === codec)).find((profile) => profile !== undefined) ?? main[0] ?? profiles[0];
  if (found === undefined) throw new Error('the camera offers no stream');
  return found;
}
