import { defineConfig } from 'vitest/config';

const source = ['@wanglou/source'];
/** Tests that drive a browser: one file at a time. */
const inBrowsers = ['packages/plugin-console/test/{axe,flows,audit-flows}.test.ts'];

/** Tests run on the sources: the `@wanglou/source` export condition of every package points at its `src/`. */
export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source, externalConditions: source } },
  test: {
    // Threads strip types by WebAssembly, and V8 may abort when it frees such code in one thread of several (nodejs/node 64500).
    execArgv: ['--conditions=@wanglou/source', '--no-wasm-code-gc'],
    // Tests of recording wait for real time more than they work: more of them than cores halve the wait.
    maxWorkers: 3,
    projects: [
      // A machine that does other things as well is slow, not wrong.
      { extends: true, test: { name: 'unit', testTimeout: 20_000, hookTimeout: 30_000, include: ['packages/*/test/**/*.test.{ts,tsx}', 'tests/repo/**/*.test.ts'], exclude: inBrowsers } },
      { extends: true, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts', 'examples/*/test/**/*.test.ts', ...inBrowsers], fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
