// What the scripts share: where things are, which packages there are, and running programs.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A package of the workspace that is published. */
export interface Package {
  readonly folder: string;
  readonly name: string;
  /** Export keys and their sources, such as `.` → `./src/index.ts`. */
  readonly entries: ReadonlyMap<string, string>;
  readonly dependencies: readonly string[];
}

/** The published packages, dependencies first. */
export function packages(): readonly Package[] {
  const all = readdirSync(join(root, 'packages')).map((name): Package => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Record<string, any>;
    const entries = Object.entries(manifest['exports'] as Record<string, any>).flatMap(([key, value]) => (typeof value === 'object' ? [[key, value['@wanglou/source'] as string] as const] : []));
    const dependencies = Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] }).filter((dependency) => dependency.startsWith('@wanglou/'));
    return { folder: join(root, 'packages', name), name: manifest['name'] as string, entries: new Map(entries), dependencies };
  });
  const sorted: Package[] = [];
  const visit = (one: Package): void => {
    if (sorted.includes(one)) return;
    for (const dependency of one.dependencies) visit(all.find((candidate) => candidate.name === dependency)!);
    sorted.push(one);
  };
  for (const one of all) visit(one);
  return sorted;
}

/** What a program printed, and how it ended. */
export interface RunResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end. With `show`, its output goes to the terminal as it comes. */
export function run(file: string, args: readonly string[], options: { readonly cwd?: string; readonly show?: boolean; readonly env?: NodeJS.ProcessEnv } = {}): Promise<RunResult> {
  const { promise, resolve } = Promise.withResolvers<RunResult>();
  const child = spawn(file, args, { cwd: options.cwd ?? root, env: { ...process.env, ...options.env }, stdio: options.show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  child.once('error', (error) => resolve({ code: 1, output: error.message }));
  child.once('close', (code) => resolve({ code: code ?? 1, output }));
  return promise;
}

/** Runs tasks, two at a time. */
export async function pool<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    [1, 2].map(async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
