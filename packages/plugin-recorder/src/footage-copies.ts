// What exports and archives share: names, what is missing and why, the proofs, the page that checks them, and the room they may take.
import { readFile, statfs } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cameras as cameraPoint, RecordingError, type AuditLog, type PluginContext, type Text } from '@wanglou/core';
import type { FootageTimeline } from './catalog/catalog.ts';
import type { Seals } from './catalog/seals.ts';
import { listEvidence, type Evidence, type EvidenceScope } from './evidence/evidence.ts';
import type { ExplainedTime } from './evidence/missing.ts';
import type { GapRecord } from './segment/segment-record.ts';

/** Of the disk, kept for recording. */
const reservedShare = 0.02;

/** A camera's name; its id where it is not known any more. */
export function nameOf(ctx: PluginContext, id: string): Text {
  return ctx.contributions(cameraPoint).find((camera) => camera.id === id)?.info.name ?? { zh: id, en: id };
}

/** What the index says of time without footage: gaps, and what was erased after its retention. */
export function explain(camera: string, { gaps, deleted }: FootageTimeline): { readonly gaps: readonly GapRecord[]; readonly explained: readonly ExplainedTime[] } {
  return { gaps, explained: [...gaps, ...deleted.map(({ startMs, endMs }) => ({ camera, startMs, endMs, cause: 'deleted' }))] };
}

/** One list for all cameras: seals and receipts that several share are there once. */
export async function evidenceOf(scopes: readonly EvidenceScope[], { seals, audit }: { readonly seals: Seals; readonly audit: AuditLog }): Promise<Evidence> {
  const lists = await Promise.all(scopes.map((scope) => listEvidence(scope, { seals, log: audit })));
  const texts = [...new Set(lists.flatMap((list) => list.seals))];
  return {
    format: 'wanglou.evidence/1',
    files: lists.flatMap((list) => list.files.map((file) => ({ ...file, seal: texts.indexOf(list.seals[file.seal] ?? '') }))),
    seals: texts,
    receipts: [...new Set(lists.flatMap((list) => list.receipts))],
    missing: lists.flatMap((list) => list.missing),
  };
}

/** What checks a package without this program: the log's policy, and the page that knows what to do with it. */
export async function verifierOf(audit: AuditLog): Promise<{ readonly policy: string; readonly page: Buffer }> {
  return { policy: await audit.policy(), page: await readFile(fileURLToPath(import.meta.resolve('@wanglou/verify/verify.html'))) };
}

/** A copy must not take the room that recording needs. */
export async function requireSpace(root: string, needBytes: number, refusal: 'EXPORT_NO_SPACE' | 'RESTORE_NO_SPACE' = 'EXPORT_NO_SPACE'): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(root);
  if (bavail * bsize - needBytes >= blocks * bsize * reservedShare) return;
  throw new RecordingError(refusal, { need: megabytes(needBytes), free: megabytes(bavail * bsize) });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
