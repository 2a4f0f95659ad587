// What is served under a live lease: the low-latency playlist, its parts, and the endless stream.
import { livePlaylist, parseMediaName, playlistName, playlistType, readDirectives, type MediaName } from '../hls/playlist.ts';
import type { LiveWindow } from '../hls/live-window.ts';
import { fileResponse, mediaType, notFound, type ByteRange, type FileResponse } from '../media/media-response.ts';
import type { FileRange } from '../media/read-range.ts';
import { liveStream } from './live-stream.ts';
import type { SmallWatch } from './small-streams.ts';

/** One fetch under a live lease. */
export interface LiveRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly range?: ByteRange;
}

/** Longest wait of the first live playlist for the first picture. */
const firstPictureMs = 8_000;
/** A small stream without pictures for this long has stopped. */
const stalledMs = 5_000;
/** How far ahead a player may ask (draft-pantos-hls-rfc8216bis, clause 6.2.5.2). */
const furthestAhead = 2;
/** A blocked answer waits this many target durations at most (clause 6.2.5.2). */
const waitTargets = 3;
const badRequest: FileResponse = { status: 400, headers: {}, body: '' };
const unavailable: FileResponse = { status: 503, headers: { 'retry-after': '2' }, body: '' };

/** What is served from. */
export interface LiveSource {
  readonly live: LiveWindow;
  /** Delivers the camera sooner until the function that comes back is called. */
  watch(): () => void;
  /** Watches the small stream of the camera; `undefined` while there is no point in it. */
  watchSmall?(): SmallWatch | undefined;
}

/** Serves one fetch of a camera that is live now. */
export async function serveLive(source: LiveSource, request: LiveRequest, signal: AbortSignal): Promise<FileResponse> {
  const { live } = source;
  if (request.path === playlistName) return servePlaylist(live, request, signal);
  const name = parseMediaName(request.path);
  if (name === undefined) return notFound;
  if (name.kind === 'stream') return serveStream(source, signal);
  if (name.kind === 'small') return serveSmall(source, signal);
  if (name.kind === 'part') return servePart(live, name, request, signal);
  const ranges = rangesOf(live, name);
  return ranges === undefined ? notFound : fileResponse(ranges, request.range, signal);
}

async function servePlaylist(live: LiveWindow, { query }: LiveRequest, signal: AbortSignal): Promise<FileResponse> {
  const wanted = readDirectives(query);
  if (wanted === undefined) return badRequest;
  // A playlist without segments is an error to players: wait for the first picture instead.
  await live.ready(AbortSignal.any([signal, AbortSignal.timeout(firstPictureMs)]));
  if (live.segments.length === 0) return unavailable;
  const { sequence, part, skip } = wanted;
  if (sequence !== undefined) {
    if (sequence > live.growing.sequence + furthestAhead) return badRequest;
    await live.reached(sequence, part, waiting(live, signal));
    if (!live.has(sequence, part)) return unavailable;
  }
  return { status: 200, headers: { 'content-type': playlistType }, body: livePlaylist(live, skip) };
}

async function serveStream({ live, watch }: LiveSource, signal: AbortSignal): Promise<FileResponse> {
  const first = await live.next(undefined, AbortSignal.any([signal, AbortSignal.timeout(firstPictureMs)]));
  if (first === undefined) return unavailable;
  const body = watched(watch, liveStream(live, first, signal));
  return { status: 200, headers: { 'content-type': `${mediaType}; codecs="${first.codecs}"` }, body };
}

/** The small stream; the recorded one where there is none. One that stops is over, and its reader asks again. */
async function serveSmall(source: LiveSource, signal: AbortSignal): Promise<FileResponse> {
  const small = source.watchSmall?.();
  const first = await small?.first(signal);
  if (small === undefined || first === undefined) {
    small?.stop();
    return serveStream(source, signal);
  }
  const body = watched(() => () => small.stop(), liveStream(small.live, first, signal, stalledMs));
  return { status: 200, headers: { 'content-type': `${mediaType}; codecs="${first.codecs}"` }, body };
}

/** Watches for as long as the stream is read. */
async function* watched(watch: () => () => void, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stop = watch();
  try {
    yield* stream;
  } finally {
    stop();
  }
}

/** A part that is only hinted at is waited for: it goes out the moment it is on disk. */
async function servePart(live: LiveWindow, { number, index }: MediaName & { kind: 'part' }, { range }: LiveRequest, signal: AbortSignal): Promise<FileResponse> {
  const { sequence, parts } = live.growing;
  if (number === sequence && index === parts.length) await live.reached(number, index, waiting(live, signal));
  const part = live.part(number, index);
  return part === undefined ? notFound : fileResponse(part.fragments, range, signal);
}

function waiting(live: LiveWindow, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(live.targetSeconds * 1000 * waitTargets)]);
}

function rangesOf(live: LiveWindow, name: MediaName): readonly FileRange[] | undefined {
  if (name.kind === 'segment') return live.segment(name.number)?.parts.flatMap(({ fragments }) => fragments);
  const init = name.kind === 'init' ? live.init(name.number) : undefined;
  return init && [{ root: init.root, path: init.path, offset: 0, length: init.bytes }];
}
