// How every package is built. Each package names its entries in its own tsup.config.ts.
import { basename } from 'node:path';
import { defineConfig } from 'tsup';

/**
 * ES modules with declarations, for Node 22 and later. Threads and child processes (`*-thread.ts`, `*-main.ts`) are entries
 * of their own: they lie beside index.js, whatever folder their source is in, and have no declarations.
 */
export function packageConfig(files: string[], clean = true) {
  const entry = Object.fromEntries(files.map((file) => [basename(file, '.ts'), file]));
  const declared = Object.fromEntries(Object.entries(entry).filter(([name]) => !/-(thread|main)$/.test(name)));
  return defineConfig({
    entry,
    format: ['esm'],
    target: 'node22',
    clean,
    sourcemap: true,
    // Built declarations must point at built declarations of other packages, not at their sources.
    // Without a stable order the members of a union come in the order in which files happened to be read, and API reports differ from run to run.
    dts: { entry: declared, compilerOptions: { customConditions: null, stableTypeOrdering: true } },
    // Without its prefix there is no `sqlite` module.
    removeNodeProtocol: false,
  });
}
