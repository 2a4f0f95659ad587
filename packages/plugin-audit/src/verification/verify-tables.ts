// Checks the tables against themselves and the key: every leaf, every stored tile, the roots that are known.
import type { Text, Verification } from '@wanglou/core';
import type { EntryReader } from '../log/entry-reader.ts';
import { TreeEdge } from '../tree/edge.ts';
import { hashBytes, leafHash } from '../tree/hash.ts';
import { tileWidth } from '../tree/tile.ts';

/** The tables, as far as a check needs them. */
export type CheckedTables = Pick<EntryReader, 'minimumIndex' | 'leaves' | 'tile'>;

/** A size of the log whose root is known from elsewhere: told by the writer, or signed in a checkpoint. */
export interface KnownRoot {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Recomputes the tree over all entries, or over the first `end`. Says the first entry that does not fit, and why.
 *
 * @param known roots that the tree must have had at their sizes
 */
export async function verifyTables(reader: CheckedTables, known: readonly KnownRoot[], end = Number.MAX_SAFE_INTEGER): Promise<Verification> {
  const edge = new TreeEdge();
  const broken = (seq: number, reason: Text): Verification => ({ ok: false, size: edge.size, broken: { seq, reason } });
  const pruned = await reader.minimumIndex();
  /** Adds a leaf; answers the place in a stored tile that differs. */
  const add = async (hash: Buffer): Promise<Verification | undefined> => {
    for (const { level, index, hashes } of edge.append(hash)) {
      const stored = await reader.tile(level, index);
      if (!stored) return broken(index * tileWidth ** (level + 1), { en: `tile ${index} of level ${level} is missing`, zh: `缺少第 ${level} 层第 ${index} 块` });
      const place = Array.from({ length: tileWidth }, (_, at) => at).find((at) => !hashes.subarray(at * hashBytes, (at + 1) * hashBytes).equals(stored.subarray(at * hashBytes, (at + 1) * hashBytes)));
      if (place !== undefined) return broken((index * tileWidth + place) * tileWidth ** level, { en: 'its hash is not the one that was written with it', zh: '其哈希与写入时不一致' });
    }
    const wrong = known.find(({ size, root }) => size === edge.size && !edge.root().equals(root));
    // All full tiles fit, so it is one of the entries of the tile that was growing then.
    return wrong && broken(Math.floor((edge.size - 1) / tileWidth) * tileWidth, { en: `an entry from here up to ${edge.size - 1} is not the one that was signed`, zh: `自此条至第 ${edge.size - 1} 条中，有条目与签名时不一致` });
  };
  for (let index = 0; index * tileWidth < pruned; index++) {
    const stored = await reader.tile(0, index);
    if (!stored) return broken(index * tileWidth, { en: `tile ${index} of level 0 is missing`, zh: `缺少第 0 层第 ${index} 块` });
    for (let at = 0; at < tileWidth; at++) {
      const found = await add(Buffer.from(stored.subarray(at * hashBytes, (at + 1) * hashBytes)));
      if (found) return found;
    }
  }
  for await (const page of reader.leaves(pruned)) {
    for (const { seq, body } of page) {
      // What is appended while the check runs is left for the next one.
      if (edge.size === end) return finish();
      if (seq !== edge.size) return broken(edge.size, { en: `entry ${edge.size} is missing`, zh: `缺少第 ${edge.size} 条` });
      const found = await add(leafHash(Buffer.from(body)));
      if (found) return found;
    }
  }
  return finish();

  function finish(): Verification {
    const longest = Math.max(0, ...known.map(({ size }) => size));
    if (edge.size < longest) return broken(edge.size, { en: `the log was cut: ${longest} entries were signed, ${edge.size} are left`, zh: `日志被截断：已签名 ${longest} 条，仅余 ${edge.size} 条` });
    return { ok: true, size: edge.size, root: edge.root().toString('base64') };
  }
}
