// Seals of footage: the tree against the verifier's, and a sealer that leaves no segment out, whatever fails in between.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canonicalJson } from '@wanglou/core';
import { SqliteStore } from '@wanglou/store-sqlite';
import { leafHash as verifierLeafHash, rootOfLeaves, verifyInclusion } from '@wanglou/verify';
import fc from 'fast-check';
import { CompiledQuery, type Kysely, type RootOperationNode } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.ts';
import { mostLeaves, Seals } from '../src/catalog/seals.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { inOrder, leafData, type SealedSegment } from '../src/seal/leaf.ts';
import { minuteBefore, minuteOf, Sealer, type SealEntry } from '../src/seal/sealer.ts';
import { leafHash, levelsOf, pathOf, rootOf } from '../src/seal/tree.ts';
import type { SegmentRecord } from '../src/segment/segment-record.ts';

const minuteMs = 60_000;

describe('the tree of a minute', () => {
  it('has the root and the proofs of RFC 6962, as the verifier computes them from its own code, at every size', () => {
    for (let size = 1; size <= 70; size++) {
      const data = Array.from({ length: size }, (_, n) => `leaf ${n}`);
      const leaves = data.map(leafHash);
      const levels = levelsOf(leaves);
      const root = rootOf(levels);
      expect(Buffer.from(root).equals(rootOfLeaves(data.map((text) => verifierLeafHash(Buffer.from(text)))))).toBe(true);
      for (let index = 0; index < size; index++) verifyInclusion({ index, size, leaf: leaves[index]!, root, proof: [...pathOf(levels, index)] });
    }
  });

  it('has for leaf data the canonical JSON of a segment, whatever the camera is called', () => {
    fc.assert(
      fc.property(fc.record({ camera: fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()), fromMs: fc.nat(), toMs: fc.nat(), bytes: fc.nat(), sha256: fc.constant('ab'.repeat(32)) }), (segment) => {
        expect(leafData(segment)).toBe(canonicalJson(segment));
      }),
    );
  });

  it('has its leaves by camera in UTF-16 code units, then by time', () => {
    const segment = (camera: string, fromMs: number): SealedSegment => ({ camera, fromMs, toMs: fromMs + 1, bytes: 1, sha256: '' });
    // By code points the two would change places.
    const sorted = [segment('望楼', 5), segment('\u{1F4F7}', 2), segment('\uFF21', 9), segment('gate', 70), segment('gate', 8), segment('Gate', 9)].sort(inOrder);
    expect(sorted.map(({ camera, fromMs }) => `${camera} ${fromMs}`)).toEqual(['Gate 9', 'gate 8', 'gate 70', '望楼 5', '\u{1F4F7} 2', '\uFF21 9']);
  });

  it('is that of the minute that has ended, also when the timer is a little early', () => {
    const eight = Date.UTC(2026, 10, 23, 8);
    for (const nowMs of [eight, eight - 3, eight + 12_000]) expect(minuteBefore(nowMs)).toEqual({ fromMs: eight - minuteMs, toMs: eight });
    expect(minuteOf(eight + 12_000)).toEqual({ fromMs: eight, toMs: eight + minuteMs });
  });
});

