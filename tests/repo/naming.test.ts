// Names follow one pattern, so that the next person guesses where things are.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { packages, root } from '../../scripts/lib.ts';
import { allOperations } from '../../scripts/reference.ts';

const { stdout } = await promisify(execFile)('git', ['ls-files', 'packages', 'examples', 'scripts', 'tests', 'bench'], { cwd: root });
const sources = stdout.split('\n').filter((file) => /\.tsx?$/.test(file));

describe('names', () => {
  it('of source files are kebab-case', () => {
    expect(sources.filter((file) => !/(^|\/)[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|base|d))*\.tsx?$/.test(file))).toEqual([]);
  });

  it('of operations are noun.verb, and each is declared once', () => {
    const ids = allOperations().map((operation) => operation.id);
    expect(ids.filter((id) => !/^[a-z]+\.[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('of titles are there in both languages', () => {
    for (const { id, title } of allOperations()) expect([id, /\p{Script=Han}/u.test(title.zh), /^[A-Z]/.test(title.en)]).toEqual([id, true, true]);
  });
});

describe('source files', () => {
  it('open with a line that says what they are for', async () => {
    const silent: string[] = [];
    for (const file of sources.filter((name) => /^packages\/[^/]+\/(src|web)\//.test(name))) {
      const text = await readFile(join(root, file), 'utf8');
      if (!/^(\/\/ |\/\*\*|#!|import '|declare )/.test(text)) silent.push(file);
    }
    expect(silent).toEqual([]);
  });

  it('hold no switched-off check and no leftover', async () => {
    const found: string[] = [];
    for (const file of sources) {
      const text = await readFile(join(root, file), 'utf8');
      // The brackets keep this file from finding itself.
      if (/T[O]DO|F[I]XME|@ts-[i]gnore|[a-z]+lint-[d]isable|\b(it|test|describe)\.(onl[y]|tod[o])\(/.test(text)) found.push(file);
    }
    expect(found).toEqual([]);
  });
});

describe('packages', () => {
  it('say what they are, under one licence, for one range of Node', async () => {
    for (const one of packages()) {
      const manifest = JSON.parse(await readFile(join(one.folder, 'package.json'), 'utf8')) as Record<string, unknown>;
      expect(manifest).toMatchObject({ license: 'Apache-2.0', type: 'module', description: expect.stringMatching(/^[A-Z]/), engines: { node: '^22.18 || ^24.11 || >=26' }, publishConfig: { access: 'public' } });
      expect(await readFile(join(one.folder, 'README.md'), 'utf8')).toContain(`# ${one.name}`);
    }
  });
});
