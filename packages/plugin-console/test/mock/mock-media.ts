// Pictures for the mock server: one short fMP4 loop made with ffmpeg, served as playback and as endless live HLS.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const loopSeconds = 12;
const liveSegments = 6;

/** The loop's files. */
export interface MockMedia {
  /** A file of the loop, or nothing. */
  file(name: string): Promise<Uint8Array | undefined>;
  live(nowMs: number): string;
  playback(fromMs: number, toMs: number, gap: { readonly fromMs: number; readonly toMs: number } | undefined): string;
}

/** Makes the loop; `undefined` without ffmpeg. */
export async function makeMockMedia(): Promise<MockMedia | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-mock-media-'));
  const picture = 'testsrc2=size=640x360:rate=12,format=yuv420p,eq=saturation=0.35:brightness=-0.12';
  const output = ['-t', String(loopSeconds), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12', '-keyint_min', '12', '-sc_threshold', '0', '-f', 'hls', '-hls_time', '1', '-hls_segment_type', 'fmp4', '-hls_playlist_type', 'vod', '-hls_segment_filename', join(folder, 's%d.m4s')];
  try {
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', picture, ...output, join(folder, 'index.m3u8')]);
  } catch {
    // No ffmpeg: the mock answers without pictures.
    return undefined;
  }
  const segment = (index: number) => `s${index % loopSeconds}.m4s`;
  const entry = (index: number, atMs: number) => [...(index % loopSeconds === 0 ? ['#EXT-X-DISCONTINUITY'] : []), `#EXT-X-PROGRAM-DATE-TIME:${new Date(atMs).toISOString()}`, '#EXTINF:1.0,', segment(index)];
  const bornSecond = Math.floor(Date.now() / 1000) - 60;
  const head = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:1'];
  const map = '#EXT-X-MAP:URI="init.mp4"';
  return {
    file: (name) => (/^(init\.mp4|s\d+\.m4s)$/.test(name) ? readFile(join(folder, name)) : Promise.resolve(undefined)),
    live: (nowMs) => {
      // Counted from the start of the mock: hls.js slows down with sequence numbers of ten digits.
      const newest = Math.floor(nowMs / 1000) - bornSecond - 1;
      const first = newest - liveSegments + 1;
      const lines = Array.from({ length: liveSegments }, (_, index) => entry(first + index, (bornSecond + first + index) * 1000)).flat();
      return [...head, `#EXT-X-MEDIA-SEQUENCE:${first}`, `#EXT-X-DISCONTINUITY-SEQUENCE:${Math.ceil(first / loopSeconds)}`, map, ...lines, ''].join('\n');
    },
    playback: (fromMs, toMs, gap) => {
      const lines: string[] = [];
      let index = 0;
      for (let atMs = fromMs; atMs < toMs; atMs += 1000) {
        if (gap && atMs >= gap.fromMs && atMs < gap.toMs) continue;
        lines.push(...entry(index++, atMs));
      }
      return [...head, '#EXT-X-PLAYLIST-TYPE:VOD', map, ...lines, '#EXT-X-ENDLIST', ''].join('\n');
    },
  };
}
