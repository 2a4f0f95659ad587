// `npm run docs`: the reference of every package, from its sources, into api-docs/.
import { run } from './lib.ts';

/** Builds the reference; warnings count as failures. */
export function buildDocs() {
  return run('typedoc', []);
}

if (import.meta.main) {
  const { code, output } = await buildDocs();
  process.stdout.write(output);
  process.exitCode = code;
}
