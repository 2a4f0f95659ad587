// `npm run docs`: the documents that are made from the code, and the reference of every package into api-docs/.
import { run } from './lib.ts';

/** Builds the reference; warnings count as failures. */
export function buildDocs() {
  return run('typedoc', []);
}

if (import.meta.main) {
  await run('node', ['--conditions=@wanglou/source', 'scripts/reference.ts']);
  const { code, output } = await buildDocs();
  process.stdout.write(output);
  process.exitCode = code;
}
