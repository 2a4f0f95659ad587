// `npm run build`: every package, dependencies first; two at a time where they do not depend on one another.
import { join } from 'node:path';
import { packages, pool, run, type Package } from './lib.ts';

/** Builds all packages; answers what failed. */
export async function buildPackages(): Promise<readonly string[]> {
  const failures: string[] = [];
  const built = new Set<string>();
  let rest: readonly Package[] = packages();
  while (rest.length > 0) {
    const ready = rest.filter((one) => one.dependencies.every((dependency) => built.has(dependency)));
    await pool(ready, async (one) => {
      const { code, output } = await run('tsup', ['--silent'], { cwd: one.folder, env: { PATH: `${join(one.folder, 'node_modules', '.bin')}:${process.env['PATH']}` } });
      if (code !== 0) failures.push(`${one.name}\n${output}`);
    });
    for (const one of ready) built.add(one.name);
    rest = rest.filter((one) => !built.has(one.name));
  }
  return failures;
}

if (import.meta.main) {
  const failures = await buildPackages();
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
