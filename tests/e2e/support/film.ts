// What ffprobe and a decoder, which this project did not write, say of a film.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One packet of a film. */
export interface FilmPacket {
  readonly ptsSeconds: number;
  readonly durationSeconds: number;
}

/** A film as ffprobe sees it. */
export interface Film {
  /** Everything that ffprobe and the decoder complain of; empty for a sound film. */
  readonly complaints: string;
  /** In the order of presentation. */
  readonly video: readonly FilmPacket[];
  readonly audio: readonly FilmPacket[];
}

/** Reads every packet, and decodes every picture and all sound. */
export async function probeFilm(file: string): Promise<Film> {
  const probe = await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=codec_type,pts_time,duration_time', '-of', 'csv=p=0', file], { maxBuffer: 2 ** 26 });
  const decode = await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-']);
  const packets = probe.stdout.trim().split('\n').map((line) => line.split(','));
  const of = (kind: string) => packets.filter(([type]) => type === kind).map(([, pts, duration]) => ({ ptsSeconds: Number(pts), durationSeconds: Number(duration) })).sort((left, right) => left.ptsSeconds - right.ptsSeconds);
  return { complaints: probe.stderr + decode.stderr, video: of('video'), audio: of('audio') };
}

/** Distances between neighbours, in milliseconds. */
export function steps(packets: readonly FilmPacket[]): number[] {
  return packets.slice(1).map((packet, index) => (packet.ptsSeconds - packets[index]!.ptsSeconds) * 1000);
}

/** From the first packet to the end of the last, in seconds. */
export function lengthSeconds(packets: readonly FilmPacket[]): number {
  const [first, last] = [packets[0], packets.at(-1)];
  return first && last ? last.ptsSeconds + last.durationSeconds - first.ptsSeconds : 0;
}