describe('the sealer', () => {
  let folder = '';
  let store: SqliteStore;
  let database: Kysely<RecorderTables>;
  let catalog: Catalog;
  let seals: Seals;
  let entries: SealEntry[];
  let failures: unknown[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wanglou-seals-'));
    store = await SqliteStore.create(folder);
    database = await store.open<RecorderTables>('recorder', recorderMigrations);
    [catalog, seals, entries, failures] = [new Catalog(database), new Seals(database), [], []];
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const file = (startMs: number, camera = 'gate'): SegmentRecord => ({
    camera, run: 'r', path: `${camera}/${startMs}.mp4`, startMs, endMs: startMs + minuteMs, bytes: 1000 + startMs, initBytes: 700, sha256: 'ab'.repeat(32), codecs: 'avc1.4d401e', fragments: [], flags: 0,
  });
  const sealerOf = (record = async (entry: SealEntry) => ({ seq: entries.push(entry) - 1 })) => new Sealer({ seals, record, failed: (error) => void failures.push(error) });
  const minute = (n: number) => ({ fromMs: n * minuteMs, toMs: (n + 1) * minuteMs });
  const rootOfFiles = (files: readonly SegmentRecord[]) =>
    Buffer.from(rootOf(levelsOf(files.map(({ camera, startMs, endMs, bytes, sha256 }) => ({ camera, fromMs: startMs, toMs: endMs, bytes, sha256 })).sort(inOrder).map((one) => leafHash(leafData(one)))))).toString('hex');

  it('writes one entry for what was indexed, and none for a minute without segments', async () => {
    const sealer = sealerOf();
    await sealer.seal(minute(0));
    expect(entries).toEqual([]);
    const files = [file(0, 'library'), file(0), file(5)];
    await catalog.save(files, []);
    await sealer.seal(minute(1));
    await catalog.save(files, []);
    await sealer.seal(minute(2));
    expect(entries).toEqual([{ ...minute(1), root: rootOfFiles(files), segments: 3 }]);
    expect(await seals.placesOf('gate', 0, 100)).toEqual([{ startMs: 0, seal: 1, place: 0, seq: 0 }, { startMs: 5, seal: 1, place: 1, seq: 0 }]);
    expect((await seals.placesOf('library', 0, 100)).map(({ place }) => place)).toEqual([2]);
  });

  it('lets segments wait while the log is away, and seals all of them when it is back', async () => {
    let isAway = true;
    const sealer = sealerOf(async (entry) => {
      if (isAway) throw new Error('the log is away');
      return { seq: entries.push(entry) - 1 };
    });
    for (let n = 0; n < 3; n++) {
      await catalog.save([file(n)], []);
      await sealer.seal(minute(n));
      expect(await seals.placesOf('gate', 0, 100)).toEqual([]);
    }
    isAway = false;
    await sealer.seal(minute(3));
    expect(entries).toEqual([{ ...minute(0), root: rootOfFiles([file(0)]), segments: 1 }, { ...minute(3), root: rootOfFiles([file(1), file(2)]), segments: 2 }]);
    expect(failures).toHaveLength(3);
  });

  it('parts a great many into several seals', async () => {
    const files = Array.from({ length: mostLeaves + 3 }, (_, n) => file(n, `camera-${n % 40}`));
    await catalog.save(files, []);
    await sealerOf().seal(minute(1));
    expect(entries.map(({ segments, fromMs }) => [segments, fromMs])).toEqual([[mostLeaves, minuteMs], [3, minuteMs]]);
  });

  it('writes the entry of a seal that a crash left without one, with the root that it has', async () => {
    await catalog.save([file(0)], []);
    const formed = await seals.form(minute(0));
    await catalog.save([file(1)], []);
    await sealerOf().seal(minute(7));
    expect(entries).toEqual([{ ...minute(0), root: rootOfFiles([file(0)]), segments: 1 }, { ...minute(7), root: rootOfFiles([file(1)]), segments: 1 }]);
    expect(formed?.leaves).toHaveLength(1);
  });

  it('leaves no segment out and puts none into two seals, whatever fails and whenever it is stopped', async () => {
    const step = fc.oneof(fc.record({ kind: fc.constant('save' as const), count: fc.integer({ min: 1, max: 5 }) }), fc.record({ kind: fc.constant('seal' as const), fate: fc.constantFrom('well', 'refused', 'lost-after') }));
    let startMs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const files: SegmentRecord[] = [];
        entries = [];
        for (const one of steps) {
          if (one.kind === 'save') {
            const fresh = Array.from({ length: one.count }, (_, n) => file((startMs += 1), `camera-${n}`));
            files.push(...fresh);
            await catalog.save(fresh, []);
            continue;
          }
          // A new sealer each time: nothing that matters is in its memory.
          await sealerOf(async (entry) => {
            if (one.fate === 'refused') throw new Error('refused');
            const seq = entries.push(entry) - 1;
            if (one.fate === 'lost-after') throw new Error('written, and nobody learns of it');
            return { seq };
          }).seal(minute(startMs));
        }
        await sealerOf().seal(minute(startMs));
        const logged = new Set(entries.map(({ root }) => root));
        const sealed: string[] = [];
        for (const camera of new Set(files.map((one) => one.camera))) {
          for (const { seal, place } of await seals.placesOf(camera, files[0]!.startMs, startMs + 1)) {
            const { leaves } = await seals.read(seal);
            expect(logged.has(Buffer.from(rootOf(levelsOf(leaves))).toString('hex'))).toBe(true);
            sealed.push(Buffer.from(leaves[place]!).toString('hex'));
          }
        }
        const wanted = files.map(({ camera, startMs: fromMs, endMs: toMs, bytes, sha256 }) => leafHash(leafData({ camera, fromMs, toMs, bytes, sha256 })).toString('hex'));
        expect(sealed.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 25 },
    );
  });

  it('walks no table: every query of it goes by a key, or by an index of what is still to be done', async () => {
    const nodes: RootOperationNode[] = [];
    const watched = database.withPlugin({
      transformQuery: ({ node }) => {
        nodes.push(node);
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const [watchedSeals, watchedCatalog] = [new Seals(watched), new Catalog(watched)];
    await watchedCatalog.save([file(0)], []);
    await watchedSeals.unrecorded();
    const seal = await watchedSeals.form(minute(0));
    await watchedSeals.recorded(seal!.id, 3);
    await watchedSeals.placesOf('gate', 0, 10);
    await watchedSeals.read(seal!.id);
    const plans = new Set<string>();
    for (const node of nodes) {
      const { sql, parameters } = database.getExecutor().compileQuery(node, { queryId: 'plan' } as never);
      if (!/^(?:select|update)/.test(sql)) continue;
      const { rows } = await database.executeQuery<{ detail: string }>(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]));
      for (const { detail } of rows) plans.add(detail);
    }
    // `recorder_seal` by its key is one row, from its end.
    expect([...plans].filter((plan) => !plan.startsWith('SEARCH ')).map((plan) => plan.split(' ').at(-1)).sort()).toEqual(['recorder_leaf_unsealed', 'recorder_seal_unrecorded', 'sqlite_autoindex_recorder_seal_1']);
  });
});
