// The console's server half: it only says where the prebuilt page lies. The page itself is under web/.
import { definePlugin } from '@wanglou/core';
import { staticSites } from '@wanglou/plugin-http/contract';
import { z } from 'zod';
import { checkSite } from './check-site.ts';

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
    await checkSite(directory);
    ctx.contribute(staticSites, { prefix: '/', directory });
  },
});
