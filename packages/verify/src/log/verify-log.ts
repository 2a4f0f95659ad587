// Checks a whole log from its files: every entry, every hash, every signature. Reads on and on and keeps next to nothing.
import { sameBytes, textOf, toSize } from '../bytes/bytes.ts';
import { isObject } from '../bytes/canonical-json.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { findingOf, VerifyError, type Finding } from '../errors.ts';
import { openCheckpoint, type OpenedCheckpoint } from '../policy/open-checkpoint.ts';
import type { Policy } from '../policy/policy.ts';
import type { Text } from '../text.ts';
import { leafHash } from '../tree/tree-hash.ts';
import { bundleBytes, parseBundle, tilePath, tileWidth, widthOf } from '../tree/tile.ts';
import { parseEntry, type LogEntry } from './entry.ts';
import type { BrokenEntry, LogResult } from './log-result.ts';
import type { LogSource } from './source.ts';
import { createTimeline } from './timeline.ts';
import { createTreeCheck, readTile } from './tree-check.ts';

/** What {@link Verifier.verifyLog} takes. */
export interface VerifyLogOptions {
  readonly policy: Policy;
  /** A checkpoint that was saved before, as a note: the log must continue it. */
  readonly since?: Uint8Array | string;
  /** The entries are another log's: their bytes may be anything, and only their hashes are checked. */
  readonly anyEntries?: boolean;
  /** Called after each bundle of up to 256 entries. */
  progress?(done: { readonly index: number; readonly size: number }): void;
  /** Called with each entry, in order, after its hash was found in the tree. */
  entry?(index: number, entry: LogEntry): void;
}

/** A root that must come out at a size. */
interface Mark {
  readonly size: number;
  readonly root: Uint8Array;
  readonly what: Text;
}

const noteBytes = 1_000_000;
const newest: Text = { zh: '最新校验点', en: 'the newest checkpoint' };
const witnessedText: Text = { zh: '见证过的校验点', en: 'the witnessed checkpoint' };
/** A copy made file by file holds the old checkpoint and what the witnesses signed meanwhile. */
const witnessedLater: Text = { zh: '见证过的校验点（若目录是在日志运行时复制的，请重新复制后再核验）', en: 'the witnessed checkpoint (if the folder was copied while the log ran, copy it again)' };
const savedText: Text = { zh: '此前保存的校验点', en: 'the saved checkpoint' };

/** See {@link Verifier.verifyLog}. */
export async function verifyLog(crypto: Crypto, source: LogSource, options: VerifyLogOptions): Promise<LogResult> {
  const timeline = createTimeline();
  const facts = { size: 0, root: '', origin: '', cosigned: [] as readonly string[], quorum: false, missing: [] as readonly string[], witnessesAsked: options.policy.quorum !== undefined, checked: 0, pruned: 0 };
  const optional: { since?: number; newestWitnessed?: NonNullable<LogResult['newestWitnessed']> } = {};
  let problem: Finding | undefined;
  let firstBroken: BrokenEntry | undefined;
  /** All entries below are good. */
  let good = 0;
  try {
    const { checkpoint, witnessed, since, minimum } = await openFiles(crypto, source, options);
    Object.assign(facts, { size: checkpoint.size, root: checkpoint.rootBase64, origin: checkpoint.origin, pruned: minimum });
    const best = witnessed && !(checkpoint.quorum && checkpoint.size >= witnessed.size) ? witnessed : checkpoint;
    Object.assign(facts, { cosigned: best.cosigned, missing: best.missing });
    const marks: Mark[] = [{ size: checkpoint.size, root: checkpoint.root, what: newest }];
    if (witnessed) marks.unshift({ size: witnessed.size, root: witnessed.root, what: witnessedText });
    if (since) marks.unshift({ size: since.size, root: since.root, what: savedText });
    for (const { size, what } of marks) if (size > checkpoint.size) throw new VerifyError('ROLLED_BACK', { size: checkpoint.size, before: size, what: what === witnessedText ? witnessedLater : what });
    // The sort is stable: of two marks of one size the saved one is named first.
    await checkEntries(crypto, source, { size: checkpoint.size, minimum, anyEntries: options.anyEntries ?? false, marks: marks.sort((a, b) => a.size - b.size) }, {
      checked: () => void facts.checked++,
      entry(index, entry) {
        timeline.add(index, entry);
        options.entry?.(index, entry);
      },
      good: (index) => void (good = index),
      progress: (index) => options.progress?.({ index, size: checkpoint.size }),
    });
    if (since) optional.since = since.size;
    facts.quorum = best.quorum;
    if (best.quorum) optional.newestWitnessed = { size: best.size, root: best.rootBase64, ...(best.witnessedAtMs === undefined ? {} : { atMs: best.witnessedAtMs }) };
    else throw new VerifyError('QUORUM_MISSING', { missing: best.missing.join(', ') });
  } catch (error) {
    problem = findingOf(error);
    const { code, params } = error as VerifyError;
    if (code === 'ROOT_MISMATCH') firstBroken = { ...problem, index: good, exact: false };
    else if (typeof params['index'] === 'number') firstBroken = { ...problem, index: params['index'], exact: code === 'ENTRY_CHANGED' || code === 'ENTRY_INVALID' };
  }
  return { ok: problem === undefined, ...facts, ...timeline.end(), ...optional, ...(problem ? { problem } : {}), ...(firstBroken ? { firstBroken } : {}) };
}

