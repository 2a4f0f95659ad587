import { readFile } from 'node:fs/promises';
import { createTestKernel, pluginChecks } from '@wanglou/core/testing';
import { describe, expect, it } from 'vitest';
import { countPeople, hallFull, turnstile } from '../src/index.ts';

const guard = { kind: 'person', id: 'guard' } as const;

describe('the example plugin', () => {
  for (const check of pluginChecks(turnstile({ capacity: 2 }))) it(check.name, () => check.run());

  it('counts, tells when a hall is full, and leaves a record of each count', async () => {
    await using kernel = await createTestKernel();
    await kernel.load([turnstile({ capacity: 2 })]);
    const full: unknown[] = [];
    kernel.on(hallFull, (event) => void full.push(event));
    expect(await kernel.call(countPeople, { hall: 'aula', change: 1 }, guard)).toEqual({ people: 1 });
    expect(await kernel.call(countPeople, { hall: 'aula', change: 1 }, guard)).toEqual({ people: 2 });
    expect(await kernel.call(countPeople, { hall: 'aula', change: -5 }, guard)).toEqual({ people: 0 });
    expect(full).toEqual([{ hall: 'aula', people: 2 }]);
    expect(kernel.audited.filter((entry) => entry.kind === 'decision')).toHaveLength(3);
    kernel.denied.add('duty');
    await expect(kernel.call(countPeople, { hall: 'aula', change: 1 }, guard)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('is under 30 lines', async () => {
    expect((await readFile(new URL('../src/index.ts', import.meta.url), 'utf8')).trimEnd().split('\n').length).toBeLessThan(30);
  });
});
