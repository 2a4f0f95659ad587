// How alarms sound. Fire is two falling tones, anything else one; it repeats until somebody takes the alarm on, or mutes this one for a minute.
import { tone } from '../app/unlock-sound.ts';

/** How often it is repeated. */
export const repeatMs = 2000;
/** Muting is for this long, and for one alarm. */
export const muteMs = 60_000;

/** Sounds once. */
export function soundAlarm(isFire: boolean): void {
  if (isFire) {
    tone(1320, 0, 0.35);
    tone(880, 0.4, 0.35);
  } else tone(660, 0, 0.25);
}
