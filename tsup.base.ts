// How every package is built. Each package names its entries in its own tsup.config.ts.
import { defineConfig } from 'tsup';

/** ES modules with declarations, for Node 22 and later. Threads and child processes need entries of their own beside index.js. */
export function packageConfig(entry: string[], clean = true) {
  return defineConfig({
    entry,
    format: ['esm'],
    target: 'node22',
    clean,
    sourcemap: true,
    // Built declarations must point at built declarations of other packages, not at their sources.
    dts: { entry: entry.filter((file) => !/-(thread|main)\.ts$/.test(file)), compilerOptions: { customConditions: null } },
    // Keeps `node:sqlite`: without the prefix there is no such module.
    removeNodeProtocol: false,
  });
}
