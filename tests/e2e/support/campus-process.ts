// A campus as a process of its own, started as a user would, in a data folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alive, descendantsOf, root, startScript, until, type Child, type Exit } from './child.ts';
import { Client } from './client.ts';

/** What {@link startCampus} takes. */
export interface CampusOptions {
  /** Configuration; the example campus unless said. */
  readonly config?: string;
  /** Data folder; a new one unless said. */
  readonly data?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Starts `examples/campus/start.ts`, which brings its cameras along, instead of `wanglou start`. */
  readonly withCameras?: boolean;
}

/** A running campus. */
export interface CampusProcess {
  readonly child: Child;
  readonly address: string;
  readonly data: string;
  /** A client that has not signed in. */
  client(): Client;
  /** Stops it in order; answers how it ended. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<Exit>;
  /** Kills it at once; with `withWorkers`, its recorder workers in the same moment. Answers who they were. */
  kill(withWorkers?: boolean): Promise<{ readonly killedMs: number; readonly workers: readonly number[] }>;
  /** Deletes the data folder. */
  remove(): Promise<void>;
}

export const exampleConfig = join(root, 'examples', 'campus', 'wanglou.config.ts');

/** A new folder for data. */
export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'wanglou-e2e-'));
}

/** A new folder that is deleted when it is disposed of; declared before disks that are mounted in it, it goes after them. */
export async function disposableFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await newFolder();
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Starts a process that ought to become a campus; the caller waits for what it says. */
export function launchCampus({ config = exampleConfig, data, env, withCameras = false }: CampusOptions & { readonly data: string }): Child {
  const environment = { PORT: '0', DATA_DIR: data, ...env };
  return withCameras ? startScript(join(root, 'examples', 'campus', 'start.ts'), [], environment) : startScript(join(root, 'scripts', 'wanglou.ts'), ['start', '--config', config], environment);
}

/** Starts a campus and waits until it serves. */
export async function startCampus(options: CampusOptions = {}): Promise<CampusProcess> {
  const data = options.data ?? (await newFolder());
  const child = launchCampus({ ...options, data });
  const [, address = ''] = await child.said(/^Ready: (http\S+)$/m);
  return {
    child,
    address,
    data,
    client: () => new Client(address),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return child.exited;
    },
    async kill(withWorkers = false) {
      const workers = await descendantsOf(child.pid);
      const killedMs = Date.now();
      child.kill('SIGKILL');
      if (withWorkers) for (const pid of workers) process.kill(pid, 'SIGKILL');
      await child.exited;
      return { killedMs, workers };
    },
    remove: () => rm(data, { recursive: true, force: true }),
  };
}

/** Waits until none of these processes runs; answers those that still do at the end. */
export async function orphans(pids: readonly number[], withinMs = 5000): Promise<number[]> {
  return until('the processes to end', async () => ((await alive(pids)).length === 0 ? [] : undefined), withinMs).catch(() => alive(pids));
}
