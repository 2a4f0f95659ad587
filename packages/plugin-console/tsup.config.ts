// Builds the server half beside the page; `clean` stays off because dist/site belongs to the page's build.
import { defineConfig } from 'tsup';

export default defineConfig({ entry: ['src/index.ts'], format: ['esm'], dts: { compilerOptions: { customConditions: null } }, clean: false, sourcemap: true, target: 'node22' });
