// Runs a `wanglou` command line to its end.
import { join } from 'node:path';
import { root, startScript } from './child.ts';

/** What a command said, and its exit code. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `wanglou <args>`; the language is English unless the environment says otherwise. */
export async function wanglou(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const child = startScript(join(root, 'scripts', 'wanglou.ts'), args, env);
  const { code } = await child.exited;
  return { code, output: child.output() };
}
