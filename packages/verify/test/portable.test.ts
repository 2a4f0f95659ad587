// What runs in browsers uses nothing of Node, and what runs in Node needs no other package.
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../src');

/** The files that an entry reaches, and the packages that they import. */
async function reach(entry: string): Promise<{ readonly files: readonly string[]; readonly packages: readonly string[] }> {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (files.has(file)) return;
    files.add(file);
    const text = await readFile(file, 'utf8');
    for (const [, target] of text.matchAll(/^(?:import|export) (?!type )[^'\n]*from '([^']+)'/gm)) {
      if (target!.startsWith('.')) await visit(join(dirname(file), target!));
      else packages.add(target!);
    }
  };
  await visit(join(source, entry));
  return { files: [...files], packages: [...packages].sort() };
}

describe('the browser entry', () => {
  it('imports noble alone and touches no Buffer and no process', async () => {
    const { files, packages } = await reach('browser.ts');
    expect(packages).toEqual(['@noble/curves/ed25519.js', '@noble/hashes/sha2.js']);
    for (const file of files) expect([relative(source, file), /\b(Buffer|process|require)\b/.exec(await readFile(file, 'utf8'))]).toEqual([relative(source, file), null]);
  });
});

describe('the Node entry', () => {
  it('imports nothing that does not come with Node', async () => {
    const { packages } = await reach('index.ts');
    expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([]);
    const manifest = JSON.parse(await readFile(join(source, '../package.json'), 'utf8')) as Record<string, unknown>;
    expect([manifest['dependencies'], manifest['peerDependencies']]).toEqual([undefined, undefined]);
  });
});
