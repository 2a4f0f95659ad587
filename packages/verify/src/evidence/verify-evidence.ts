// Evidence packages: every file is the one that was recorded, its minute was sealed in the log, and the quorum saw the log.
import { concatBytes, fromHex, toHex, utf8 } from '../bytes/bytes.ts';
import { canonicalJson, isObject } from '../bytes/canonical-json.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { findingOf, VerifyError, type Finding } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import { createCheckpointOpener, verifyReceipt, type ReceiptResult } from '../receipt/verify-receipt.ts';
import { verifyInclusion } from '../tree/proof.ts';
import { leafHash } from '../tree/tree-hash.ts';
import { evidenceBytes, parseEvidence, type Evidence, type EvidenceFile, type EvidenceSegment, type ListedFile, type MissingFootage } from './evidence.ts';
import type { EvidenceSource } from './evidence-source.ts';

/** What was found of a file. */
export interface FileResult {
  readonly name: string;
  readonly ok: boolean;
  readonly problem?: Finding;
  readonly segment: EvidenceSegment;
  /** Place in {@link EvidenceResult.seals}. */
  readonly seal: number;
}

/** What was found of a film or document that was made for the package. */
export interface ListedResult {
  readonly name: string;
  readonly ok: boolean;
  readonly problem?: Finding;
}

/** What {@link Verifier.verifyEvidence} found. Plain JSON. */
export interface EvidenceResult {
  /** Every file is there and original, and all seals and receipts hold. */
  readonly ok: boolean;
  /** The first thing that is wrong. */
  readonly problem?: Finding;
  readonly files: readonly FileResult[];
  readonly seals: readonly ReceiptResult[];
  readonly receipts: readonly ReceiptResult[];
  /** Films and documents that were made for the package, as the log says. */
  readonly listed: readonly ListedResult[];
  /** Files in the folder that the list does not name: nothing is known of them. */
  readonly unlisted: readonly string[];
  /** Footage that was asked for and is not there, as the list says. */
  readonly missing: readonly MissingFootage[];
}

/** What {@link Verifier.verifyClip} found. Plain JSON. */
export interface ClipResult {
  readonly ok: boolean;
  readonly problem?: Finding;
  /** Hex. */
  readonly sha256: string;
  readonly file?: FileResult;
  readonly seal?: ReceiptResult;
}

/** Called after each file, with how many of the package's were hashed. */
export type EvidenceProgress = (done: { readonly files: number; readonly of: number }) => void;

const listName = 'evidence.json';

/** See {@link Verifier.verifyEvidence}. */
export async function verifyEvidence(crypto: Crypto, source: EvidenceSource, policy: Policy, progress?: EvidenceProgress): Promise<EvidenceResult> {
  let evidence: Evidence;
  try {
    evidence = parseEvidence(await readList(source));
    if (evidence.files.length + evidence.seals.length + evidence.receipts.length + evidence.listed.length === 0) throw new VerifyError('EVIDENCE_MALFORMED', { reason: { zh: '清单为空，没有可核验的内容', en: 'it lists nothing that could be checked' } });
  } catch (error) {
    return { ok: false, problem: findingOf(error), files: [], seals: [], receipts: [], listed: [], unlisted: [], missing: [] };
  }
  const open = createCheckpointOpener(crypto, policy);
  const seals = evidence.seals.map((seal) => verifyReceipt(crypto, seal, policy, open));
  const receipts = evidence.receipts.map((receipt) => verifyReceipt(crypto, receipt, policy, open));
  const files: FileResult[] = [];
  for (const file of evidence.files) {
    const stream = await source.open(file.name);
    const content = stream && (await hashOf(crypto, stream));
    files.push(fileResult(file, () => {
      if (!content) throw new VerifyError('EVIDENCE_FILE_MISSING', { name: file.name });
      checkFile(crypto, file, content, seals[file.seal]!);
    }));
    progress?.({ files: files.length, of: evidence.files.length + evidence.listed.length });
  }
  const listed: ListedResult[] = [];
  const isProven = isListProven(crypto, evidence.listed, receipts);
  for (const file of evidence.listed) {
    listed.push(await listedResult(crypto, source, file, isProven));
    progress?.({ files: files.length + listed.length, of: evidence.files.length + evidence.listed.length });
  }
  const named = new Set([listName, ...evidence.files.map((file) => file.name), ...evidence.listed.map((file) => file.name)]);
  const problem = [...files, ...seals, ...receipts, ...listed].find((result) => result.problem)?.problem;
  return { ok: problem === undefined, ...(problem ? { problem } : {}), files, seals, receipts, listed, unlisted: (await source.list()).filter((name) => !named.has(name)), missing: evidence.missing };
}

/** Entries that hold the hash of a list: of a copy that left, and of an archive. */
const listingKinds: readonly unknown[] = ['recording.exported', 'recording.archived'];

