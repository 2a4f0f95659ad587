// The picture and sound that all recorders get: 1080p25 H.264 of about 3 Mbit/s with AAC, encoded once per run.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One loop, taken apart. */
export interface Loop {
  readonly sps: Buffer;
  readonly pps: Buffer;
  /** NAL units of each picture. */
  readonly pictures: readonly (readonly Buffer[])[];
  readonly sound: readonly Buffer[];
}

/** Encodes ten seconds into `folder`, as a camera would: keyframe every two seconds, no B-frames. */
export async function makeLoop(folder: string): Promise<void> {
  const video = ['-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=25,noise=alls=12:allf=t'];
  const audio = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];
  const encode = ['-t', '10', '-c:v', 'libx264', '-preset', 'superfast', '-profile:v', 'main', '-bf', '0', '-g', '50', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-b:v', '3M', '-maxrate', '3M', '-bufsize', '1500k', '-c:a', 'aac', '-b:a', '64k'];
  const file = path.join(folder, 'loop.mkv');
  await run('ffmpeg', ['-v', 'error', '-y', ...video, ...audio, ...encode, file]);
  await run('ffmpeg', ['-v', 'error', '-y', '-i', file, '-map', '0:v', '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', path.join(folder, 'loop.h264')]);
  await run('ffmpeg', ['-v', 'error', '-y', '-i', file, '-map', '0:a', '-c', 'copy', '-f', 'adts', path.join(folder, 'loop.aac')]);
}

/** Reads the loop that {@link makeLoop} left in the folder. */
export async function readLoop(folder: string): Promise<Loop> {
  const nals = splitNals(await readFile(path.join(folder, 'loop.h264')));
  const pictures: Buffer[][] = [];
  let current: Buffer[] = [];
  for (const nal of nals) {
    current.push(nal);
    const type = (nal[0] ?? 0) & 31;
    if (type !== 1 && type !== 5) continue;
    pictures.push(current);
    current = [];
  }
  const find = (type: number): Buffer => nals.find((nal) => ((nal[0] ?? 0) & 31) === type) ?? Buffer.alloc(0);
  return { sps: find(7), pps: find(8), pictures, sound: splitAdts(await readFile(path.join(folder, 'loop.aac'))) };
}

function splitNals(stream: Buffer): Buffer[] {
  const code = Buffer.from([0, 0, 1]);
  const nals: Buffer[] = [];
  for (let at = stream.indexOf(code); at >= 0; ) {
    const next = stream.indexOf(code, at + 3);
    let end = next < 0 ? stream.length : next;
    while (end > at && stream[end - 1] === 0) end -= 1;
    nals.push(stream.subarray(at + 3, end));
    at = next;
  }
  return nals;
}

function splitAdts(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at + 7 <= stream.length; ) {
    const length = (((stream[at + 3] ?? 0) & 3) << 11) | ((stream[at + 4] ?? 0) << 3) | ((stream[at + 5] ?? 0) >> 5);
    if (length < 7) break;
    units.push(stream.subarray(at + 7, at + length));
    at += length;
  }
  return units;
}
