// Whole logs: good ones at sizes around the edges of tiles, and every way of tampering that an administrator has.
import { describe, expect, it } from 'vitest';
import { checkpointText, parsePolicy, policyOfKey, tilePath, utf8, verifyLog, type VerifyLogOptions } from '../src/index.ts';
import { testKey, testNote } from './keys.ts';
import { naiveRoot } from './naive-tree.ts';
import { archive, bothPolicy, bundleOf, createTestLog, entriesOf, entryOf, logKey, office, sourceOf, startMs, type TestLog } from './test-log.ts';

const policy = parsePolicy(bothPolicy);
const check = (log: Pick<TestLog, 'files'>, options: Partial<VerifyLogOptions> = {}) => verifyLog(sourceOf(log.files), { policy, ...options });
const large = createTestLog(entriesOf(66_000));
const medium = createTestLog(entriesOf(700));
/** The log with other files. */
const changed = (log: TestLog, ...files: readonly (readonly [string, Uint8Array | string | undefined])[]) => {
  const copy = new Map(log.files);
  for (const [path, bytes] of files) {
    if (bytes === undefined) copy.delete(path);
    else copy.set(path, typeof bytes === 'string' ? utf8(bytes) : bytes);
  }
  return { files: copy };
};
/** The log with entries put in others' places, and everything recomputed and signed again. */
const rewritten = (entries: readonly string[], signers = [logKey]) => createTestLog(entries, signers);