/** The log holds the hash of the list. */
function isListProven(crypto: Crypto, listed: readonly ListedFile[], receipts: readonly ReceiptResult[]): boolean {
  const text = canonicalJson(listed.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })));
  if (text === undefined) return false;
  const hash = crypto.createSha256();
  hash.update(utf8(text));
  const expected = toHex(hash.digest());
  return receipts.some(({ ok, entry }) => ok && entry !== undefined && listingKinds.includes(entry['kind']) && isObject(entry['open']) && entry['open']['listed'] === expected);
}

async function listedResult(crypto: Crypto, source: EvidenceSource, file: ListedFile, isProven: boolean): Promise<ListedResult> {
  const { name } = file;
  const fails = (error: VerifyError): ListedResult => ({ name, ok: false, problem: findingOf(error) });
  const stream = await source.open(name);
  if (!stream) return fails(new VerifyError('EVIDENCE_FILE_MISSING', { name }));
  const { bytes, sha256 } = await hashOf(crypto, stream);
  if (bytes !== file.bytes || sha256 !== file.sha256) return fails(new VerifyError('EVIDENCE_EXPORT_UNPROVEN', { name, reason: { zh: '与制作时的内容不同', en: 'it is not the one that was made' } }));
  return isProven ? { name, ok: true } : fails(new VerifyError('EVIDENCE_EXPORT_UNPROVEN', { name, reason: { zh: '没有有效回执证明本清单', en: 'no receipt that holds proves this list' } }));
}

/** See {@link Verifier.verifyClip}. */
export async function verifyClip(crypto: Crypto, clip: { readonly name: string; readonly content: AsyncIterable<Uint8Array> }, evidence: Uint8Array | string, policy: Policy): Promise<ClipResult> {
  const content = await hashOf(crypto, clip.content);
  try {
    const { files, seals } = parseEvidence(evidence);
    // People rename files: what counts is the content.
    const file = files.find(({ segment }) => segment.sha256 === content.sha256) ?? files.find(({ name }) => name === clip.name || name.endsWith(`/${clip.name}`));
    if (!file) throw new VerifyError('CLIP_UNKNOWN', { name: clip.name, sha256: content.sha256 });
    const seal = verifyReceipt(crypto, seals[file.seal]!, policy);
    const result = fileResult(file, () => checkFile(crypto, file, content, seal));
    return { ok: result.ok, ...(result.problem ? { problem: result.problem } : {}), sha256: content.sha256, file: result, seal };
  } catch (error) {
    return { ok: false, problem: findingOf(error), sha256: content.sha256 };
  }
}

interface Content {
  readonly bytes: number;
  readonly sha256: string;
}

function checkFile(crypto: Crypto, { name, segment, leafData, index, size, path, seal: place }: EvidenceFile, content: Content, seal: ReceiptResult): void {
  if (content.bytes !== segment.bytes) throw new VerifyError('EVIDENCE_FILE_CHANGED', { name, reason: { zh: `${content.bytes} 字节，原为 ${segment.bytes} 字节`, en: `it has ${content.bytes} bytes, the original had ${segment.bytes}` } });
  if (content.sha256 !== segment.sha256) throw new VerifyError('EVIDENCE_FILE_CHANGED', { name, reason: { zh: `SHA-256 为 ${content.sha256}，原为 ${segment.sha256}`, en: `its SHA-256 is ${content.sha256}, that of the original was ${segment.sha256}` } });
  const broken = (zh: string, en: string) => new VerifyError('EVIDENCE_SEAL_WRONG', { name, seal: place, reason: { zh, en } });
  if (!seal.ok) throw broken(seal.problem!.text.zh, seal.problem!.text.en);
  const open = seal.entry?.['open'];
  const root = isObject(open) && typeof open['root'] === 'string' ? fromHex(open['root']) : undefined;
  if (seal.entry?.['kind'] !== 'recording.sealed' || !isObject(open) || root?.length !== 32) throw broken('该条目不是封存记录', 'its entry is no recording.sealed');
  if (open['segments'] !== size) throw broken('录像文件数目不符', 'it seals another number of segments');
  try {
    verifyInclusion(crypto, { index, size, leaf: leafHash(crypto, leafData), root, proof: path });
  } catch (error) {
    const { text } = findingOf(error);
    throw broken(text.zh, text.en);
  }
}

function fileResult({ name, segment, seal }: EvidenceFile, check: () => void): FileResult {
  try {
    check();
    return { name, ok: true, segment, seal };
  } catch (error) {
    return { name, ok: false, problem: findingOf(error), segment, seal };
  }
}

async function hashOf(crypto: Crypto, stream: AsyncIterable<Uint8Array>): Promise<Content> {
  const hash = crypto.createSha256();
  let bytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: toHex(hash.digest()) };
}

async function readList(source: EvidenceSource): Promise<Uint8Array> {
  const stream = await source.open(listName);
  if (!stream) throw new VerifyError('EVIDENCE_MALFORMED', { reason: { zh: '没有 evidence.json', en: 'there is no evidence.json' } });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > evidenceBytes) throw new VerifyError('EVIDENCE_MALFORMED', { reason: { zh: `evidence.json 超过 ${evidenceBytes} 字节`, en: `evidence.json is longer than ${evidenceBytes} bytes` } });
    chunks.push(chunk);
  }
  return concatBytes(...chunks);
}
