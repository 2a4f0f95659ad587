// Checks a log from its rows alone: numbering, bodies, links, and the signed checkpoint.
import type { Checkpoint, Text, Verification } from '@wanglou/core';
import { chainHash, emptyHash, hashBody } from './hash.ts';
import { isSigned } from './signer.ts';

/** A record as it lies in the table. */
export interface RecordRow {
  readonly seq: number;
  readonly body: string;
  readonly hash: string;
}

/** What a check of the rows found; the reason also in both languages. */
export interface ChainVerification extends Verification {
  readonly broken?: NonNullable<Verification['broken']> & { readonly text: Text };
}

/**
 * Verifies a log. Says the first record that does not fit, and why.
 *
 * @param rows in the order of `seq`
 * @param checkpoint the newest signed statement; a log that is not empty must have one
 * @param trustedKey the public key that must have signed it, where it is known from elsewhere
 */
export async function verifyChain(rows: AsyncIterable<RecordRow> | Iterable<RecordRow>, checkpoint: Checkpoint | undefined, trustedKey?: string): Promise<ChainVerification> {
  let size = 0;
  let head = emptyHash;
  let headAtCheckpoint = checkpoint?.size === 0 ? emptyHash : undefined;
  const broken = (seq: number, en: string, zh: string): ChainVerification => ({ ok: false, size, broken: { seq, reason: en, text: { en, zh } }, ...(checkpoint && { checkpoint }) });
  try {
    for await (const row of rows) {
      if (row.seq > size) return broken(size, `record ${size} is missing`, `缺少第 ${size} 条记录`);
      if (row.seq < size) return broken(size, `record ${row.seq} stands where ${size} should`, `应为第 ${size} 条，实为第 ${row.seq} 条`);
      const expected = chainHash(head, hashBody(row.body));
      if (row.hash !== expected) return broken(row.seq, 'its hash does not fit its body and the records before it', '其哈希与内容及之前的记录不符');
      head = expected;
      size++;
      if (checkpoint?.size === size) headAtCheckpoint = head;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return broken(size, `the database cannot be read from here on: ${reason}`, `数据库从此处起无法读取：${reason}`);
  }
  if (!checkpoint) return size === 0 ? { ok: true, size } : broken(0, 'there is no signed checkpoint', '没有已签名的校验点');
  if (!isSigned(checkpoint)) return broken(size, 'the signature of the checkpoint is wrong', '校验点的签名有误');
  if (trustedKey !== undefined && checkpoint.key !== trustedKey) return broken(size, 'the checkpoint was signed with another key', '校验点由另一密钥签名');
  if (size < checkpoint.size) return broken(size, `the log was cut: ${checkpoint.size} records were signed, ${size} are left`, `日志被截断：已签名 ${checkpoint.size} 条，仅余 ${size} 条`);
  if (headAtCheckpoint !== checkpoint.hash) return broken(checkpoint.size - 1, 'the records are not those that were signed', '记录与签名时不一致');
  if (size > checkpoint.size) return broken(checkpoint.size, 'records were added after the last signed checkpoint', '最后一个已签名校验点之后被添加了记录');
  return { ok: true, size, checkpoint };
}
