// Supervision of ffmpeg: nothing that it does, or that happens to us, leaves it running or fills our memory.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ffmpegCommand, isFfmpeg, openFfmpeg, type FfmpegProgram } from '../src/ffmpeg/ffmpeg-program.ts';
import { FfmpegProcess } from '../src/ffmpeg/ffmpeg-process.ts';
import { installCommand } from '../src/ffmpeg/install-hint.ts';
import { ffmpegEngine } from '../src/ingest/ffmpeg/ffmpeg-engine.ts';
import { defaultIngestOptions } from '../src/ingest/ingest-engine.ts';
import { MemorySink } from './support/memory-sink.ts';
import { until } from './support/running-recorder.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function theProgram(): Promise<FfmpegProgram> {
  const found = await openFfmpeg();
  if (!isFfmpeg(found)) throw new Error(found.message);
  return found;
}

/** An ffmpeg that does what this shell script says. */
async function played(script: string): Promise<FfmpegProgram> {
  const real = await theProgram(); // What it can do is asked of the real one.
  const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-played-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'ffmpeg');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { ...real, file };
}

const start = (program: FfmpegProgram, taken: Buffer[] = []): FfmpegProcess =>
  new FfmpegProcess({ command: ffmpegCommand(program, 'none', []).outputOptions('-f', 'null'), take: (chunk) => void taken.push(chunk) });

const isAlive = (id: number | undefined): boolean => {
  if (id === undefined) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a process of ffmpeg', { timeout: 30_000 }, () => {
  it('is stopped although it had not started yet', async () => {
    const running = start(await played('exec sleep 600'));
    running.stop();
    await running.ended;
    expect(isAlive(running.processId)).toBe(false);
  });

  it('is ended by force when it does not obey', async () => {
    const running = start(await played('trap "" TERM INT\necho ready\nwhile true; do sleep 0.1; done'));
    await until(() => isAlive(running.processId), 'the process');
    running.stop();
    await running.ended;
    expect(isAlive(running.processId)).toBe(false);
  });

  it('is ended when it says a line without an end', async () => {
    const running = start(await played('while true; do printf "%01000d" 0 >&2; done'));
    expect(await running.ended).toContain('killed');
  });

  it('delivers all that it wrote before it is said to have ended', async () => {
    const taken: Buffer[] = [];
    const running = start(await played('head -c 3000000 /dev/zero'), taken);
    expect(await running.ended).toBeUndefined();
    expect(taken.reduce((sum, { length }) => sum + length, 0)).toBe(3_000_000);
  });

  it('ends with a complaint when there is nothing to run', async () => {
    const program = await theProgram();
    expect(await start({ ...program, file: '/nowhere/ffmpeg', launcher: [] }).ended).toContain('ENOENT');
  });

  /** Kills a Node that runs ffmpeg; gives the process id of ffmpeg. */
  async function killHost(...given: string[]): Promise<number> {
    const host = fork(new URL('./support/ffmpeg-host.ts', import.meta.url), given, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    open.push(async () => void host.kill('SIGKILL'));
    const [id] = (await once(host, 'message')) as [number];
    expect(isAlive(id)).toBe(true);
    const gone = once(host, 'exit');
    host.kill('SIGKILL');
    await gone;
    return id;
  }

  it('does not outlive a Node that is killed: it finds its pipe closed', async () => {
    const id = await killHost('plain');
    await until(() => !isAlive(id), 'the end of ffmpeg');
  });

  it.runIf(process.platform === 'linux')('does not outlive a Node that is killed while the camera is silent: the kernel ends it (needs setpriv of util-linux)', async () => {
    const { file } = await played('echo ready\nexec sleep 600');
    const id = await killHost('launched', file);
    await until(() => !isAlive(id), 'the end of ffmpeg');
  });
});

describe('ffmpeg that is not there', () => {
  it('is told in the status, with the command that installs it', async () => {
    const engine = ffmpegEngine({ find: () => openFfmpeg({ FFMPEG_PATH: '/nowhere/ffmpeg' }) });
    const sink = new MemorySink();
    const session = engine.open({ url: 'http://127.0.0.1/video' }, sink, defaultIngestOptions);
    open.push(() => session.stop());
    await sink.until(() => sink.statuses.at(-1)?.state === 'error');
    expect(sink.statuses.at(-1)).toMatchObject({ code: 'FFMPEG_MISSING', message: 'ffmpeg was not found at /nowhere/ffmpeg, where FFMPEG_PATH says' });
  });

  it('is found once it is installed, without a restart', async () => {
    let installed = false;
    const engine = ffmpegEngine({ find: async () => (installed ? openFfmpeg() : { reason: 'missing', message: 'ffmpeg was not found' }) });
    await expect(engine.probe({ url: 'nonsense://x' }, defaultIngestOptions)).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
    installed = true;
    await expect(engine.probe({ url: 'nonsense://x' }, defaultIngestOptions)).rejects.toMatchObject({ code: 'UNSUPPORTED_ADDRESS' });
  });

  it('is refused when it is too old, or something else', async () => {
    const old = await played('echo "ffmpeg version 4.3.6-0+deb11u1 Copyright"');
    expect(await openFfmpeg({ FFMPEG_PATH: old.file })).toMatchObject({ reason: 'old', message: 'ffmpeg 4.3.6-0+deb11u1 is too old: 5.0 or newer is needed' });
    const other = await played('echo "hello"');
    expect(await openFfmpeg({ FFMPEG_PATH: other.file })).toMatchObject({ reason: 'missing' });
  });

  it.each<[string, NodeJS.Platform, string, string | undefined]>([
    ['Debian', 'linux', 'ID=debian', 'sudo apt-get install ffmpeg'],
    ['Ubuntu', 'linux', 'ID=ubuntu\nID_LIKE=debian', 'sudo apt-get install ffmpeg'],
    ['Fedora', 'linux', 'NAME="Fedora Linux"\nID=fedora', 'sudo dnf install ffmpeg-free'],
    ['Rocky', 'linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"', 'sudo dnf install ffmpeg-free'],
    ['openEuler', 'linux', 'ID="openEuler"', 'sudo dnf install ffmpeg-free'],
    ['macOS', 'darwin', '', 'brew install ffmpeg'],
    ['Windows', 'win32', '', 'winget install Gyan.FFmpeg'],
    ['something else', 'linux', 'ID=nixos', undefined],
  ])('is installed on %s by its own command', (_name, platform, osRelease, command) => {
    expect(installCommand({ platform, osRelease })).toBe(command);
  });
});
