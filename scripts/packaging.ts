// What a consumer gets: every package is packed as it would be published, and the tarball is examined.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { packages, pool, root, run } from './lib.ts';

/** Packs and examines every package (publint, are-the-types-wrong); answers what is wrong. Needs built packages. */
export async function examinePackages(): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-pack-'));
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };
  const problems: string[] = [];
  try {
    const packed = await run('npx', ['--yes', packageManager, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]);
    if (packed.code !== 0) return [packed.output];
    const tarballs = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
    if (tarballs.length !== packages().length) problems.push(`${tarballs.length} of ${packages().length} packages were packed`);
    await pool(tarballs, async (tarball) => {
      for (const [program, args] of [
        ['publint', ['run', '--strict', join(folder, tarball)]],
        ['attw', [join(folder, tarball), '--profile', 'esm-only', '--quiet']],
      ] as const) {
        const { code, output } = await run(program, args);
        if (code !== 0) problems.push(`${program} ${tarball}\n${output}`);
      }
    });
  } finally {
    await rm(folder, { recursive: true });
  }
  return problems;
}
