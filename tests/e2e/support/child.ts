// Child processes of the tests: their output, their end, and who descends from them. Each is ended by its own id.
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process under watch. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Everything it has said so far, both streams in order of arrival. */
  output(): string;
  /** Waits for output that matches; rejects with the output when it ends first, or does not come in time. */
  said(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program. Its standard input stays open until the tests end, however they end. */
export function start(file: string, args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {}): Child {
  const child = spawn(file, args, { cwd: options.cwd ?? root, env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  const heard = (chunk: Buffer) => void (output += chunk.toString());
  child.stdout.on('data', heard);
  child.stderr.on('data', heard);
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid!,
    exited,
    output: () => output,
    async said(pattern, withinMs = 30_000) {
      let over = '';
      void exited.then(
        (exit) => (over = `it ended (${exit.code ?? exit.signal})`),
        (error: Error) => (over = error.message),
      );
      for (const endMs = performance.now() + withinMs; ; ) {
        const found = pattern.exec(output);
        if (found) return found;
        if (performance.now() > endMs) over = `waited ${withinMs} ms`;
        if (over !== '') throw new Error(`${over} without saying ${pattern}:\n${output}`);
        await pause(10);
      }
    },
    kill: (signal) => void child.kill(signal),
  };
}

/** Starts a script of the project on this Node, from the sources. */
export function startScript(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Child {
  return start(process.execPath, ['--conditions=@wanglou/source', '--disable-warning=ExperimentalWarning', script, ...args], { env: { LANG: 'C.UTF-8', LC_ALL: '', ...env } });
}

export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Asks until the answer is not `undefined`; names what it waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, withinMs = 20_000, everyMs = 50): Promise<T> {
  for (const endMs = performance.now() + withinMs; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await pause(everyMs);
  }
}

/** All processes that descend from one, by /proc. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end while it is looked at.
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (stat !== '') parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const tree = [pid];
  for (let index = 0; index < tree.length; index++) for (const [child, parent] of parents) if (parent === tree[index]) tree.push(child);
  return tree.slice(1);
}

/** Which of these processes still run; a zombie does not. */
export async function alive(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => states[index] !== '' && !/\) [ZX] /.test(states[index]!));
}
