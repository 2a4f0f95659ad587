// The console's server half: it only says where the prebuilt page lies. The page itself is under web/.
import { access } from 'node:fs/promises';
import { definePlugin } from '@wanglou/core';
import { staticSites } from '@wanglou/plugin-http/contract';
import { z } from 'zod';
import { ConsoleError } from './console-error.ts';

/** The same relative place from src/plugin.ts and from dist/index.js. */
const directory = new URL('../dist/site/', import.meta.url);

/**
 * Serves the web control room at `/`.
 * Throws `SITE_MISSING` at start when the page was not built.
 *
 * @example
 * defineCampus({ plugins: [http({ port: 8080 }), console()], ... })
 */
export const consoleSite = definePlugin({
  id: 'console',
  config: z.strictObject({}).default({}),
  async setup(ctx) {
    const page = new URL('index.html', directory);
    try {
      await access(page);
    } catch (cause) {
      throw new ConsoleError('SITE_MISSING', { path: page.pathname }, { cause });
    }
    ctx.contribute(staticSites, { prefix: '/', directory });
  },
});
