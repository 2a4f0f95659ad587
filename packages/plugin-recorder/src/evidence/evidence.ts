// The list of an evidence package: which original files are in it, the proof of each, and what is missing and why. docs/design/audit-log.md.
import type { AuditLog } from '@wanglou/core';
import type { SealedPlace, Seals } from '../catalog/seals.ts';
import type { FootageFile } from '../hls/playback-plan.ts';
import { areComplete } from '../media/media-response.ts';
import type { SealedSegment } from '../seal/leaf.ts';
import { levelsOf, pathOf, rootOf, type Levels } from '../seal/tree.ts';
import { missingFootage, type ExplainedTime, type MissingFootage } from './missing.ts';

/** What a copy was granted and what there was of it. */
export interface EvidenceScope {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Files that touch the range, oldest first; one that is being written has no hash yet. */
  readonly files: readonly FootageFile[];
  /** With what was erased after its retention. */
  readonly gaps: readonly ExplainedTime[];
  /** The call of the copy. */
  readonly call: string;
}

/** Where the proofs come from. */
export interface EvidenceSources {
  readonly seals: Seals;
  readonly log: Pick<AuditLog, 'query' | 'read' | 'receipt'>;
}

/** One original file of a package. */
export interface EvidenceFile {
  /** Path inside the package, and below the recordings folder. */
  readonly name: string;
  readonly segment: SealedSegment;
  readonly index: number;
  readonly size: number;
  /** Inclusion proof, hex. */
  readonly path: readonly string[];
  /** Place in {@link Evidence.seals}. */
  readonly seal: number;
}

/** `evidence.json`. */
export interface Evidence {
  readonly format: 'wanglou.evidence/1';
  readonly files: readonly EvidenceFile[];
  /** Texts of receipts (C2SP tlog-proof). */
  readonly seals: readonly string[];
  readonly receipts: readonly string[];
  readonly missing: readonly MissingFootage[];
}

/** A closed file. */
type ClosedFile = FootageFile & { readonly sha256: string; readonly bytes: number };

/** Closed files that lie wholly inside the range: these may leave as they are, for they show nothing that was not granted. */
export function wholeFiles({ files, fromMs, toMs }: Pick<EvidenceScope, 'files' | 'fromMs' | 'toMs'>): readonly ClosedFile[] {
  return files.filter((file): file is ClosedFile => file.sha256 !== undefined && file.bytes !== undefined && file.startMs >= fromMs && file.endMs <= toMs);
}

/** Makes the list. Rejects when the log cannot be asked. */
export async function listEvidence(scope: EvidenceScope, { seals, log }: EvidenceSources): Promise<Evidence> {
  const { camera, fromMs, toMs, call } = scope;
  const whole = wholeFiles(scope);
  const places = new Map((await seals.placesOf(camera, fromMs, toMs)).map((place) => [place.startMs, place]));
  const receipts = await receiptOfDecision(log, call);
  const opened = new Map<number, OpenedSeal | undefined>();
  const texts: string[] = [];
  const files: EvidenceFile[] = [];
  const causes = new Map<FootageFile, string>();
  for (const file of whole) {
    const place = places.get(file.startMs);
    if (place && !opened.has(place.seal)) opened.set(place.seal, await openSeal(place, seals, log, texts));
    const seal = place && opened.get(place.seal);
    const { root, path: name, startMs, endMs, bytes, sha256 } = file;
    if (!place || !seal) causes.set(file, 'not-sealed');
    else if (!(await areComplete([{ root, path: name, offset: 0, length: bytes }]))) causes.set(file, 'damaged');
    else files.push({ name, segment: { camera, fromMs: startMs, toMs: endMs, bytes, sha256 }, index: place.place, size: seal.levels[0]!.length, path: pathOf(seal.levels, place.place).map(hex), seal: seal.index });
  }
  const given = new Set(files.map(({ name }) => name));
  const missing = missingFootage(scope, (file) => (given.has(file.path) ? undefined : (causes.get(file) ?? (file.sha256 === undefined ? 'not-sealed' : 'partial-segment'))));
  return { format: 'wanglou.evidence/1', files, seals: texts, receipts, missing };
}

interface OpenedSeal {
  readonly levels: Levels;
  /** Place of the receipt in the list. */
  readonly index: number;
}

/** The seal with its receipt; `undefined` when the log does not hold it, because it was begun anew since or the entry was pruned. */
async function openSeal({ seal: id, seq }: SealedPlace, seals: Seals, log: EvidenceSources['log'], texts: string[]): Promise<OpenedSeal | undefined> {
  const levels = levelsOf((await seals.read(id)).leaves);
  const [record] = await log.read(seq, 1);
  if (record?.seq !== seq || record.entry.kind !== 'recording.sealed' || record.entry.open?.['root'] !== hex(rootOf(levels))) return undefined;
  const { text } = await log.receipt(seq);
  return { levels, index: texts.push(text) - 1 };
}

async function receiptOfDecision(log: EvidenceSources['log'], call: string): Promise<readonly string[]> {
  const [decision] = await log.query({ call, kind: 'decision', limit: 1 });
  return decision ? [(await log.receipt(decision.seq)).text] : [];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
