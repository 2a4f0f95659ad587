// Real pictures out of ffmpeg's encoders, as access units.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is encoded. */
export type Codec = 'h264' | 'h265';
const encoders = { h264: ['-c:v', 'libx264'], h265: ['-c:v', 'libx265', '-tag:v', 'hvc1'] } as const;
/** Turns MP4 samples into Annex B with a delimiter before each access unit. */
const unpack = { h264: 'h264_mp4toannexb,h264_metadata=aud=insert', h265: 'hevc_mp4toannexb,hevc_metadata=aud=insert' } as const;
const delimiter = { h264: 9, h265: 35 } as const;

/** NAL unit type of a whole NAL unit. */
export function nalType(codec: Codec, nal: Buffer): number {
  return codec === 'h264' ? (nal[0] ?? 0) & 31 : ((nal[0] ?? 0) >> 1) & 63;
}

/** Access units of an encoded test picture with their presentation order, as the encoder's container tells it. */
export async function encode(folder: string, codec: Codec, name: string, options: readonly string[]): Promise<{ units: Buffer[][]; presentation: number[] }> {
  const container = path.join(folder, `${name}.mp4`);
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-t', '4', ...encoders[codec], '-pix_fmt', 'yuv420p', '-g', '50', ...options, container]);
  const raw = path.join(folder, `${name}.${codec}`);
  await run('ffmpeg', ['-v', 'error', '-y', '-i', container, '-c', 'copy', '-bsf:v', unpack[codec], '-f', codec === 'h264' ? 'h264' : 'hevc', raw]);
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', container]);
  const nals: Buffer[] = [];
  const stream = await readFile(raw);
  for (let at = stream.indexOf('\0\0\x01', 0, 'latin1'); at >= 0; ) {
    const next = stream.indexOf('\0\0\x01', at + 3, 'latin1');
    let end = next < 0 ? stream.length : next;
    while (end > at && stream[end - 1] === 0) end -= 1;
    nals.push(stream.subarray(at + 3, end));
    at = next;
  }
  const units: Buffer[][] = [];
  for (const nal of nals) {
    if (nalType(codec, nal) === delimiter[codec]) units.push([]);
    units.at(-1)?.push(nal);
  }
  return { units, presentation: stdout.trim().split('\n').map((line) => Math.round(Number.parseFloat(line) * 25)) };
}
