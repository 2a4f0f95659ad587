// A proof as a file: extra data, index, inclusion proof, checkpoint. c2sp.org/tlog-proof.
import { fromBase64, textOf, toBase64, toSize, utf8 } from '../bytes/bytes.ts';
import { VerifyError } from '../errors.ts';
import type { Text } from '../text.ts';
import { hashBytes } from '../tree/tree-hash.ts';
import { longestProof } from '../tree/proof.ts';

/** What a proof file holds. Nothing of it is verified. */
export interface TlogProof {
  readonly extra?: Uint8Array;
  readonly index: number;
  /** From the sibling of the leaf to the child of the root. */
  readonly proof: readonly Uint8Array[];
  /** The checkpoint as a note. */
  readonly checkpoint: string;
}

/** The first line of every proof file. */
export const proofHeader = 'c2sp.org/tlog-proof@v1';

const largestBytes = 2_000_000;

/** Reads a proof file of at most 2,000,000 bytes. Throws `RECEIPT_MALFORMED`. */
export function parseTlogProof(proof: Uint8Array | string): TlogProof {
  const bytes = typeof proof === 'string' ? utf8(proof) : proof;
  if (bytes.length > largestBytes) throw malformed({ zh: `超过 ${largestBytes} 字节`, en: `it is longer than ${largestBytes} bytes` });
  const text = textOf(bytes);
  if (text === undefined) throw malformed({ zh: '不是 UTF-8 文本', en: 'it is not UTF-8' });
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed({ zh: '没有分隔校验点的空行', en: 'there is no empty line before the checkpoint' });
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== proofHeader) throw malformed({ zh: `第一行不是 ${proofHeader}`, en: `its first line is not ${proofHeader}` });
  const extraLine = lines[0]?.startsWith('extra ') ? lines.shift() : undefined;
  const extra = extraLine === undefined ? undefined : fromBase64(extraLine.slice('extra '.length));
  if (extraLine !== undefined && !extra) throw malformed({ zh: 'extra 不是 base64', en: 'its extra data are not base64' });
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? toSize(indexLine.slice('index '.length)) : undefined;
  if (index === undefined) throw malformed({ zh: '没有 index 行或其值有误', en: 'its index line is missing or wrong' });
  if (lines.length > longestProof) throw malformed({ zh: `证明超过 ${longestProof} 个哈希`, en: `its proof has more than ${longestProof} hashes` });
  const hashes = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== hashBytes) throw malformed({ zh: '证明中有一行不是 32 字节的 base64', en: 'a line of its proof is not the base64 of 32 bytes' });
    return hash;
  });
  return { ...(extra ? { extra } : {}), index, proof: hashes, checkpoint: text.slice(end + 2) };
}

/** Writes a proof file. */
export function formatTlogProof({ extra, index, proof, checkpoint }: TlogProof): string {
  return [proofHeader, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...proof.map((hash) => toBase64(hash)), '', checkpoint].join('\n');
}

function malformed(reason: Text): VerifyError {
  return new VerifyError('RECEIPT_MALFORMED', { reason });
}
