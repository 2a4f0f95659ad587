// Writes HLS playlists (RFC 8216). Addresses are relative and opaque: a player can name a number, never a file or an offset.
import type { LiveWindow } from './live-window.ts';
import type { PlaybackPlan } from './playback-plan.ts';

/** Media type of a playlist. */
export const playlistType = 'application/vnd.apple.mpegurl';
/** Name of the first playlist under a lease. */
export const playlistName = 'index.m3u8';

/** Address of a media segment. */
export function segmentName(number: number): string {
  return `s/${number}.m4s`;
}

/** Address of an init segment. */
export function initName(number: number): string {
  return `i/${number}.mp4`;
}

/** What an address under a lease means; undefined for anything that a playlist never names. */
export function parseMediaName(path: string): { readonly kind: 'segment' | 'init'; readonly number: number } | undefined {
  const match = /^(?:s\/(\d{1,9})\.m4s|i\/(\d{1,9})\.mp4)$/.exec(path);
  if (match === null) return undefined;
  return match[1] === undefined ? { kind: 'init', number: Number(match[2]) } : { kind: 'segment', number: Number(match[1]) };
}

/** Live playlist of the finished segments. */
export function livePlaylist(window: LiveWindow): string {
  const { segments } = window;
  const lines = header(segments.reduce((longest, segment) => Math.max(longest, segment.durationMs), 1_000));
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? 0}`, `#EXT-X-DISCONTINUITY-SEQUENCE:${window.discontinuitySequence}`);
  let init = -1;
  segments.forEach((segment, index) => {
    if (segment.discontinuity && index > 0) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="${initName(segment.init)}"`);
    init = segment.init;
    lines.push(programTime(segment.startMs), duration(segment.durationMs), segmentName(segment.sequence));
  });
  return `${lines.join('\n')}\n`;
}

/** Complete playlist of recorded footage. */
export function playbackPlaylist(plan: PlaybackPlan): string {
  const lines = header(plan.segments.reduce((longest, segment) => Math.max(longest, segment.durationMs), 1_000));
  lines.push('#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-INDEPENDENT-SEGMENTS');
  let init = -1;
  for (const segment of plan.segments) {
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="${initName(segment.init)}"`);
    init = segment.init;
    lines.push(programTime(segment.startMs), duration(segment.durationMs), segmentName(segment.number));
  }
  lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

function header(longestMs: number): string[] {
  // The target is rounded, as players compare it with rounded durations (RFC 8216, clause 4.3.3.1).
  return ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(longestMs / 1000))}`];
}

function programTime(startMs: number): string {
  return `#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(startMs)).toISOString()}`;
}

function duration(milliseconds: number): string {
  return `#EXTINF:${(milliseconds / 1000).toFixed(5)},`;
}
