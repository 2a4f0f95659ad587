// Decodes one keyframe out of a recording file to a small picture, through pipes alone: nothing of it is written.
import { Readable } from 'node:stream';
import { FfmpegProcess } from '../ffmpeg/ffmpeg-process.ts';
import { ffmpegCommand, type FfmpegProgram } from '../ffmpeg/ffmpeg-program.ts';
import { pictureHeight, picturePoints, pictureWidth } from './gray-picture.ts';
import type { Snapshot } from './picture-watch.ts';

/** Recording comes first. */
const niceness = 10;
/** 8K and a little: what a damaged or hostile stream says of its size is not what memory is given for. */
const mostPixels = 40_000_000;
/** The largest block that is allocated at once: that picture with its chroma. */
const mostBytes = 128 * 1024 * 1024;
/** Of what ffmpeg says, the last. */
const mostLines = 3;
const outputBytes = picturePoints * 3;
/** Mean distance between the strongest and the weakest colour of a point; infrared light leaves hardly any. */
const monochromeBelow = 2;

/**
 * Decodes the first picture of init segment + fragment. Rejects with what ffmpeg said when that is not possible, or with the reason of the signal when it is aborted.
 *
 * The upper and the lower eighth are left out: captions with the time stand there, which go on over a frozen or covered picture. Points are picked,
 * not averaged: the noise of a living sensor must be seen.
 */
export async function decodeSnapshot(program: FfmpegProgram, film: Buffer, signal: AbortSignal): Promise<Snapshot> {
  signal.throwIfAborted();
  const limits = ['-threads', '1', '-max_alloc', String(mostBytes), '-max_pixels', String(mostPixels)];
  const command = ffmpegCommand(program, Readable.from([film]), ['-loglevel', 'error', ...limits, '-skip_frame', 'nokey', '-f', 'mp4'], niceness)
    .outputOptions('-map', '0:v:0', '-frames:v', '1', '-vf', `crop=iw:ih*3/4,scale=${pictureWidth}:${pictureHeight}:flags=neighbor,format=rgb24`, '-f', 'rawvideo');
  const pieces: Buffer[] = [];
  let length = 0;
  const said: string[] = [];
  const decoding = new FfmpegProcess({
    command,
    line: (line) => {
      if (line !== '') said.push(line.slice(0, 300));
      if (said.length > mostLines) said.shift();
    },
    take: (chunk) => {
      length += chunk.length;
      if (length > outputBytes) decoding.stop();
      else pieces.push(chunk);
    },
  });
  const stop = (): void => decoding.stop();
  signal.addEventListener('abort', stop, { once: true });
  const complaint = await decoding.ended;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (length !== outputBytes) throw new Error(`ffmpeg decoded no picture: ${said.join('; ') || (complaint ?? 'it said nothing')}`);
  return toSnapshot(Buffer.concat(pieces));
}

function toSnapshot(colours: Buffer): Snapshot {
  const gray = new Uint8Array(picturePoints);
  let distance = 0;
  for (let point = 0; point < picturePoints; point += 1) {
    const [red = 0, green = 0, blue = 0] = colours.subarray(point * 3, point * 3 + 3);
    gray[point] = (red + 2 * green + blue) / 4;
    distance += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return { gray, monochrome: distance / picturePoints < monochromeBelow };
}