/** Opens what says where the log stands. The checkpoint is read last, so that a log that grows meanwhile holds what the others say. */
async function openFiles(crypto: Crypto, source: LogSource, { policy, since }: VerifyLogOptions) {
  const minimum = await readMinimumIndex(source);
  const witnessedNote = await source.read('witnessed', noteBytes);
  const note = await source.read('checkpoint', noteBytes);
  if (!note) throw new VerifyError('SOURCE_UNREADABLE', { path: 'checkpoint', reason: { zh: '文件不存在', en: 'it is not there' } });
  const checkpoint = openCheckpoint(crypto, note, policy);
  const sameLog = (other: OpenedCheckpoint) => {
    if (other.origin !== checkpoint.origin) throw new VerifyError('ORIGIN_UNKNOWN', { origin: other.origin, known: checkpoint.origin });
    return other;
  };
  const witnessed = witnessedNote ? sameLog(openCheckpoint(crypto, witnessedNote, policy)) : undefined;
  if (minimum > checkpoint.size) throw new VerifyError('MINIMUM_INDEX_MALFORMED', { reason: { zh: `${minimum} 大于日志规模 ${checkpoint.size}`, en: `${minimum} is above the size of the log, ${checkpoint.size}` } });
  return {
    checkpoint,
    // What the quorum of this policy did not see is worth no more than the checkpoint.
    witnessed: witnessed?.quorum ? witnessed : undefined,
    since: since === undefined ? undefined : sameLog(openCheckpoint(crypto, since, policy)),
    minimum,
  };
}

async function readMinimumIndex(source: LogSource): Promise<number> {
  const bytes = await source.read('minimum-index', 64);
  if (!bytes) return 0;
  const text = textOf(bytes) ?? '';
  const minimum = text.endsWith('\n') ? toSize(text.slice(0, -1)) : undefined;
  if (minimum === undefined) throw new VerifyError('MINIMUM_INDEX_MALFORMED', { reason: { zh: '应为十进制数加换行', en: 'it must be a decimal number and a newline' } });
  return minimum;
}

interface Walk {
  checked(): void;
  entry(index: number, entry: LogEntry): void;
  /** All entries below are proven. */
  good(index: number): void;
  progress(index: number): void;
}

interface Task {
  readonly size: number;
  readonly minimum: number;
  readonly anyEntries: boolean;
  /** By rising size. */
  readonly marks: readonly Mark[];
}

async function checkEntries(crypto: Crypto, source: LogSource, { size, minimum, anyEntries, marks }: Task, walk: Walk): Promise<void> {
  const tree = createTreeCheck(crypto, source, size);
  let nextMark = 0;
  const checkMarks = (from: number, leaves: readonly Uint8Array[]): void => {
    for (; nextMark < marks.length && marks[nextMark]!.size <= from + leaves.length; nextMark++) {
      const mark = marks[nextMark]!;
      if (!sameBytes(tree.rootWith(leaves.slice(0, mark.size - from)), mark.root)) throw new VerifyError('ROOT_MISMATCH', { size: mark.size, what: mark.what });
      walk.good(mark.size);
    }
  };
  checkMarks(0, []);
  let prunedTo = 0;
  // While one tile is hashed, the next is read; should that fail, the failure is met when its turn comes.
  const readAhead = (from: number) => {
    const pair = from < size ? readPair(source, size, minimum, from / tileWidth) : undefined;
    pair?.catch(() => undefined);
    return pair;
  };
  let next = readAhead(0);
  for (let from = 0; from < size; from += tileWidth) {
    const { leaves, bundle } = (await next)!;
    next = readAhead(from + tileWidth);
    if (bundle) {
      for (const [place, data] of parseBundle(bundle.bytes, leaves.length, bundle.exact, bundle.path, from).entries()) {
        const index = from + place;
        if (!sameBytes(leafHash(crypto, data), leaves[place]!)) throw new VerifyError('ENTRY_CHANGED', { index, path: bundle.path });
        walk.checked();
        if (anyEntries) continue;
        const entry = parseEntry(data, index);
        const { open } = entry.members;
        if (entry.kind === 'audit.pruned' && isObject(open) && typeof open['minimumIndex'] === 'number') prunedTo = Math.max(prunedTo, open['minimumIndex']);
        walk.entry(index, entry);
      }
    }
    checkMarks(from, leaves);
    await tree.add(leaves);
    walk.progress(from + leaves.length);
  }
  if (prunedTo < minimum && !anyEntries) throw new VerifyError('PRUNING_UNRECORDED', { minimum });
}

/** The leaf hashes and the bundle of a tile; no bundle where all of it was pruned. */
async function readPair(source: LogSource, size: number, minimum: number, tile: number) {
  const [leaves, bundle] = await Promise.all([readTile(source, size, 0, tile), (tile + 1) * tileWidth <= minimum ? undefined : readBundle(source, size, tile)]);
  return { leaves, bundle };
}

async function readBundle(source: LogSource, size: number, tile: number) {
  const width = widthOf(size, 0, tile);
  const path = tilePath('entries', tile, width);
  const bytes = await source.read(path, bundleBytes);
  if (bytes) return { bytes, path, exact: true };
  const fullPath = tilePath('entries', tile);
  const full = width < tileWidth ? await source.read(fullPath, bundleBytes) : undefined;
  if (!full) throw new VerifyError('BUNDLE_MISSING', { index: tile * tileWidth, path });
  return { bytes: full, path: fullPath, exact: false };
}

