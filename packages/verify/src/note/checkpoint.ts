// The text of a checkpoint: origin, size, root, extension lines. c2sp.org/tlog-checkpoint.
import { fromBase64, toBase64, toSize } from '../bytes/bytes.ts';
import { VerifyError } from '../errors.ts';
import type { Text } from '../text.ts';

/** What a checkpoint says. */
export interface CheckpointBody {
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
}

/** Reads the text of a note as a checkpoint. Throws `CHECKPOINT_MALFORMED`. */
export function parseCheckpointBody(text: string): CheckpointBody {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw malformed({ zh: '最后一行没有换行', en: 'its last line has no newline' });
  const [origin, sizeText, rootText, ...extensions] = lines;
  if (origin === undefined || sizeText === undefined || rootText === undefined) throw malformed({ zh: '不足三行', en: 'it has fewer than three lines' });
  if (origin === '') throw malformed({ zh: '来源行为空', en: 'its origin is empty' });
  const size = toSize(sizeText);
  if (size === undefined) throw malformed({ zh: '规模不是不超过 9007199254740991 的十进制数', en: 'its size is no decimal number up to 9007199254740991' });
  const root = fromBase64(rootText);
  if (!root) throw malformed({ zh: '根不是 base64', en: 'its root is not base64' });
  if (root.length !== 32) throw malformed({ zh: `根为 ${root.length} 字节，应为 32 字节`, en: `its root has ${root.length} bytes, it must have 32` });
  if (extensions.includes('')) throw malformed({ zh: '扩展行为空', en: 'it has an empty extension line' });
  return { origin, size, root, extensions };
}

/** Writes the text of a checkpoint without extension lines. */
export function checkpointText(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

function malformed(reason: Text): VerifyError {
  return new VerifyError('CHECKPOINT_MALFORMED', { reason });
}
