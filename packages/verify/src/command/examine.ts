// Finds out what a path or an address is, and checks it.
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { textOf } from '../bytes/bytes.ts';
import { nodeCrypto } from '../crypto/node-crypto.ts';
import { VerifyError } from '../errors.ts';
import { evidenceBytes } from '../evidence/evidence.ts';
import type { ClipResult, EvidenceResult } from '../evidence/verify-evidence.ts';
import type { LogResult } from '../log/log-result.ts';
import type { Policy } from '../policy/policy.ts';
import { proofHeader } from '../receipt/tlog-proof.ts';
import type { ReceiptResult } from '../receipt/verify-receipt.ts';
import { createFolderEvidence, createFolderSource, readable, readFileBytes } from '../sources/folder-source.ts';
import { createUrlSource } from '../sources/url-source.ts';
import type { Text } from '../text.ts';
import { createVerifier } from '../verifier.ts';
import { linesOfClip, linesOfEvidence, linesOfLog, linesOfReceipt, type Line } from './texts.ts';

/** What was found, and what to say of it. */
export interface Examined {
  readonly kind: 'log' | 'receipt' | 'evidence' | 'clip';
  readonly result: LogResult | ReceiptResult | EvidenceResult | ClipResult;
  readonly lines: readonly Line[];
}

const receiptBytes = 2_000_000;
const listName = 'evidence.json';

/** Checks what is there. Throws `SOURCE_UNREADABLE` or `NOT_RECOGNISED`. */
export async function examine(target: string, { policy, since, evidence }: { readonly policy: Policy; readonly since?: Uint8Array; readonly evidence?: string }): Promise<Examined> {
  const verifier = createVerifier(nodeCrypto);
  const log = async (source: ReturnType<typeof createFolderSource>): Promise<Examined> => {
    const result = await verifier.verifyLog(source, { policy, ...(since ? { since } : {}) });
    return { kind: 'log', result, lines: linesOfLog(result) };
  };
  const folderEvidence = async (folder: string): Promise<Examined> => {
    const result = await verifier.verifyEvidence(createFolderEvidence(folder), policy);
    return { kind: 'evidence', result, lines: linesOfEvidence(result) };
  };
  const unknown = (reason: Text) => new VerifyError('NOT_RECOGNISED', { path: target, reason });

  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return log(createUrlSource(target));
  const found = await stat(target).catch((error: NodeJS.ErrnoException) => {
    throw new VerifyError('SOURCE_UNREADABLE', { path: target, reason: error.code === 'ENOENT' ? { zh: '不存在', en: 'it is not there' } : error.message }, { cause: error });
  });
  if (found.isDirectory()) {
    if (await isFile(join(target, listName))) return folderEvidence(target);
    if (await isFile(join(target, 'checkpoint'))) return log(createFolderSource(target));
    throw unknown({ zh: '目录中没有 checkpoint，也没有 evidence.json', en: 'the folder has neither checkpoint nor evidence.json' });
  }
  if (basename(target) === listName) return folderEvidence(dirname(target));
  const receipt = found.size <= receiptBytes ? await readFileBytes(target, receiptBytes) : undefined;
  if (target.endsWith('.tlog-proof') || (receipt && textOf(receipt.subarray(0, proofHeader.length + 1)) === `${proofHeader}\n`)) {
    const result = verifier.verifyReceipt(receipt ?? new Uint8Array(receiptBytes + 1), policy);
    return { kind: 'receipt', result, lines: linesOfReceipt(result) };
  }
  const list = evidence ?? (await findList(target));
  if (list === undefined) throw unknown({ zh: '所在目录及上级目录中没有 evidence.json', en: 'there is no evidence.json beside it or above it' });
  const bytes = await readFileBytes(list, evidenceBytes);
  if (!bytes) throw new VerifyError('SOURCE_UNREADABLE', { path: list, reason: { zh: '文件不存在', en: 'it is not there' } });
  const result = await verifier.verifyClip({ name: basename(target), content: readable(target) }, bytes, policy);
  return { kind: 'clip', result, lines: linesOfClip(result) };
}

/** The list beside a clip, or in one of three folders above it. */
async function findList(clip: string): Promise<string | undefined> {
  let folder = dirname(resolve(clip));
  for (let depth = 0; depth < 4; depth++, folder = dirname(folder)) if (await isFile(join(folder, listName))) return join(folder, listName);
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
