import { mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as browser from '../src/browser.ts';
import { createFilesSource, createFolderEvidence, parsePolicy, verifyClip, verifyEvidence, type EvidenceResult } from '../src/index.ts';
import { bothPolicy, entryOf, logKey, writeFiles } from './test-log.ts';
import { createTestEvidence, type TestEvidence } from './test-evidence.ts';

const policy = parsePolicy(bothPolicy);

/** Verifies a package in a folder of its own, after something was done to it. */
async function verified(change: (evidence: TestEvidence, folder: string) => void | Promise<void> = () => undefined, after: (folder: string) => Promise<void> = async () => undefined): Promise<EvidenceResult> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-evidence-'));
  try {
    const evidence = createTestEvidence();
    await change(evidence, folder);
    evidence.files.set('evidence.json', evidence.files.get('evidence.json') === '' ? '' : JSON.stringify(evidence.list));
    await writeFiles(folder, evidence.files);
    await after(folder);
    return await verifyEvidence(createFolderEvidence(folder), policy);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 100);
  yield bytes.subarray(100);
}

describe('verifyEvidence', () => {
  it('finds every file original, and says what is missing', async () => {
    const result = await verified();
    expect(result).toMatchObject({ ok: true, unlisted: [], missing: [{ camera: 'library', cause: 'camera offline' }] });
    expect(result.files.map(({ name, ok, seal }) => [name, ok, seal])).toEqual([['gate/1.mp4', true, 0], ['gate/2.mp4', true, 0], ['library/1.mp4', true, 0], ['gate/3.mp4', true, 1]]);
    expect([...result.seals, ...result.receipts].every((receipt) => receipt.ok)).toBe(true);
  });

  it('takes files that were picked in a browser, as a folder or one by one', async () => {
    const { files } = createTestEvidence();
    const picked = (folder: boolean) => [...files].map(([name, bytes]) => ({ name: name.split('/').at(-1)!, ...(folder ? { webkitRelativePath: `package/${name}` } : {}), stream: () => new Blob([bytes as BlobPart]).stream() }));
    expect(await browser.verifyEvidence(createFilesSource(picked(true)), policy)).toMatchObject({ ok: true, unlisted: [] });
    // Two files are called 1.mp4 now: one of them stands for both, and does not pass for the other.
    const flat = await browser.verifyEvidence(createFilesSource(picked(false)), policy);
    expect(flat.files.map(({ ok }) => ok)).toEqual([true, true, false, true]);
  });

  it('names a file that was changed, cut, exchanged or left out', async () => {
    const one = await verified(({ files }) => void files.set('gate/2.mp4', new Uint8Array(5009)));
    expect(one).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_FILE_CHANGED' } });
    expect(one.files.map(({ ok }) => ok)).toEqual([true, false, true, true]);
    expect(await verified(({ files }) => void files.set('gate/2.mp4', 'short'))).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_FILE_CHANGED', text: { en: expect.stringContaining('5 bytes') } } });
    expect(await verified(({ files }) => void files.set('gate/2.mp4', files.get('gate/1.mp4')!))).toMatchObject({ ok: false });
    expect(await verified(({ files }) => void files.delete('gate/2.mp4'))).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_FILE_MISSING', text: { en: 'The file gate/2.mp4 is listed and not there' } } });
  });

  it('holds a film that was made for the package to what the log says of it', async () => {
    expect((await verified()).listed).toEqual([{ name: 'films/gate.mp4', ok: true }]);
    const unproven = { ok: false, problem: { code: 'EVIDENCE_EXPORT_UNPROVEN' } };
    const changed = await verified(({ files }) => void files.set('films/gate.mp4', 'a fake'));
    expect(changed).toMatchObject({ ...unproven, listed: [{ name: 'films/gate.mp4', ...unproven }] });
    expect(changed.files.every(({ ok }) => ok)).toBe(true);
    expect(await verified(({ files }) => void files.delete('films/gate.mp4'))).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_FILE_MISSING' } });
    // A list that nobody recorded, whatever it holds: another hash, another name, no receipt.
    expect(await verified(({ list }) => void (list['listed'] = [...list['listed'], { name: 'evidence.txt', bytes: 0, sha256: 'a'.repeat(64) }]))).toMatchObject({ ok: false });
    expect(await verified(({ list, files }) => {
      files.set('films/other.mp4', files.get('films/gate.mp4')!);
      list['listed'] = [{ ...list['listed'][0], name: 'films/other.mp4' }];
    })).toMatchObject(unproven);
    expect(await verified(({ list }) => void list['receipts'].pop())).toMatchObject(unproven);
    for (const wrong of [{ name: '../x', bytes: 1, sha256: 'a'.repeat(64) }, { name: 'x', bytes: -1, sha256: 'a'.repeat(64) }, { name: 'x', bytes: 1, sha256: 'A'.repeat(64) }, { name: 'x', bytes: 1, sha256: 'a'.repeat(64), more: 1 }, { name: 'gate/1.mp4', bytes: 1, sha256: 'a'.repeat(64) }, 'x']) expect(await verified(({ list }) => void (list['listed'] = [wrong])), JSON.stringify(wrong)).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_MALFORMED' } });
  });

  it('names files that are not listed, and does not call them wrong', async () => {
    expect(await verified(({ files }) => void files.set('extra/clip.mp4', 'x').set('README.txt', 'y'))).toMatchObject({ ok: true, unlisted: ['README.txt', 'extra/clip.mp4'] });
  });

  it('does not follow links out of the folder', async () => {
    await expect(verified(undefined, async (folder) => {
      await writeFile(join(folder, 'elsewhere'), 'gate two');
      await unlink(join(folder, 'gate/2.mp4'));
      await symlink(join(folder, 'elsewhere'), join(folder, 'gate/2.mp4'));
    })).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it('wants the segment in the tree of its minute, and the minute in the log', async () => {
    const code = async (change: (evidence: TestEvidence) => void) => (await verified(change)).problem?.code;
    // The hash and the list were changed together, the seal was not.
    expect(await code(({ list }) => void (list['files'][0].segment.camera = 'hall'))).toBe('EVIDENCE_SEAL_WRONG');
    expect(await code(({ list }) => void (list['files'][0].index = 1))).toBe('EVIDENCE_SEAL_WRONG');
    expect(await code(({ list }) => void (list['files'][0].size = 4))).toBe('EVIDENCE_SEAL_WRONG');
    expect(await code(({ list }) => void list['files'][0].path.pop())).toBe('EVIDENCE_SEAL_WRONG');
    expect(await code(({ list }) => void (list['files'][0].seal = 1))).toBe('EVIDENCE_SEAL_WRONG');
    expect(await code(({ list, log }) => void (list['seals'][0] = log.receipt(12)))).toBe('EVIDENCE_SEAL_WRONG');
    expect(await code(({ list, log }) => void (list['seals'][1] = log.receipt(11, undefined, 13, [logKey])))).toBe('EVIDENCE_SEAL_WRONG');
    expect(await code(({ list }) => void (list['receipts'][0] = list['receipts'][0].replace('index 12', 'index 11')))).toBe('INCLUSION_FAILED');
  });

  it.each<readonly [string, (list: Record<string, any>) => void]>([
    ['another format', (list) => void (list['format'] = 'wanglou.evidence/2')],
    ['files that are no list', (list) => void (list['files'] = {})],
    ['a name that leads out', (list) => void (list['files'][0].name = '../../etc/passwd')],
    ['a name from the root', (list) => void (list['files'][0].name = '/etc/passwd')],
    ['a name of another system', (list) => void (list['files'][0].name = 'C:\\x')],
    ['a name twice', (list) => void (list['files'][1].name = 'gate/1.mp4')],
    ['a seal that is not there', (list) => void (list['files'][0].seal = 2)],
    ['a hash that is none', (list) => void (list['files'][0].segment.sha256 = 'x')],
    ['a proof that is none', (list) => void (list['files'][0].path = ['x'])],
    ['a gap without a cause', (list) => void delete list['missing'][0].cause],
    ['a receipt that is no text', (list) => void (list['receipts'] = [1])],
  ])('refuses a list with %s', async (_, change) => {
    expect(await verified(({ list }) => change(list))).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_MALFORMED' }, files: [] });
  });

  it('proves nothing by an empty list or by none', async () => {
    expect(await verified(({ list }) => void Object.assign(list, { files: [], seals: [], receipts: [], listed: [] }))).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_MALFORMED' } });
    expect(await verified(undefined, (folder) => unlink(join(folder, 'evidence.json')))).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_MALFORMED' } });
    expect(await verified(({ files }) => void files.set('evidence.json', ''))).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_MALFORMED' } });
  });
});

describe('verifyClip', () => {
  it('finds a clip by its content, whatever its name', async () => {
    const { files } = createTestEvidence();
    const content = files.get('library/1.mp4') as Uint8Array;
    expect(await verifyClip({ name: 'renamed.mp4', content: once(content) }, files.get('evidence.json')!, policy)).toMatchObject({ ok: true, file: { name: 'library/1.mp4', segment: { camera: 'library' } }, seal: { ok: true, index: 10 } });
  });

  it('says how a clip of a known name differs, and that one of an unknown name is unknown', async () => {
    const { files } = createTestEvidence();
    const content = (files.get('library/1.mp4') as Uint8Array).with(0, 0);
    expect(await verifyClip({ name: '2.mp4', content: once(content) }, files.get('evidence.json')!, policy)).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_FILE_CHANGED' } });
    expect(await verifyClip({ name: 'other.mp4', content: once(content) }, files.get('evidence.json')!, policy)).toMatchObject({ ok: false, problem: { code: 'CLIP_UNKNOWN' } });
    expect(await verifyClip({ name: 'other.mp4', content: once(content) }, entryOf({}), policy)).toMatchObject({ ok: false, problem: { code: 'EVIDENCE_MALFORMED' } });
  });
});
