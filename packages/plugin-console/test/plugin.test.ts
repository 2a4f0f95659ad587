import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkSite } from '../src/check-site.ts';
import { console as consolePlugin, consoleErrorTable, consoleSite } from '../src/index.ts';

describe('the console plugin', () => {
  it('needs no configuration and refuses unknown keys', async () => {
    expect(consolePlugin).toBe(consoleSite);
    expect(consoleSite.id).toBe('console');
    expect(await consoleSite.config['~standard'].validate({})).toEqual({ value: {} });
    expect(await consoleSite.config['~standard'].validate({ theme: 'pink' })).toHaveProperty('issues');
  });

  it('starts with a built page, and says what to run without one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wanglou-console-'));
    const directory = pathToFileURL(`${folder}/`);
    await expect(checkSite(directory)).rejects.toMatchObject({ code: 'SITE_MISSING', message: expect.stringContaining('npm run build') });
    await writeFile(join(folder, 'index.html'), '');
    await expect(checkSite(directory)).resolves.toBeUndefined();
    await rm(folder, { recursive: true });
  });

  it('has every error in both languages', () => {
    for (const entry of Object.values(consoleErrorTable)) expect(entry.zh && entry.en).toBeTruthy();
  });
});
