import { createHash } from 'node:crypto';
import { verifyConsistency, verifyInclusion } from '@wanglou/verify';
import { describe, expect, it } from 'vitest';
import { TreeEdge, type FullTile } from '../src/tree/edge.ts';
import { emptyRoot, leafHash, nodeHash, rootOf } from '../src/tree/hash.ts';
import { Prover } from '../src/tree/proofs.ts';
import { bundlePath, hashesOf, levelsOf, newTiles, tilePath, tileWidth } from '../src/tree/tile.ts';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const vectors = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));
const hasVectors = existsSync(vectors);
const vector = <T>(name: string): T => JSON.parse(readFileSync(vectors + name, 'utf8')) as T;

const leaf = (n: number) => leafHash(Buffer.from(`entry ${n}`));

/** A tree that keeps what a store would keep. */
class Kept {
  readonly edge = new TreeEdge();
  readonly leaves: Buffer[] = [];
  readonly tiles = new Map<string, FullTile>();
  readonly prover = new Prover(async (level, index, width) => this.tile(level, index).subarray(0, width * 32));

  add(): void {
    const hash = leaf(this.leaves.length);
    this.leaves.push(hash);
    for (const tile of this.edge.append(hash)) this.tiles.set(`${tile.level}/${tile.index}`, tile);
  }

  tile(level: number, index: number): Buffer {
    if (Math.floor(hashesOf(level, this.edge.size) / tileWidth) === index) return this.edge.partial(level, tileWidth);
    return this.tiles.get(`${level}/${index}`)!.hashes;
  }

  restored(): Promise<TreeEdge> {
    return TreeEdge.restore(this.edge.size, async (level, count) => {
      const first = hashesOf(level, this.edge.size) - count;
      if (level === 0) return this.leaves.slice(first);
      return Array.from({ length: count }, (_, place) => this.tiles.get(`${level - 1}/${first + place}`)!.root);
    });
  }
}

describe('the tree', () => {
  it('hashes as RFC 6962 says', () => {
    expect(emptyRoot.toString('hex')).toBe(createHash('sha256').digest('hex'));
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(nodeHash(Buffer.alloc(32, 1), Buffer.alloc(32, 2)).toString('hex')).toBe(createHash('sha256').update(Buffer.of(1)).update(Buffer.alloc(32, 1)).update(Buffer.alloc(32, 2)).digest('hex'));
  });

  it('has the root that splitting by powers of two gives, at every size, and goes on from what is stored as if it had never stopped', async () => {
    const kept = new Kept();
    for (let size = 0; size <= 700; size++) {
      expect(kept.edge.root().equals(rootOf(kept.leaves))).toBe(true);
      const restored = await kept.restored();
      expect(restored.root().equals(kept.edge.root())).toBe(true);
      kept.add();
      const filled = restored.append(leaf(size));
      expect(restored.root().equals(kept.edge.root())).toBe(true);
      expect(filled.map(({ level, index }) => `${level}/${index}`)).toEqual((size + 1) % 256 === 0 ? [`0/${(size + 1) / 256 - 1}`] : []);
    }
  });

  it('proves every leaf in every size that begins or ends a tile, to a verifier that was written apart', async () => {
    const kept = new Kept();
    const sizes = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 700];
    for (let size = 1; size <= 700; size++) kept.add();
    for (const size of sizes) {
      const root = await kept.prover.root(size);
      expect(root.equals(rootOf(kept.leaves.slice(0, size)))).toBe(true);
      for (let index = 0; index < size; index += size > 20 ? 13 : 1) verifyInclusion({ index, size, leaf: kept.leaves[index]!, root, proof: await kept.prover.inclusion(index, size) });
      for (const before of sizes.filter((other) => other <= size)) {
        verifyConsistency({ from: { size: before, root: await kept.prover.root(before) }, to: { size, root }, proof: await kept.prover.consistency(before, size) });
      }
    }
  });

  it('is the same across three levels of tiles', async () => {
    const size = 66_000;
    const kept = new Kept();
    for (let n = 0; n < size; n++) kept.add();
    expect(levelsOf(size)).toBe(3);
    expect(kept.edge.root().equals(rootOf(kept.leaves))).toBe(true);
    expect((await kept.restored()).root().equals(kept.edge.root())).toBe(true);
    for (const index of [0, 255, 256, 65_535, 65_536, size - 1]) verifyInclusion({ index, size, leaf: kept.leaves[index]!, root: kept.edge.root(), proof: await kept.prover.inclusion(index, size) });
  });

  it('names an edge that is not all there', async () => {
    await expect(TreeEdge.restore(300, async () => [leaf(1)])).rejects.toThrow('level 0 of the tree has 1 of 44 hashes at its edge');
  });
});

describe('tiles', () => {
  it('have the paths of C2SP tlog-tiles', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 2, index: 0, width: 1 })).toBe('tile/2/000.p/1');
    expect(bundlePath({ index: 1000, width: 8 })).toBe('tile/entries/x001/000.p/8');
  });

  it('of a tree of 70,000 are those of the specification', () => {
    const tiles = newTiles(0, 70_000);
    const count = (level: number, isFull: boolean) => tiles.filter((tile) => tile.level === level && (tile.width === 256) === isFull).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, true), count(2, false)]).toEqual([273, 1, 1, 1, 0, 1]);
    expect(tiles.filter(({ width }) => width < 256)).toEqual([{ level: 0, index: 273, width: 112 }, { level: 1, index: 1, width: 17 }, { level: 2, index: 0, width: 1 }]);
  });

  it('that a larger tree adds are those that changed', () => {
    for (const [before, size] of [[0, 1], [1, 1], [255, 256], [256, 257], [255, 600], [512, 513], [65_535, 65_536]] as const) {
      const had = new Set(newTiles(0, before).map((place) => tilePath(place)));
      expect(newTiles(before, size).map((place) => tilePath(place))).toEqual(newTiles(0, size).map((place) => tilePath(place)).filter((path) => !had.has(path)));
    }
  });
});

describe.skipIf(!hasVectors)('public vectors (left out where ../shared/vectors is absent)', () => {
  it('RFC 6962 hashes', () => {
    const vectorsOf = vector<{ readonly emptyRoot: string; readonly leaf: readonly { readonly dataHex: string; readonly hash: string }[] }>('rfc6962/hasher.json');
    expect(emptyRoot.toString('hex')).toBe(vectorsOf.emptyRoot);
    for (const { dataHex, hash } of vectorsOf.leaf) expect(leafHash(Buffer.from(dataHex, 'hex')).toString('hex')).toBe(hash);
  });

  it('the Tessera log: our tree over its entries has its roots and its tiles at every size', () => {
    const edge = new TreeEdge();
    const log = `${vectors}tlog-tiles/testdata/log/`;
    const bundle = readFileSync(`${log}tile/entries/000.p/15`);
    let at = 0;
    for (let size = 1; size <= 15; size++) {
      const length = bundle.readUInt16BE(at);
      edge.append(leafHash(bundle.subarray(at + 2, at + 2 + length)));
      at += 2 + length;
      expect(edge.root().toString('base64')).toBe(readFileSync(`${log}checkpoint.${size}`, 'utf8').split('\n')[2]);
      expect(edge.partial(0, size).equals(readFileSync(`${log}tile/0/000.p/${size}`))).toBe(true);
    }
  });
});
