// The snippet of the codec in the README does what it says.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

it('the snippet of the README prints the alarm and its confirmation', async () => {
  const [, snippet] = /```ts\n(import [^\n]*gb26875[^]*?)```/.exec(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))!;
  const folder = await mkdtemp(join(import.meta.dirname, 'temp-snippets-'));
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await writeFile(join(folder, 'snippet.ts'), snippet!.replace('@wanglou/plugin-fire/gb26875', '../../src/gb26875.ts'));
    await import(join(folder, 'snippet.ts'));
    expect(log.mock.calls).toEqual([[2, undefined, ['fire'], 131_082], ['404001000101233a091a090c385b01000000790300000000000003ab2323']]);
  } finally {
    log.mockRestore();
    await rm(folder, { recursive: true });
  }
});