describe('verifyLog', () => {
  it.each([0, 1, 2, 255, 256, 257, 511, 512, 513, 700])('finds nothing wrong with a good log of %i entries', async (size) => {
    const result = await check(createTestLog(entriesOf(size)));
    expect(result).toMatchObject({ ok: true, size, checked: size, origin: 'wanglou/test', cosigned: ['office', 'archive'], quorum: true, missing: [], gaps: [], clockSteps: [], pruned: 0, newestWitnessed: { size, atMs: startMs } });
    expect(result.problem).toBeUndefined();
  });

  it('finds nothing wrong with a log of three levels, and passes each entry once', async () => {
    const indexes: number[] = [];
    let progress = 0;
    const result = await check(large, { entry: (index) => void indexes.push(index), progress: ({ index }) => void (progress = index) });
    expect(result).toMatchObject({ ok: true, size: 66_000, checked: 66_000 });
    expect(indexes.every((index, place) => index === place)).toBe(true);
    expect([indexes.length, progress]).toEqual([66_000, 66_000]);
  });

  it('takes the full tile and the full bundle where the partial ones are gone', async () => {
    const later = createTestLog(entriesOf(1024));
    const files = new Map(later.files).set('checkpoint', utf8(later.checkpoint(700)));
    expect(await check({ files })).toMatchObject({ ok: false, problem: { code: 'TILE_MISSING' } });
    // The level above had two full tiles then.
    files.set(tilePath(1, 0, 2), later.files.get(tilePath(1, 0, 4))!.subarray(0, 64));
    expect(await check({ files })).toMatchObject({ ok: true, size: 700, checked: 700 });
  });

  it.each([0, 1, 255, 256, 511, 512, 699])('names entry %i when it was changed in its bundle alone', async (index) => {
    const part = medium.entries.slice(index - (index % 256), index - (index % 256) + 256).map((entry) => utf8(entry));
    const other = part.with(index % 256, utf8(entryOf({ call: 'another' })));
    const path = tilePath('entries', Math.floor(index / 256), part.length);
    const result = await check(changed(medium, [path, bundleOf(other)]));
    expect(result).toMatchObject({ ok: false, problem: { code: 'ENTRY_CHANGED' }, firstBroken: { index, exact: true, code: 'ENTRY_CHANGED' }, checked: index });
    expect(result.firstBroken?.text).toEqual({ zh: expect.stringContaining(`第 ${index} 条`), en: expect.stringContaining(`Entry ${index} in ${path}`) });
  });

  it('names the tile when an entry and its hash were changed', async () => {
    const entries = medium.entries.with(300, entryOf({ call: 'another' }));
    const forged = createTestLog(entries);
    const paths = [tilePath('entries', 1), tilePath(0, 1)];
    const result = await check(changed(medium, ...paths.map((path) => [path, forged.files.get(path)] as const)));
    expect(result).toMatchObject({ ok: false, problem: { code: 'TILE_MISMATCH' }, firstBroken: { index: 256, exact: false } });
  });

  it('names the upper tile when a lower one was changed in a large log', async () => {
    const path = tilePath(1, 0);
    const bytes = large.files.get(path)!;
    const result = await check(changed(large, [path, bytes.with(32 * 17, bytes[32 * 17]! ^ 1)]));
    expect(result).toMatchObject({ ok: false, firstBroken: { code: 'TILE_MISMATCH', index: 17 * 256, exact: false } });
    const top = tilePath(2, 0, 1);
    expect(await check(changed(large, [top, large.files.get(top)!.with(0, large.files.get(top)![0]! ^ 1)]))).toMatchObject({ ok: false, firstBroken: { code: 'TILE_MISMATCH', index: 0 } });
  });

  it('says that everything was recomputed when only the root is left to tell', async () => {
    const forged = rewritten(medium.entries.with(400, entryOf({ call: 'another' })));
    forged.files.set('checkpoint', medium.files.get('checkpoint')!);
    expect(await check(forged)).toMatchObject({ ok: false, problem: { code: 'ROOT_MISMATCH' }, firstBroken: { index: 0, exact: false } });
    // A saved checkpoint narrows it down.
    expect(await check(forged, { since: medium.checkpoint(350) })).toMatchObject({ ok: false, firstBroken: { index: 350, exact: false } });
  });

  it('does not trust a rewritten log that the log’s own key signed anew', async () => {
    const forged = rewritten(medium.entries.with(400, entryOf({ call: 'another' })));
    expect(await check(forged)).toMatchObject({ ok: false, quorum: false, problem: { code: 'QUORUM_MISSING' }, missing: ['office', 'archive'] });
    expect(await check(forged, { policy: policyOfKey(logKey) })).toMatchObject({ ok: true, witnessesAsked: false });
    // What the witnesses saw is still there.
    forged.files.set('witnessed', utf8(medium.checkpoint(600)));
    expect(await check(forged)).toMatchObject({ ok: false, problem: { code: 'ROOT_MISMATCH', text: { en: expect.stringContaining('the witnessed checkpoint') } } });
    expect(await check(forged, { policy: policyOfKey(logKey), since: medium.checkpoint(600, [logKey]) })).toMatchObject({ ok: false, problem: { code: 'ROOT_MISMATCH', text: { en: expect.stringContaining('the saved checkpoint') } } });
  });

  it('finds a log that was cut or restored from a backup', async () => {
    const cut = createTestLog(medium.entries.slice(0, 650));
    expect(await check(cut, { since: medium.checkpoint(700) })).toMatchObject({ ok: false, size: 650, problem: { code: 'ROLLED_BACK', text: { zh: expect.stringContaining('截断或回退'), en: expect.stringContaining('cut or rolled back') } } });
    cut.files.set('witnessed', utf8(medium.checkpoint(651)));
    expect(await check(cut)).toMatchObject({ ok: false, problem: { code: 'ROLLED_BACK', text: { zh: expect.stringContaining('请重新复制'), en: expect.stringContaining('copy it again') } } });
  });

  it.each([0, 1, 255, 256, 300, 512, 699, 700])('continues a checkpoint saved at %i', async (size) => {
    expect(await check(medium, { since: medium.checkpoint(size, [logKey]) })).toMatchObject({ ok: true, since: size });
  });

  it('does not continue a checkpoint of another root, another log or with a bad signature', async () => {
    const text = checkpointText(logKey.name, 300, naiveRoot(medium.leaves.slice(0, 299)));
    expect(await check(medium, { since: testNote(text, logKey.sign(text)) })).toMatchObject({ ok: false, problem: { code: 'ROOT_MISMATCH' } });
    expect(await check(medium, { since: medium.checkpoint(300).replace('\n300\n', '\n301\n') })).toMatchObject({ ok: false, problem: { code: 'NOTE_SIGNATURE_BAD' } });
    const other = testKey('wanglou/other');
    const foreign = checkpointText(other.name, 300, naiveRoot(medium.leaves.slice(0, 300)));
    expect(await check(medium, { since: testNote(foreign, other.sign(foreign)) })).toMatchObject({ ok: false, problem: { code: 'ORIGIN_UNKNOWN' } });
  });

  it('vouches by the newest witnessed checkpoint where the newest one is not cosigned yet', async () => {
    const log = createTestLog(entriesOf(700), [logKey]);
    log.files.set('witnessed', utf8(log.checkpoint(640)));
    expect(await check(log)).toMatchObject({ ok: true, size: 700, quorum: true, cosigned: ['office', 'archive'], newestWitnessed: { size: 640, atMs: startMs } });
    // One of two is not enough.
    log.files.set('witnessed', utf8(log.checkpoint(640, [logKey, office])));
    expect(await check(log)).toMatchObject({ ok: false, quorum: false, problem: { code: 'QUORUM_MISSING' } });
  });

  it('names the witnesses that are missing', async () => {
    const result = await check(createTestLog(entriesOf(3), [logKey, office]));
    expect(result).toMatchObject({ ok: false, cosigned: ['office'], missing: ['archive'], problem: { text: { en: expect.stringContaining('archive'), zh: expect.stringContaining('archive') } } });
  });

  it('refuses a checkpoint that is not signed by the log, or badly by anybody known', async () => {
    expect(await check(createTestLog(entriesOf(3), [office, archive]))).toMatchObject({ ok: false, problem: { code: 'NOTE_UNSIGNED' } });
    const log = createTestLog(entriesOf(3));
    const note = Buffer.from(log.files.get('checkpoint')!).toString();
    const lines = note.split('\n');
    const swapped = lines.with(5, lines[5]!.replace(/.{8}$/, 'AAAAAAA=')).join('\n');
    expect(await check(changed(log, ['checkpoint', swapped]))).toMatchObject({ ok: false, problem: { code: 'NOTE_SIGNATURE_BAD' } });
    expect(await check(changed(log, ['checkpoint', 'nonsense']))).toMatchObject({ ok: false, size: 0, problem: { code: 'NOTE_MALFORMED' } });
    await expect(check(changed(log, ['checkpoint', undefined]))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it.each([
    ['a bundle is missing', tilePath('entries', 1), undefined, 'BUNDLE_MISSING', 256],
    ['a tile is missing', tilePath(0, 1), undefined, 'TILE_MISSING', 256],
    ['an upper tile is missing', tilePath(1, 0, 2), undefined, 'TILE_MISSING', 0],
    ['a tile is too short', tilePath(0, 0), new Uint8Array(8191), 'TILE_MALFORMED', undefined],
    ['a partial tile is too long', tilePath(0, 2, 188), new Uint8Array(8192), 'TILE_MALFORMED', undefined],
    ['a bundle is empty', tilePath('entries', 1), new Uint8Array(), 'BUNDLE_MALFORMED', 256],
    ['a bundle has more than it should', tilePath('entries', 2, 188), new Uint8Array(Buffer.concat([medium.files.get(tilePath('entries', 2, 188))!, Buffer.of(0)])), 'BUNDLE_MALFORMED', 700],
  ] as const)('says where it stopped when %s', async (_, path, bytes, code, index) => {
    const result = await check(changed(medium, [path, bytes]));
    expect(result).toMatchObject({ ok: false, problem: { code } });
    expect(result.firstBroken?.index).toBe(index);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['not canonical: a space', '{"atMs":1, "kind":"decision","principal":{"id":"core","kind":"system"},"v":1}'],
    ['not canonical: the order', '{"kind":"decision","atMs":1,"principal":{"id":"core","kind":"system"},"v":1}'],
    ['a member twice', '{"atMs":1,"atMs":1,"kind":"decision","principal":{"id":"core","kind":"system"},"v":1}'],
    ['a lone surrogate', String.raw`{"atMs":1,"call":"\ud800","kind":"decision","principal":{"id":"core","kind":"system"},"v":1}`],
    ['too deep', `{"atMs":1,"call":${'['.repeat(30_000)}${']'.repeat(30_000)},"kind":"decision","principal":{"id":"core","kind":"system"},"v":1}`],
    ['another version', entryOf({ v: 2 })],
    ['no time', entryOf({ atMs: -1 })],
    ['an unknown member', entryOf({ extra: 1 })],
    ['an unknown kind', entryOf({ kind: 'Decision' })],
    ['a person with a name', entryOf({ principal: { kind: 'person', id: 'u-1' } })],
    ['a private part that is no hash', entryOf({ private: 'secret' })],
    ['a range without an end', entryOf({ resource: { range: { fromMs: 1 } } })],
    ['a list', '[]'],
  ])('refuses an entry that is sealed and wrong: %s', async (_, entry) => {
    const result = await check(createTestLog([...entriesOf(2), entry, ...entriesOf(1)]));
    expect(result).toMatchObject({ ok: false, firstBroken: { code: 'ENTRY_INVALID', index: 2, exact: true }, checked: 3 });
  });

  it('takes members that stand in the private part', async () => {
    const replaced = { sha256: 'ab'.repeat(32) };
    expect(await check(createTestLog([entryOf({ resource: replaced, decision: replaced, open: replaced, principal: replaced, private: 'cd'.repeat(32) }), entryOf({ principal: { kind: 'person', pseudonym: 'ef'.repeat(32) }, resource: { cameras: ['gate'], range: { fromMs: 1, toMs: 2 }, subject: 'gate' } })]))).toMatchObject({ ok: true });
  });

  it('reports missing heartbeats as gaps, not as failures', async () => {
    const beats = [0, 60, 120, 271, 330, 480].map((seconds) => entryOf({ kind: 'audit.heartbeat', atMs: startMs + seconds * 1000 }));
    expect(await check(createTestLog(beats))).toMatchObject({ ok: true, gapCount: 1, gaps: [{ fromIndex: 2, toIndex: 3, fromMs: startMs + 120_000, toMs: startMs + 271_000 }] });
  });

  it('reports a clock that went back, unless an entry beside it says so', async () => {
    const at = (seconds: number, kind = 'decision') => entryOf({ kind, atMs: startMs + seconds * 1000 });
    expect(await check(createTestLog([at(100), at(41), at(100), at(30), at(20)]))).toMatchObject({ ok: true, clockSteps: [{ index: 3, fromMs: startMs + 100_000, toMs: startMs + 30_000 }], clockStepCount: 1 });
    // Also when it creeps back.
    expect(await check(createTestLog([at(100), at(70), at(45), at(35)]))).toMatchObject({ clockStepCount: 1 });
    expect(await check(createTestLog([at(100), at(30, 'audit.clock'), at(31)]))).toMatchObject({ clockStepCount: 0 });
    expect(await check(createTestLog([at(100), at(30), at(31, 'audit.clock')]))).toMatchObject({ clockStepCount: 0 });
    expect(await check(createTestLog([at(100), at(100, 'audit.clock'), at(30)]))).toMatchObject({ clockStepCount: 0 });
    expect(await check(createTestLog([at(100), at(30)]))).toMatchObject({ clockStepCount: 1 });
  });

  it('takes entries that an audit.gap announces for late ones, and no others', async () => {
    const at = (seconds: number, kind = 'audit.heartbeat') => entryOf({ kind, atMs: startMs + seconds * 1000 });
    const gap = entryOf({ kind: 'audit.gap', atMs: startMs + 420_000, open: { spooled: 3, fromMs: startMs + 120_000, toMs: startMs + 240_000 } });
    expect(await check(createTestLog([at(0), at(60), gap, at(120), at(180), at(240), at(300), at(360), at(420)]))).toMatchObject({ clockStepCount: 1, gapCount: 0 });
    expect(await check(createTestLog([at(0), at(60), gap, at(120), at(180), at(240), at(420)]))).toMatchObject({ clockStepCount: 0, gapCount: 1, gaps: [{ fromMs: startMs + 240_000, toMs: startMs + 420_000 }] });
    // A late one from outside of what was announced, or one too many.
    expect(await check(createTestLog([at(0), at(60), gap, at(100), at(420)]))).toMatchObject({ clockStepCount: 1 });
    expect(await check(createTestLog([at(0), at(60), gap, at(120), at(180), at(240), at(240), at(420)]))).toMatchObject({ clockStepCount: 1 });
  });

  it('keeps to hashes below the minimum index, where the log itself says that it pruned', async () => {
    const entries = entriesOf(700);
    const log = createTestLog([...entries, entryOf({ kind: 'audit.pruned', atMs: startMs + 7_000_000, open: { minimumIndex: 600 } })]);
    log.files.delete(tilePath('entries', 0));
    log.files.delete(tilePath('entries', 1));
    expect(await check(log)).toMatchObject({ ok: false, firstBroken: { code: 'BUNDLE_MISSING', index: 0 } });
    log.files.set('minimum-index', utf8('600\n'));
    expect(await check(log, { since: log.checkpoint(100, [logKey]) })).toMatchObject({ ok: true, pruned: 600, checked: 189, since: 100 });
    // The bundle that it lies in must be there.
    expect(await check(changed(log, [tilePath('entries', 2, 189), undefined]))).toMatchObject({ ok: false, firstBroken: { code: 'BUNDLE_MISSING', index: 512 } });
    // A hash that was changed below it is found all the same.
    const tile = log.files.get(tilePath(0, 0))!;
    expect(await check(changed(log, [tilePath(0, 0), tile.with(0, tile[0]! ^ 1)]))).toMatchObject({ ok: false, firstBroken: { code: 'TILE_MISMATCH', index: 0 } });
  });

  it('does not take the word of the file alone for what is gone', async () => {
    const log = createTestLog(entriesOf(700));
    log.files.delete(tilePath('entries', 0));
    log.files.set('minimum-index', utf8('256\n'));
    expect(await check(log)).toMatchObject({ ok: false, problem: { code: 'PRUNING_UNRECORDED' } });
  });

  it.each(['x', '-1\n', '1', '01\n', '701\n', '9007199254740993\n'])('refuses the minimum index %j', async (text) => {
    expect(await check(changed(medium, ['minimum-index', text]))).toMatchObject({ ok: false, problem: { code: 'MINIMUM_INDEX_MALFORMED' } });
  });
});
