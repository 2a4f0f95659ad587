// Vectors of other authors: each file that concerns this package, whole.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as browser from '../src/browser.ts';
import * as node from '../src/index.ts';
import { naiveLeaf, naiveRoot } from './naive-tree.ts';
import { testKey, testNote } from './keys.ts';
import { hasVectors, readVectors, vectorsFolder } from './vectors-folder.ts';

const { canonicalJson, createFolderSource, fromHex, leafHash, nodeHash, openNote, parseBundle, parseCheckpointBody, parseTile, parseVkey, policyOfKey, rootOfLeaves, tilePath, toHex, verifyConsistency, verifyInclusion, verifyLog, VerifyError, widthOf } = node;

interface InclusionVector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly leafHash: string | null;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const base64 = (text: string | null) => new Uint8Array(Buffer.from(text ?? '', 'base64'));
const inclusionFolder = join(vectorsFolder, 'rfc6962/inclusion');
const inclusion = hasVectors ? readdirSync(inclusionFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')).sort() : [];

describe.skipIf(!hasVectors)('public vectors (left out without the folder shared/vectors beside the repository)', () => {
  it.each(inclusion)('rfc6962/inclusion/%s', (name) => {
    const vector = JSON.parse(readFileSync(join(inclusionFolder, name), 'utf8')) as InclusionVector;
    const claim = { index: vector.leafIdx, size: vector.treeSize, leaf: base64(vector.leafHash), root: base64(vector.root), proof: (vector.proof ?? []).map(base64) };
    for (const { verifyInclusion: verify } of [node, browser]) {
      if (vector.wantErr) expect(() => verify(claim)).toThrow(expect.objectContaining({ code: 'INCLUSION_FAILED' }));
      else verify(claim);
    }
  });

  it('there are 98 of inclusion', () => expect(inclusion).toHaveLength(98));

  it('rfc6962/hasher.json', () => {
    const vector = readVectors('rfc6962/hasher.json', { emptyRoot: '', leaf: [] as { dataHex: string; hash: string }[], node: [] as { leftHex: string; rightHex: string; hash: string }[] });
    expect(toHex(rootOfLeaves([]))).toBe(vector.emptyRoot);
    for (const { dataHex, hash } of vector.leaf) expect(toHex(leafHash(fromHex(dataHex)!))).toBe(hash);
    // The vector's children are not 32 bytes long, so it speaks of the prefix alone.
    for (const { leftHex, rightHex, hash } of vector.node) expect(toHex(node.nodeCrypto.sha256(fromHex(`01${leftHex}${rightHex}`)!))).toBe(hash);
    const [left, right] = [naiveLeaf(Uint8Array.of(1)), naiveLeaf(Uint8Array.of(2))];
    expect(nodeHash(left, right)).toEqual(naiveRoot([left, right]));
  });

  const golang = readVectors('signed-note/golang-sumdb-note.json', {
    verifierKeys: {} as Record<string, string>,
    signerKey: {} as Record<string, string>,
    badVerifierKeys: [] as { vkey: string; why: string }[],
    sign: [] as { text: string; skey: string; want: string }[],
    open: [] as { desc: string; note: string; known: string[]; verified?: string[]; unverified?: number; ok: boolean }[],
  });
  const name = (key: string) => parseVkey(golang.verifierKeys[key]!).name;

  it.each(golang.open)('signed-note/golang-sumdb-note.json: $desc', ({ note, known, verified = [], unverified = 0, ok }) => {
    for (const { openNote: open } of [node, browser]) {
      const opened = () => open(note, known.map((key) => parseVkey(golang.verifierKeys[key]!)));
      if (!ok) {
        expect(opened).toThrow(expect.objectContaining({ code: expect.stringMatching(/^NOTE_/) }));
        continue;
      }
      expect(opened().verified.map((signature) => signature.key.name)).toEqual(verified.map(name));
      expect(opened().unknown).toBe(unverified);
    }
  });

  it.each(golang.badVerifierKeys)('signed-note/golang-sumdb-note.json refuses a vkey: $why', ({ vkey }) => {
    expect(() => parseVkey(vkey)).toThrow(expect.objectContaining({ code: 'VKEY_INVALID' }));
  });

  it('signed-note/golang-sumdb-note.json: signing gives the same bytes', () => {
    expect(golang.sign.length).toBeGreaterThan(0);
    for (const { text, skey, want } of golang.sign) {
      const [, , keyName, , ...rest] = golang.signerKey[skey]!.split('+');
      const key = testKey(keyName!, 1, Buffer.from(rest.join('+'), 'base64').subarray(1));
      expect(key.vkey).toBe(golang.verifierKeys[skey]);
      expect(testNote(text, key.sign(text))).toBe(want);
    }
  });

  it.each(['c2sp-signed-note-example.json', 'sum.golang.org-checkpoint.json'])('signed-note/%s', (file) => {
    const { vkey, note } = readVectors(`signed-note/${file}`, { vkey: '', note: '' });
    expect(openNote(note, [parseVkey(vkey)]).verified).toHaveLength(1);
    expect(browser.openNote(note, [parseVkey(vkey)]).verified).toHaveLength(1);
    expect(() => openNote(note.replace('e', 'a'), [parseVkey(vkey)])).toThrow(expect.objectContaining({ code: 'NOTE_SIGNATURE_BAD' }));
  });

  it('signed-note/sum.golang.org-checkpoint.json is read as a checkpoint, and refused where the origin must be the key’s name', () => {
    const { vkey, note } = readVectors('signed-note/sum.golang.org-checkpoint.json', { vkey: '', note: '' });
    expect(parseCheckpointBody(openNote(note, [parseVkey(vkey)]).text)).toMatchObject({ origin: 'go.sum database tree', size: 35_225_469 });
    expect(() => node.openCheckpoint(note, policyOfKey(parseVkey(vkey)))).toThrow(expect.objectContaining({ code: 'ORIGIN_UNKNOWN' }));
  });

  it.each(readVectors('signed-note/checkpoint-bodies.json', { cases: [] as { desc: string; body: string; ok: boolean }[] }).cases)('signed-note/checkpoint-bodies.json: $desc', ({ body, ok }) => {
    // The roots of the good ones are not 32 bytes; this parser asks for that and finds nothing else wrong.
    if (ok) {
      expect(() => parseCheckpointBody(body)).toThrow(/its root has \d+ bytes, it must have 32/);
      const [origin, size, , ...rest] = body.split('\n');
      expect(parseCheckpointBody([origin, size, Buffer.alloc(32, 7).toString('base64'), ...rest].join('\n'))).toMatchObject({ origin, size: Number(size) });
    } else expect(() => parseCheckpointBody(body)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_MALFORMED', message: expect.not.stringContaining('must have 32') }));
  });

  const tessera = join(vectorsFolder, 'tlog-tiles/testdata/log');
  const tesseraKey = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';

  it.each(Array.from({ length: 16 }, (_, size) => size))('tlog-tiles: the log of Tessera at size %i', async (size) => {
    const files = createFolderSource(tessera);
    const source = { read: async (path: string, limit: number) => files.read(path === 'checkpoint' ? `checkpoint.${size}` : path, limit) };
    const result = await verifyLog(source, { policy: policyOfKey(parseVkey(tesseraKey)), anyEntries: true });
    expect(result).toMatchObject({ ok: true, size, checked: size, origin: 'example.com/log/testdata', quorum: true, witnessesAsked: false });
    if (size === 0) return;
    const leaves = parseTile((await files.read(tilePath(0, 0, size), 8192))!, size, true, 'tile');
    const entries = parseBundle((await files.read(tilePath('entries', 0, size), 2 ** 24))!, size, true, 'bundle');
    expect(entries.map((entry) => leafHash(entry))).toEqual(leaves);
    // Every size is consistent with every smaller one.
    for (let from = 1; from < size; from++) {
      const since = readFileSync(join(tessera, `checkpoint.${from}`));
      expect(await verifyLog(source, { policy: policyOfKey(parseVkey(tesseraKey)), anyEntries: true, since })).toMatchObject({ ok: true, since: from });
    }
  });

  it('tlog-tiles/paths-and-tiles.json', () => {
    const { tileIndexPath, treeTiles } = readVectors('tlog-tiles/paths-and-tiles.json', { tileIndexPath: [] as { index: number; path: string }[], treeTiles: [] as { size: number; tiles: { level: number; full: number; partialWidth: number }[] }[] });
    expect(tileIndexPath.length * treeTiles.length).toBeGreaterThan(0);
    for (const { index, path } of tileIndexPath) expect(tilePath(0, index)).toBe(`tile/0/${path}`);
    for (const { size, tiles } of treeTiles) {
      for (const { level, full, partialWidth } of tiles) {
        if (full > 0) expect(widthOf(size, level, full - 1)).toBe(256);
        expect(widthOf(size, level, full)).toBe(partialWidth);
        expect(widthOf(size, level, full + 1)).toBe(0);
      }
      expect(widthOf(size, tiles.length, 0)).toBe(0);
    }
  });

  const wycheproof = readVectors('ed25519/wycheproof_ed25519_test.json', { testGroups: [] as { publicKey: { pk: string }; tests: { tcId: number; msg: string; sig: string; result: string }[] }[] });
  const signatures = wycheproof.testGroups.flatMap((group) => group.tests.map((test) => ({ ...test, pk: group.publicKey.pk })));

  it.each([['node:crypto', node.nodeCrypto], ['noble', browser.nobleCrypto]] as const)('ed25519/wycheproof with %s', (_, crypto) => {
    expect(signatures.length).toBeGreaterThan(149);
    const wrong = signatures.filter(({ pk, msg, sig, result }) => crypto.verifyEd25519(fromHex(pk)!, fromHex(msg)!, fromHex(sig)!) !== (result === 'valid'));
    expect(wrong).toEqual([]);
  });

  const jcs = join(vectorsFolder, 'jcs-rfc8785/testdata');
  it.each(existsSync(jcs) ? readdirSync(join(jcs, 'input')) : [])('jcs-rfc8785: %s', (file) => {
    const canonical = canonicalJson(JSON.parse(readFileSync(join(jcs, 'input', file), 'utf8')) as node.Json)!;
    const hex = readFileSync(join(jcs, 'outhex', basename(file).replace('.json', '.txt')), 'utf8').replaceAll(/\s/g, '');
    expect(Buffer.from(canonical).toString('hex')).toBe(hex);
    expect(node.parseCanonicalJson(fromHex(hex)!)?.text).toBe(canonical);
  });

  it('omniwitness.json', () => {
    const vector = readVectors('omniwitness.json', { keys: { logVkey: '', otherLogVkey: '' }, checkpointSize5: '', checkpointSize8: '', consistency5to8Hex: [] as string[] });
    const key = parseVkey(vector.keys.logVkey);
    const [from, to] = [vector.checkpointSize5, vector.checkpointSize8].map((note) => parseCheckpointBody(openNote(note, [key]).text));
    const proof = vector.consistency5to8Hex.map((hash) => fromHex(hash)!);
    verifyConsistency({ from: from!, to: to!, proof });
    browser.verifyConsistency({ from: from!, to: to!, proof });
    for (let place = 0; place < proof.length; place++) expect(() => verifyConsistency({ from: from!, to: to!, proof: proof.toSpliced(place, 1) })).toThrow(VerifyError);
    expect(() => openNote(vector.checkpointSize5, [parseVkey(vector.keys.otherLogVkey)])).toThrow(expect.objectContaining({ code: 'NOTE_UNSIGNED' }));
    expect(() => verifyInclusion({ index: 0, size: 5, leaf: from!.root, root: from!.root, proof: [] })).toThrow(VerifyError);
  });
});
