// An evidence package as the contract describes it: three segments of two cameras in two minutes, and a film that was made of them.
import { createHash } from 'node:crypto';
import { canonicalJson, toHex, utf8 } from '../src/index.ts';
import { naiveLeaf, naivePath, naiveRoot } from './naive-tree.ts';
import { createTestLog, entriesOf, entryOf, startMs, type TestLog } from './test-log.ts';

/** A package and the log that sealed it. */
export interface TestEvidence {
  readonly log: TestLog;
  /** The list, to be changed and written. */
  readonly list: Record<string, any>;
  readonly files: Map<string, Uint8Array | string>;
}

/** Builds a package; each call gives a fresh one. */
export function createTestEvidence(): TestEvidence {
  const contents = ['gate one', 'gate two', 'library one'].map((text) => utf8(`${text} ${'x'.repeat(5000)}`));
  const segments = contents.map((content, index) => ({ camera: index < 2 ? 'gate' : 'library', fromMs: startMs + (index % 2) * 6000, toMs: startMs + (index % 2) * 6000 + 6000, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }));
  const minutes = [segments, [{ ...segments[0]!, fromMs: startMs + 60_000, toMs: startMs + 66_000 }]].map((minute) => ({ minute, leaves: minute.map((segment) => naiveLeaf(utf8(canonicalJson(segment)!))) }));
  const seals = minutes.map(({ minute, leaves }, index) => entryOf({ kind: 'recording.sealed', open: { fromMs: startMs + index * 60_000, toMs: startMs + (index + 1) * 60_000, root: toHex(naiveRoot(leaves)), segments: minute.length } }));
  const film = utf8('a film');
  const listed = [{ name: 'films/gate.mp4', bytes: film.length, sha256: createHash('sha256').update(film).digest('hex') }];
  const exported = entryOf({ kind: 'recording.exported', open: { export: 'e1', listed: createHash('sha256').update(canonicalJson(listed)!).digest('hex') } });
  const log = createTestLog([...entriesOf(10), ...seals, entryOf({ kind: 'decision', operation: 'recording.copy' }), exported]);
  const fileOf = (name: string, seal: number, index: number) => ({ name, segment: minutes[seal]!.minute[index]!, index, size: minutes[seal]!.leaves.length, path: naivePath(index, minutes[seal]!.leaves).map(toHex), seal });
  const list = {
    format: 'wanglou.evidence/1',
    files: [fileOf('gate/1.mp4', 0, 0), fileOf('gate/2.mp4', 0, 1), fileOf('library/1.mp4', 0, 2), fileOf('gate/3.mp4', 1, 0)],
    seals: [log.receipt(10), log.receipt(11)],
    receipts: [log.receipt(12), log.receipt(13)],
    listed,
    missing: [{ camera: 'library', fromMs: startMs + 6000, toMs: startMs + 60_000, cause: 'camera offline' }],
  };
  return { log, list, files: new Map<string, Uint8Array | string>([['gate/1.mp4', contents[0]!], ['gate/2.mp4', contents[1]!], ['library/1.mp4', contents[2]!], ['gate/3.mp4', contents[0]!], ['films/gate.mp4', film], ['evidence.json', JSON.stringify(list)]]) };
}
