// Finds and loads a campus's configuration.
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CampusConfig } from '@wanglou/core';
import { isCodedError } from '@wanglou/core';
import { CliError } from './errors.ts';

const defaultNames = ['wanglou.config.ts', 'wanglou.config.js', 'wanglou.config.mjs'];

/** Loads the named file, or the first of the default names in the folder. Node runs TypeScript as it is. */
export async function loadConfig(name: string | undefined, folder = process.cwd()): Promise<CampusConfig> {
  const path = await findConfig(name, folder);
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (error) {
    if (isCodedError(error)) throw error;
    throw new CliError('CONFIG_UNREADABLE', { path, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
  if (!isCampus(exported)) throw new CliError('CONFIG_NOT_A_CAMPUS', { path });
  return exported;
}

async function findConfig(name: string | undefined, folder: string): Promise<string> {
  for (const candidate of name === undefined ? defaultNames : [name]) {
    const path = resolve(folder, candidate);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  throw new CliError('CONFIG_NOT_FOUND', { path: resolve(folder, name ?? defaultNames[0]!) });
}

function isCampus(value: unknown): value is CampusConfig {
  return typeof value === 'object' && value !== null && 'policy' in value && 'plugins' in value && 'store' in value;
}
