// Finds a policy pack: one of ours by its id, or a file.
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isCodedError, kernelFacts, type FactDeclaration, type PolicyPack } from '@wanglou/core';
import { accessFacts } from '@wanglou/plugin-access';
import { packs } from '@wanglou/policies';
import { CliError } from './errors.ts';

/** Facts that a pack may use: what the kernel and plugin-access know. Other plugins' facts a pack declares itself. */
export const knownFacts: readonly FactDeclaration[] = [...kernelFacts, ...accessFacts];

/**
 * Loads a pack by its id (`upc-2013`), or from a file: `.json`, or a `.ts`, `.js` or `.mjs` module whose default export is a pack or
 * a function that makes one. Throws `PACK_NOT_FOUND`, `PACK_UNREADABLE` or `PACK_NOT_A_PACK`; whether its rules are in order is not asked here.
 */
export async function loadPack(name: string, folder = process.cwd()): Promise<PolicyPack> {
  if (Object.hasOwn(packs, name)) return packs[name]!();
  const path = resolve(folder, name);
  const value = await readValue(path, name);
  if (!isPack(value)) throw new CliError('PACK_NOT_A_PACK', { path });
  return value;
}

async function readValue(path: string, name: string): Promise<unknown> {
  try {
    // Read first, also where it is imported: an import does not say which of its files is missing.
    const text = await readFile(path, 'utf8');
    if (extname(path) === '.json') return JSON.parse(text);
    const exported = ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
    return typeof exported === 'function' ? await exported() : exported;
  } catch (error) {
    if (isCodedError(error)) throw error;
    const { code, path: missing, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && missing === path) throw new CliError('PACK_NOT_FOUND', { name, known: Object.keys(packs).join(', ') }, { cause: error });
    throw new CliError('PACK_UNREADABLE', { path, reason: message }, { cause: error });
  }
}

function isPack(value: unknown): value is PolicyPack {
  return typeof value === 'object' && value !== null && 'id' in value && 'rules' in value;
}
