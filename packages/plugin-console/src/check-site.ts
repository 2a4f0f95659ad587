// Whether the page was built.
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ConsoleError } from './console-error.ts';

/** Throws `SITE_MISSING` when a folder holds no page. */
export async function checkSite(directory: URL): Promise<void> {
  const page = fileURLToPath(new URL('index.html', directory));
  try {
    await access(page);
  } catch (cause) {
    throw new ConsoleError('SITE_MISSING', { path: page }, { cause });
  }
}
