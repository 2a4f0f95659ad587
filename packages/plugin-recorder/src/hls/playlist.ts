// Writes HLS playlists (RFC 8216; low latency: draft-pantos-hls-rfc8216bis). Addresses are relative and opaque: a player can name a number, never a file or an offset.
import type { LivePart, LiveSegment, LiveWindow } from './live-window.ts';
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

/** Address of a part of a segment that grows or has just grown. */
export function partName(segment: number, index: number): string {
  return `p/${segment}.${index}.m4s`;
}

/** Address of a still: the group of pictures that shows a moment. */
export function stillName(atMs: number): string {
  return `t/${Math.round(atMs)}.mp4`;
}

/** Address of the endless stream of a live lease. */
export const streamName = 'stream.mp4';

/** Address of the same in a smaller picture, where the camera has one. */
export const smallStreamName = 'small.mp4';

/** What an address under a lease means. */
export type MediaName =
  | { readonly kind: 'segment' | 'init'; readonly number: number }
  | { readonly kind: 'part'; readonly number: number; readonly index: number }
  | { readonly kind: 'still'; readonly atMs: number }
  | { readonly kind: 'stream' | 'small' };

/** Reads an address; undefined for anything that a playlist never names. */
export function parseMediaName(path: string): MediaName | undefined {
  if (path === streamName) return { kind: 'stream' };
  if (path === smallStreamName) return { kind: 'small' };
  const [, segment, ofSegment, index, init, atMs] = /^(?:s\/(\d{1,9})\.m4s|p\/(\d{1,9})\.(\d{1,4})\.m4s|i\/(\d{1,9})\.mp4|t\/(\d{1,15})\.mp4)$/.exec(path) ?? [];
  if (segment !== undefined) return { kind: 'segment', number: Number(segment) };
  if (ofSegment !== undefined) return { kind: 'part', number: Number(ofSegment), index: Number(index) };
  if (init !== undefined) return { kind: 'init', number: Number(init) };
  return atMs === undefined ? undefined : { kind: 'still', atMs: Number(atMs) };
}

/** Segments before the live edge whose parts are listed; players want those within three target durations. */
const segmentsWithParts = 3;
/** Times the target duration that a delta update goes back (clause 4.4.3.8: at least six). */
const skipTargets = 6;

/** Live playlist: finished segments, the parts of the newest ones, and a hint at what comes next. `skip` asks for a delta update. */
export function livePlaylist(window: LiveWindow, skip = false): string {
  const { segments, growing, partTargetMs, targetSeconds } = window;
  const skipMs = skipTargets * targetSeconds * 1000;
  const skipped = skip ? skippable(segments, growing, skipMs) : 0;
  const lines = [
    ...header(targetSeconds, 9),
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${seconds(partTargetMs * 3)},CAN-SKIP-UNTIL=${seconds(skipMs)}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTargetMs)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? growing.sequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${window.discontinuitySequence}`,
  ];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let init = segments[skipped - 1]?.init ?? -1;
  for (const [index, segment] of [...segments, growing].entries()) {
    if (index < skipped) continue;
    if (segment === growing && growing.parts.length === 0) continue;
    if (segment.discontinuity && index > 0) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="${initName(segment.init)}"`);
    init = segment.init;
    lines.push(programTime(segment.startMs));
    if (index >= segments.length - segmentsWithParts) lines.push(...segment.parts.map((part, number) => partLine(segment, part, number)));
    if (segment !== growing) lines.push(duration(segment.durationMs), segmentName(segment.sequence));
  }
  lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(growing.sequence, growing.parts.length)}"`);
  return `${lines.join('\n')}\n`;
}

/** How many of the oldest segments end before the skip boundary. */
function skippable(segments: readonly LiveSegment[], growing: LiveSegment, skipMs: number): number {
  let behindMs = growing.durationMs;
  for (let index = segments.length - 1; index >= 0; index -= 1) {
    if (behindMs >= skipMs) return index + 1;
    behindMs += segments[index]?.durationMs ?? 0;
  }
  return 0;
}

function partLine({ sequence }: LiveSegment, { durationMs, key }: LivePart, index: number): string {
  return `#EXT-X-PART:DURATION=${seconds(durationMs)},URI="${partName(sequence, index)}"${key ? ',INDEPENDENT=YES' : ''}`;
}

/** What a player asks of a live playlist: to wait for a segment or a part of it, and whether a delta update will do. */
export interface PlaylistRequest {
  readonly sequence?: number;
  readonly part?: number;
  readonly skip: boolean;
}

/** Reads the delivery directives (clause 6.2.5); undefined when they make no sense. */
export function readDirectives(query: Readonly<Record<string, string>>): PlaylistRequest | undefined {
  const { _HLS_msn: sequence, _HLS_part: part, _HLS_skip: skip } = query;
  const whole = (text: string | undefined): boolean => text === undefined || /^\d{1,9}$/.test(text);
  if (!whole(sequence) || !whole(part) || (part !== undefined && sequence === undefined)) return undefined;
  return { ...(sequence !== undefined && { sequence: Number(sequence) }), ...(part !== undefined && { part: Number(part) }), skip: skip === 'YES' || skip === 'v2' };
}

/** Complete playlist of recorded footage. */
export function playbackPlaylist(plan: PlaybackPlan): string {
  const longestMs = plan.segments.reduce((longest, segment) => Math.max(longest, segment.durationMs), 1_000);
  // The target is rounded, as players compare it with rounded durations (RFC 8216, clause 4.3.3.1).
  const lines = header(Math.round(longestMs / 1000), 7);
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

function header(targetSeconds: number, version: number): string[] {
  return ['#EXTM3U', `#EXT-X-VERSION:${version}`, `#EXT-X-TARGETDURATION:${targetSeconds}`];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(5);
}

function programTime(startMs: number): string {
  return `#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(startMs)).toISOString()}`;
}

function duration(milliseconds: number): string {
  return `#EXTINF:${seconds(milliseconds)},`;
}
