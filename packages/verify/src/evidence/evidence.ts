// The list of an evidence package, `evidence.json`. docs/design/audit-log.md.
import { canonicalJson, isObject, parseJson, type Json, type JsonObject } from '../bytes/canonical-json.ts';
import { fromHex, isWellFormed, textOf, utf8 } from '../bytes/bytes.ts';
import { VerifyError } from '../errors.ts';
import type { Text } from '../text.ts';
import { longestProof } from '../tree/proof.ts';

/** A segment of footage, as it was sealed. */
export interface EvidenceSegment {
  readonly camera: string;
  /** UTC epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly bytes: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

/** A file of the package and the proof that its segment was sealed. */
export interface EvidenceFile {
  /** Path inside the folder, with `/`. */
  readonly name: string;
  readonly segment: EvidenceSegment;
  /** The leaf data of the segment. */
  readonly leafData: Uint8Array;
  /** Place in the tree of its minute, and the leaves of that. */
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
  /** Place in {@link Evidence.seals}. */
  readonly seal: number;
}

/** Footage that was asked for and is not there. */
export interface MissingFootage {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly cause: string;
}

/** A film or document that was made for the package. */
export interface ListedFile {
  /** Path inside the folder, with `/`. */
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** A package's list. */
export interface Evidence {
  readonly files: readonly EvidenceFile[];
  readonly seals: readonly string[];
  readonly receipts: readonly string[];
  readonly listed: readonly ListedFile[];
  readonly missing: readonly MissingFootage[];
}

/** Bytes of the largest list that is read. */
export const evidenceBytes = 256 * 2 ** 20;

/** Reads `evidence.json`. Throws `EVIDENCE_MALFORMED`. */
export function parseEvidence(evidence: Uint8Array | string): Evidence {
  const text = typeof evidence === 'string' ? evidence : textOf(evidence);
  const value = text === undefined ? undefined : parseJson(text);
  if (!isObject(value)) throw malformed({ zh: '不是 JSON 对象', en: 'evidence.json is no JSON object' });
  if (value['format'] !== 'wanglou.evidence/1') throw malformed({ zh: 'format 不是 wanglou.evidence/1', en: 'its format is not wanglou.evidence/1' });
  const files = list(value, 'files').map(parseFile);
  const listed = list(value, 'listed').map(parseListed);
  const names = new Set([...files, ...listed].map((file) => file.name));
  if (names.size !== files.length + listed.length) throw malformed({ zh: '同一文件名出现两次', en: 'a file name is there twice' });
  const seals = list(value, 'seals').map((seal, place) => textAt(seal, `seals[${place}]`));
  for (const file of files) if (file.seal >= seals.length) throw malformed({ zh: `没有第 ${file.seal} 个封存记录`, en: `there is no seal ${file.seal}` });
  return {
    files,
    seals,
    receipts: list(value, 'receipts').map((receipt, place) => textAt(receipt, `receipts[${place}]`)),
    listed,
    missing: list(value, 'missing').map(parseMissing),
  };
}

function parseFile(value: Json, place: number): EvidenceFile {
  const at = `files[${place}]`;
  if (!isObject(value) || !isObject(value['segment'])) throw wrong(at);
  const { name, index, size, seal, path } = value;
  const { camera, fromMs, toMs, bytes, sha256, ...others } = value['segment'];
  if (typeof name !== 'string' || !isInside(name)) throw wrong(`${at}.name`);
  if (!isCount(index) || !isCount(size) || !isCount(seal)) throw wrong(at);
  if (typeof camera !== 'string' || !isCount(fromMs) || !isCount(toMs) || !isCount(bytes) || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256) || Object.keys(others).length > 0) throw wrong(`${at}.segment`);
  if (!Array.isArray(path) || path.length > longestProof) throw wrong(`${at}.path`);
  const segment = { camera, fromMs, toMs, bytes, sha256 };
  const leafData = canonicalJson(segment);
  if (leafData === undefined) throw wrong(`${at}.segment`);
  return {
    name,
    segment,
    leafData: utf8(leafData),
    index,
    size,
    seal,
    path: path.map((hash: Json) => {
      const decoded = typeof hash === 'string' ? fromHex(hash) : undefined;
      if (decoded?.length !== 32) throw wrong(`${at}.path`);
      return decoded;
    }),
  };
}

function parseListed(value: Json, place: number): ListedFile {
  if (!isObject(value)) throw wrong(`listed[${place}]`);
  const { name, bytes, sha256, ...others } = value;
  if (typeof name !== 'string' || !isInside(name) || !isCount(bytes) || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256) || Object.keys(others).length > 0) throw wrong(`listed[${place}]`);
  return { name, bytes, sha256 };
}

function parseMissing(value: Json, place: number): MissingFootage {
  if (!isObject(value)) throw wrong(`missing[${place}]`);
  const { camera, fromMs, toMs, cause } = value;
  if (typeof camera !== 'string' || !isCount(fromMs) || !isCount(toMs) || typeof cause !== 'string') throw wrong(`missing[${place}]`);
  return { camera, fromMs, toMs, cause };
}

/** A list that may be absent. */
function list(value: JsonObject, name: string): readonly Json[] {
  const found = value[name] ?? [];
  if (!Array.isArray(found)) throw wrong(name);
  return found as readonly Json[];
}

function textAt(value: Json, at: string): string {
  if (typeof value !== 'string') throw wrong(at);
  return value;
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A path that stays in the folder, on every operating system. */
function isInside(name: string): boolean {
  return isWellFormed(name) && name.length <= 1000 && !/[\\:\p{Cc}]/u.test(name) && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function wrong(at: string): VerifyError {
  return malformed({ zh: `${at} 有误`, en: `${at} is wrong` });
}

function malformed(reason: Text): VerifyError {
  return new VerifyError('EVIDENCE_MALFORMED', { reason });
}
