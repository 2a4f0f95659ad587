// Signed notes: a text, an empty line, signatures. c2sp.org/signed-note.
import { fromBase64, isWellFormed, textOf, toHex, utf8 } from '../bytes/bytes.ts';
import { VerifyError } from '../errors.ts';
import type { Text } from '../text.ts';
import { isKeyName } from './vkey.ts';

/** A line of a signature. Nothing is known of it until it was verified. */
export interface NoteSignature {
  readonly name: string;
  /** Id of the key, 8 hex digits. */
  readonly id: string;
  /** What follows the id. */
  readonly signature: Uint8Array;
  /** The whole line, without the newline. */
  readonly line: string;
}

/** A note that is well formed. */
export interface Note {
  /** With its last newline, without the empty line. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const largestBytes = 1_000_000;
const mostSignatures = 100;

/** Reads a note, at most 1,000,000 bytes with at most 100 signatures. Throws `NOTE_MALFORMED`. */
export function parseNote(note: Uint8Array | string): Note {
  const bytes = typeof note === 'string' ? utf8(note) : note;
  if (bytes.length > largestBytes) throw malformed({ zh: `超过 ${largestBytes} 字节`, en: `it is longer than ${largestBytes} bytes` });
  const whole = typeof note === 'string' ? note : textOf(bytes);
  if (whole === undefined || !isWellFormed(whole)) throw malformed({ zh: '不是 UTF-8 文本', en: 'it is not UTF-8' });
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x0a)) throw malformed({ zh: '含有换行以外的控制字符', en: 'it holds a control character other than newline' });
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed({ zh: '正文与签名之间没有空行', en: 'there is no empty line between text and signatures' });
  const lines = whole.slice(split + 2).split('\n');
  if (lines.pop() !== '') throw malformed({ zh: '最后一行没有换行', en: 'the last line has no newline' });
  if (lines.length === 0) throw malformed({ zh: '没有签名', en: 'there is no signature' });
  if (lines.length > mostSignatures) throw malformed({ zh: `签名超过 ${mostSignatures} 个`, en: `there are more than ${mostSignatures} signatures` });
  return { text: whole.slice(0, split + 1), signatures: lines.map((line) => parseSignatureLine(line)) };
}

/** Reads `— <name> <base64>`, without newline. Throws `NOTE_MALFORMED`. */
export function parseSignatureLine(line: string): NoteSignature {
  const [, name = '', signature = ''] = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line) ?? [];
  const bytes = fromBase64(signature);
  if (!isKeyName(name) || !bytes || bytes.length < 5) throw malformed({ zh: `签名行有误：${line.slice(0, 80).replaceAll(/\p{C}/gu, '\uFFFD')}`, en: `this line is no signature: ${line.slice(0, 80).replaceAll(/\p{C}/gu, '\uFFFD')}` });
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4), line };
}

function malformed(reason: Text): VerifyError {
  return new VerifyError('NOTE_MALFORMED', { reason });
}
