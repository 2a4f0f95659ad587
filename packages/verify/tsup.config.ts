import { rmSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { packageConfig } from '../../tsup.base.ts';
import { pageConfig } from './web/page-config.ts';

// The three builds run side by side, so none of them may empty the folder.
rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });

/** One file with everything in it. */
const browser = { entry: { browser: 'src/browser.ts' }, format: ['esm'], platform: 'browser', target: 'es2022', splitting: false, clean: false, sourcemap: true, dts: { compilerOptions: { customConditions: null, stableTypeOrdering: true } } } as Options;

export default defineConfig([...[packageConfig(['src/index.ts'], false)].flat().map((config) => config as Options), browser, pageConfig('dist')]);
