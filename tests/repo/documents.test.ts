// The documents say what the code does: links lead somewhere, snippets compile, generated pages are current.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root, run } from '../../scripts/lib.ts';
import { referenceDocuments } from '../../scripts/reference.ts';

const { stdout } = await promisify(execFile)('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root });
// API reports and changesets are written by tools.
const documents = stdout.split('\n').filter((file) => file !== '' && !/\.api\.md$|^\.changeset\//.test(file) && existsSync(join(root, file)));

describe('documents', () => {
  it.each(documents)('%s has no dead links', async (file) => {
    const text = await readFile(join(root, file), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!).filter((target) => !/^(https?:|#|mailto:)/.test(target));
    const dead = targets.filter((target) => !existsSync(resolve(join(root, dirname(file)), target.split('#')[0]!)));
    expect(dead).toEqual([]);
  });

  it.each([...referenceDocuments()])('%s is what the code says (npm run docs writes it)', async (path, text) => {
    expect(await readFile(join(root, path), 'utf8')).toBe(text);
  });

  it('have TypeScript snippets that compile', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(root, 'temp-snippets-'));
    try {
      // The example campus has every package of ours, core has zod.
      await mkdir(join(folder, 'node_modules'));
      await symlink(join(root, 'examples', 'campus', 'node_modules', '@wanglou'), join(folder, 'node_modules', '@wanglou'));
      await symlink(join(root, 'packages', 'core', 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'));
      const names: string[] = [];
      for (const file of documents) {
        const text = await readFile(join(root, file), 'utf8');
        for (const [index, match] of [...text.matchAll(/^ *```ts\n([^]*?)^ *```/gm)].entries()) {
          const name = `${relative(root, file).replaceAll(/[^a-zA-Z0-9]/g, '-')}-${index}.ts`;
          names.push(name);
          await writeFile(join(folder, name), `${match[1]}\nexport {};\n`);
        }
      }
      expect(names.length).toBeGreaterThan(4);
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.base.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] }));
      const { code, output } = await run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder]);
      expect(output).toBe('');
      expect(code).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
