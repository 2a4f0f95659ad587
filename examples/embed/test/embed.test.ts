import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, startScript } from '../../../tests/e2e/support/child.ts';
import { wanglou } from '../../../tests/e2e/support/wanglou.ts';

it('the embedding example permits one act, refuses the other by its article, and leaves a log that verifies', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-embed-'));
  try {
    const child = startScript(join(root, 'examples', 'embed', 'main.ts'), [folder]);
    const { code } = await child.exited;
    expect({ code, output: child.output() }).toEqual({ code: 0, output: "li: { opened: 'east' }\nzhao: Article 9: The system administrator runs and maintains the system\n" });
    expect(await wanglou(['audit', 'verify', '--data', folder])).toMatchObject({ code: 0, output: expect.stringMatching(/^✔ The audit log verifies: 6 entries/) });
  } finally {
    await rm(folder, { recursive: true });
  }
});
