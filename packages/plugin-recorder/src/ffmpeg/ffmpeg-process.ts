// One run of ffmpeg under supervision: it can be stopped at any moment, what it says is bounded, and it always ends.
import type { ChildProcess } from 'node:child_process';
import { Writable, type Readable } from 'node:stream';
import type { FfmpegCommand } from 'fluent-ffmpeg';

/** What is listened to. */
export interface FfmpegProcessOptions {
  readonly command: FfmpegCommand;
  /** Bytes of its standard output, in order; without this, the command names its output itself. */
  readonly take?: (chunk: Buffer) => void;
  /** One line that it said. */
  readonly line?: (line: string) => void;
}

/** After the polite signal. */
const killAfterMs = 5_000;
/** A line that does not end would grow in memory for ever. */
const lineLimit = 64 * 1024;

/** fluent-ffmpeg keeps the process here once it has started. */
interface StartedCommand {
  readonly ffmpegProc?: ChildProcess & { readonly stderr: Readable };
}

/** Runs a command. */
export class FfmpegProcess {
  /** Settles when the process is gone and its output was taken, with its complaint if it had one; never rejects. */
  readonly ended: Promise<string | undefined>;
  readonly #command: FfmpegCommand;
  #started = false;
  #gone = false;
  #stopping = false;
  #patience: NodeJS.Timeout | undefined;

  constructor({ command, take, line }: FfmpegProcessOptions) {
    this.#command = command;
    const drained = take === undefined ? undefined : takeOutput(command, take);
    const exited = new Promise<string | undefined>((resolve) => {
      command.on('start', () => {
        // What fluent-ffmpeg does when a program cannot be started is to throw where nobody can catch it.
        this.#child?.removeAllListeners('error').on('error', (error) => resolve(error.message));
        this.#begin();
      });
      command.on('error', (error: Error) => resolve(error.message));
      command.on('end', () => resolve(undefined));
    });
    if (line !== undefined) command.on('stderr', line);
    this.ended = exited.then(async (complaint) => {
      this.#gone = true;
      clearTimeout(this.#patience);
      if (this.processId !== undefined) await drained;
      return complaint;
    });
    command.run();
  }

  /** Process id once it runs. */
  get processId(): number | undefined {
    return this.#child?.pid;
  }

  get #child(): StartedCommand['ffmpegProc'] {
    return (this.#command as StartedCommand).ffmpegProc;
  }

  /** Ends it: politely, so that its last words arrive, then by force. Also before it has started, where a signal alone would be lost. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    if (this.#started) this.#signal();
  }

  #begin(): void {
    this.#started = true;
    this.#limitLines();
    if (this.#stopping) this.#signal();
  }

  #signal(): void {
    if (this.#gone) return;
    this.#command.kill('SIGTERM');
    this.#patience = setTimeout(() => this.#command.kill('SIGKILL'), killAfterMs);
  }

  #limitLines(): void {
    let length = 0;
    this.#child?.stderr.on('data', (text: string) => {
      const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
      length = end < 0 ? length + text.length : text.length - end;
      if (length > lineLimit) this.#command.kill('SIGKILL');
    });
  }
}

/** Settles when all output was taken. */
function takeOutput(command: FfmpegCommand, take: (chunk: Buffer) => void): Promise<void> {
  // Without `close`, which fluent-ffmpeg takes for a broken pipe and answers by a signal of its own.
  const output = new Writable({ autoDestroy: false, emitClose: false, write: (chunk: Buffer, _encoding, done) => {
    take(chunk);
    done();
  } });
  command.output(output, { end: true });
  return new Promise((resolve) => output.once('finish', resolve));
}
