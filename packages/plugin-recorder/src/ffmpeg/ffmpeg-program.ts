// The ffmpeg of this system: its version and encoders, and commands that cannot outlive this process.
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { findFfmpeg } from './find-ffmpeg.ts';

const run = promisify(execFile);
const answerMs = 10_000;
/** Before this, `-timeout` made RTSP wait for a caller instead. */
const oldestMajor = 5;
/** Lines of what ffmpeg said that are kept. */
const keptLines = 20;

/** A usable ffmpeg. */
export interface FfmpegProgram {
  readonly file: string;
  readonly version: string;
  /** Names of its encoders. */
  readonly encoders: ReadonlySet<string>;
  /** Arguments that put the program under the life of this process; empty where the system cannot. */
  readonly launcher: readonly string[];
}

/** Why there is none: `missing`, or too old. */
export interface FfmpegAbsence {
  readonly reason: 'missing' | 'old';
  readonly message: string;
}

/** Looks for ffmpeg and asks it what it can do. */
export async function openFfmpeg(environment: NodeJS.ProcessEnv = process.env): Promise<FfmpegProgram | FfmpegAbsence> {
  const file = await findFfmpeg(environment);
  if (file === undefined) return { reason: 'missing', message: environment['FFMPEG_PATH'] ? `ffmpeg was not found at ${environment['FFMPEG_PATH']}, where FFMPEG_PATH says` : 'ffmpeg was not found' };
  const version = await run(file, ['-hide_banner', '-version'], { timeout: answerMs }).then(({ stdout }) => /version (\S+)/.exec(stdout)?.[1], () => undefined);
  if (version === undefined) return { reason: 'missing', message: `${file} does not run as ffmpeg` };
  // Builds out of a repository are called N-12345 or 2024-05-01-git, and are newer.
  const major = /^n?(\d{1,2})\./.exec(version)?.[1];
  if (major !== undefined && Number(major) < oldestMajor) return { reason: 'old', message: `ffmpeg ${version} is too old: ${oldestMajor}.0 or newer is needed` };
  return { file, version, encoders: await encodersOf(file), launcher: await findLauncher(environment) };
}

/** True when ffmpeg was found. */
export function isFfmpeg(found: FfmpegProgram | FfmpegAbsence): found is FfmpegProgram {
  return 'file' in found;
}

/** A command of fluent-ffmpeg that ends with this process, even when this process is killed. */
export function ffmpegCommand(program: FfmpegProgram, input: string | Readable, inputOptions: readonly string[], niceness = 0): FfmpegCommand {
  const [first, ...rest] = [...program.launcher, program.file];
  const command = ffmpeg({ stdoutLines: keptLines, niceness }).input(input);
  // The path is one for the whole process in fluent-ffmpeg: every command of this package has the same launcher.
  if (first !== undefined) command.setFfmpegPath(first);
  // Two arguments at least: a list of one would be split at its spaces.
  return command.inputOptions(...([...rest, '-nostdin', '-hide_banner', '-nostats', ...inputOptions] as [string, string]));
}

/** fluent-ffmpeg asks once in each process what the program can do; it must not ask the launcher. */
async function encodersOf(file: string): Promise<ReadonlySet<string>> {
  const command = ffmpeg().setFfmpegPath(file);
  await new Promise<void>((resolve, reject) => command.getAvailableFormats((error) => (error ? reject(error) : resolve())));
  return new Promise((resolve, reject) => command.getAvailableEncoders((error, encoders) => (error ? reject(error) : resolve(new Set(Object.keys(encoders))))));
}

/** util-linux can have the kernel end a process together with its parent. Elsewhere ffmpeg ends when it finds its pipe closed. */
async function findLauncher(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  for (const folder of (environment['PATH'] ?? '').split(delimiter).filter((name) => name !== '')) {
    const launcher = [join(folder, 'setpriv'), '--pdeathsig', 'TERM', '--'];
    const [file = '', ...given] = launcher;
    const works = await run(file, [...given, process.execPath, '-e', ''], { timeout: answerMs }).then(() => true, () => false);
    if (works) return launcher;
  }
  return [];
}
