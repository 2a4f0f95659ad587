// Which unit of an endless loop is sent when. Pure arithmetic: no clock, no sockets.
import type { PacketizedTrack, PacketizedUnit } from './packetized-loop.ts';

/** A unit with its place on the client's own time line, which starts at 0 with PLAY. */
export interface ScheduledUnit {
  readonly unit: PacketizedUnit;
  /** When it is sent, in RTP ticks since PLAY. */
  readonly dueTicks: number;
  /** Its RTP timestamp, in ticks since PLAY. */
  readonly timestampTicks: number;
}

/** An endless series of units. */
export interface Playout {
  peek(): ScheduledUnit;
  advance(): void;
}

/** Index of the first key picture at or after `contentMs` of the loop (0 when there is none before its end). */
export function nextKeyIndex(track: PacketizedTrack, contentMs: number): number {
  const ticks = (contentMs / 1000) * track.clockRate;
  return Math.max(0, track.units.findIndex((unit) => unit.key && unit.decodeTicks >= ticks));
}

/**
 * Video from the key picture `startIndex` on. Each pass adds exactly the length of the loop, so no error adds up.
 * @param current - the track to take the next unit from, told whether that is a key picture; all have the same timing
 */
export function createVideoPlayout(current: (key: boolean) => PacketizedTrack, startIndex: number): Playout {
  const track = current(true);
  const startTicks = unitAt(track, startIndex).decodeTicks;
  let index = startIndex;
  let passTicks = -startTicks;
  return {
    peek() {
      const unit = unitAt(current(unitAt(track, index).key), index);
      return { unit, dueTicks: passTicks + unit.decodeTicks, timestampTicks: passTicks + unit.presentationTicks };
    },
    advance() {
      index += 1;
      if (index < track.units.length) return;
      index = 0;
      passTicks += track.durationTicks;
    },
  };
}

/**
 * Audio in step with video. A loop of video is rarely a whole number of AAC frames, so the *time line* of audio counts its own
 * frames without a break, and the *content* of each frame is the one nearest to the video's place in the loop.
 */
export function createAudioPlayout(track: PacketizedTrack, contentStartMs: number, loopMs: number): Playout {
  const frameTicks = track.durationTicks / track.units.length;
  const frameMs = (frameTicks / track.clockRate) * 1000;
  let count = 0;
  return {
    peek() {
      const contentMs = (contentStartMs + count * frameMs) % loopMs;
      const unit = unitAt(track, Math.round(contentMs / frameMs) % track.units.length);
      return { unit, dueTicks: count * frameTicks, timestampTicks: count * frameTicks };
    },
    advance() {
      count += 1;
    },
  };
}

function unitAt(track: PacketizedTrack, index: number): PacketizedUnit {
  const unit = track.units[index];
  if (!unit) throw new RangeError(`unit ${index} of ${track.units.length}`);
  return unit;
}
