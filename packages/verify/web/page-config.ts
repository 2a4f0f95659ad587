// How the page is built. Puts script, style and markup into one file whose content security policy allows exactly these two, and no network.
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';

const folder = dirname(fileURLToPath(import.meta.url));

/** How tsup makes `<outDir>/verify.html`. */
export function pageConfig(outDir: string): Options {
  return {
    entry: { page: join(folder, 'page.ts') },
    format: ['iife'],
    platform: 'browser',
    // Browsers of old machines, too.
    target: 'chrome100',
    minify: true,
    outDir,
    clean: false,
    dts: false,
    onSuccess: () => assemblePage(outDir),
  };
}

/** Makes `<outFolder>/verify.html` of the bundle `<outFolder>/page.global.js`, which it removes. */
async function assemblePage(outFolder: string): Promise<void> {
  const bundle = join(outFolder, 'page.global.js');
  const [markup, css, js] = await Promise.all([readFile(join(folder, 'page.html'), 'utf8'), readFile(join(folder, 'page.css'), 'utf8'), readFile(bundle, 'utf8')]);
  // Nothing in a script may end it early.
  const script = js.replaceAll(/<\/(script)/gi, String.raw`<\/$1`);
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(css)}'; base-uri 'none'; form-action 'none'`;
  const parts: Readonly<Record<string, string>> = { policy, style: css, script };
  await writeFile(join(outFolder, 'verify.html'), markup.replaceAll(/\{\{(policy|style|script)\}\}/g, (_, name: string) => parts[name]!));
  await rm(bundle);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
