// The code on a paper receipt: index and the first 10 bytes of the leaf hash in Crockford's base32.
import { VerifyError } from '../errors.ts';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeBytes = 10;

/** Writes the code of an entry, such as `73894-AAAA-BBBB-CCCC-DDDD`. */
export function receiptCode(index: number, leaf: Uint8Array): string {
  let value = 0n;
  for (const byte of leaf.subarray(0, codeBytes)) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let place = 0; place < 16; place++) {
    text = digits[Number(value & 31n)]! + text;
    value >>= 5n;
  }
  return `${index}-${text.replaceAll(/(.{4})(?!$)/g, '$1-')}`;
}

/**
 * Reads a code as people type it: any case, with I and L for 1 and O for 0, with or without the inner hyphens.
 * Throws `RECEIPT_CODE_INVALID`.
 */
export function parseReceiptCode(code: string): { readonly index: number; readonly code: string } {
  const fail = () => new VerifyError('RECEIPT_CODE_INVALID', { code });
  const [, indexText = '', rest = ''] = /^\s*(0|[1-9][0-9]{0,15})\s*-([-\s0-9A-Za-z]{16,40})$/.exec(code) ?? [];
  const text = rest.replaceAll(/[-\s]/g, '').toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  const index = Number(indexText);
  if (text.length !== 16 || !Number.isSafeInteger(index) || [...text].some((char) => !digits.includes(char))) throw fail();
  return { index, code: `${index}-${text.replaceAll(/(.{4})(?!$)/g, '$1-')}` };
}
