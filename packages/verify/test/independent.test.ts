// The independent checker in Python agrees with this package, on good logs and on broken ones.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../../scripts/peers.ts';
import { createFolderSource, parsePolicy, tilePath, utf8, verifyLog } from '../src/index.ts';
import { archive, bothPolicy, bundleOf, createTestLog, entriesOf, entryOf, logKey, office, writeFiles } from './test-log.ts';
import { hasVectors, vectorsFolder } from './vectors-folder.ts';

const python = findProgram(['python3']);
const script = resolve(import.meta.dirname, '../../../tests/independent/check_log.py');

/** What the checker said, and how it ended. */
async function checkLog(folder: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  try {
    const { stdout } = await promisify(execFile)(python!, [script, folder, ...args]);
    return { code: 0, said: stdout.trim() };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, said: stderr.trim() };
  }
}

async function newFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'wanglou-independent-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe.skipIf(!python)('check_log.py (left out without python3)', { timeout: 60_000 }, () => {
  it.each([0, 1, 256, 700, 66_000])('says what this package says of a good log of %i entries', async (size) => {
    await using folder = await newFolder();
    await writeFiles(folder.path, createTestLog(entriesOf(size)).files);
    const { root } = await verifyLog(createFolderSource(folder.path), { policy: parsePolicy(bothPolicy) });
    expect(await checkLog(folder.path, logKey.vkey, office.vkey, archive.vkey)).toEqual({ code: 0, said: `ok ${size} ${root}` });
  });

  it.skipIf(!hasVectors)('agrees with the log of Tessera at every size', async () => {
    await using folder = await newFolder();
    await cp(join(vectorsFolder, 'tlog-tiles/testdata/log'), folder.path, { recursive: true });
    for (let size = 0; size <= 15; size++) {
      await cp(join(folder.path, `checkpoint.${size}`), join(folder.path, 'checkpoint'));
      expect(await checkLog(folder.path, 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx', '--any-entries')).toMatchObject({ code: 0, said: expect.stringMatching(new RegExp(`^ok ${size} `)) });
    }
  });

  it('takes the witnessed checkpoint where the newest is not cosigned yet', async () => {
    await using folder = await newFolder();
    const young = createTestLog(entriesOf(700), [logKey]);
    await writeFiles(folder.path, young.files.set('witnessed', utf8(young.checkpoint(640))));
    expect(await checkLog(folder.path, logKey.vkey, office.vkey, archive.vkey)).toMatchObject({ code: 0, said: expect.stringMatching(/^ok 700 /) });
    await writeFile(join(folder.path, 'witnessed'), createTestLog(entriesOf(700).with(3, entryOf({}))).checkpoint(640));
    expect(await checkLog(folder.path, logKey.vkey, office.vkey, archive.vkey)).toMatchObject({ code: 1, said: expect.stringContaining('the root that the witnesses saw') });
    await writeFile(join(folder.path, 'witnessed'), createTestLog(entriesOf(701)).checkpoint(701));
    expect(await checkLog(folder.path, logKey.vkey, office.vkey, archive.vkey)).toMatchObject({ code: 1, said: expect.stringContaining('cut or rolled back') });
  });

  const log = createTestLog(entriesOf(700));
  const last = log.files.get(tilePath('entries', 2, 188))!;
  it.each<readonly [string, string, Uint8Array | string, string]>([
    ['an entry was changed', tilePath('entries', 1), bundleOf(log.entries.slice(256, 512).map((entry, place) => utf8(place === 44 ? entryOf({ call: 'x' }) : entry))), 'entry 300 is not the one whose hash is in the tree'],
    ['a bundle was cut', tilePath('entries', 2, 188), last.subarray(0, -1), 'ends within entry 699'],
    ['a tile was changed', tilePath(0, 0), log.files.get(tilePath(0, 0))!.with(5, 0), 'entry 0 is not'],
    ['an upper tile was changed', tilePath(1, 0, 2), log.files.get(tilePath(1, 0, 2))!.with(40, 0), 'does not fit the tiles below it'],
    ['the checkpoint was changed', 'checkpoint', log.checkpoint(699).replace('\n699\n', '\n700\n'), 'does not fit the checkpoint'],
    ['the checkpoint is that of a longer log', 'checkpoint', createTestLog(entriesOf(701).with(3, entryOf({}))).checkpoint(700), 'do not give the root'],
    ['a witness is missing', 'checkpoint', log.checkpoint(700, [logKey, office]), 'archive.example/w1 did not sign'],
  ])('fails with a sentence when %s', async (_, path, bytes, sentence) => {
    await using folder = await newFolder();
    await writeFiles(folder.path, log.files);
    await writeFile(join(folder.path, path), bytes);
    expect(await checkLog(folder.path, logKey.vkey, office.vkey, archive.vkey)).toMatchObject({ code: 1, said: expect.stringContaining(sentence) });
    expect(await verifyLog(createFolderSource(folder.path), { policy: parsePolicy(bothPolicy) })).toMatchObject({ ok: false });
  });

  it('fails when an entry is not canonical', async () => {
    await using folder = await newFolder();
    await writeFiles(folder.path, createTestLog([...entriesOf(3), '{"v":1, "kind":"decision"}']).files);
    expect(await checkLog(folder.path, logKey.vkey)).toMatchObject({ code: 1, said: 'not ok: entry 3 is not canonical JSON' });
  });
});
