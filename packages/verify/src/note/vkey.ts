// Verifier keys: <name>+<8 hex digits>+<base64(type ‖ key)>, c2sp.org/signed-note.
import { concatBytes, fromBase64, isWellFormed, toBase64, toHex, utf8 } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { VerifyError } from '../errors.ts';
import type { Text } from '../text.ts';

/** 1: Ed25519 over the text. 4: a cosignature, Ed25519 over a time and the text (c2sp.org/tlog-cosignature). */
export type SignatureType = 1 | 4;

/** A key that signatures are checked with. */
export interface VerifierKey {
  readonly name: string;
  /** 4 bytes as 8 hex digits. */
  readonly id: string;
  readonly type: SignatureType;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The line that it was read from. */
  readonly vkey: string;
}

/** A name of a key must not be empty and must hold neither white space, plus signs nor control characters. */
export function isKeyName(name: string): boolean {
  return name !== '' && isWellFormed(name) && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

/** Reads a verifier key. Throws `VKEY_INVALID`. */
export function parseVkey(crypto: Crypto, vkey: string): VerifierKey {
  const fail = (reason: Text) => new VerifyError('VKEY_INVALID', { vkey, reason });
  const [name = '', id = '', ...rest] = vkey.split('+');
  // Base64 has plus signs of its own.
  const material = fromBase64(rest.join('+'));
  if (rest.length === 0) throw fail({ zh: '缺少由加号分隔的三个部分', en: 'it has not three parts with plus signs between them' });
  if (!isKeyName(name)) throw fail({ zh: '名称为空或含有空白、控制字符', en: 'its name is empty or holds white space or control characters' });
  if (!/^[0-9a-f]{8}$/.test(id)) throw fail({ zh: '密钥编号不是 8 位小写十六进制', en: 'its id is not 8 lowercase hex digits' });
  if (!material || material.length === 0) throw fail({ zh: '密钥不是 base64', en: 'its key is not base64' });
  const type = material[0]!;
  if (type !== 1 && type !== 4) throw fail({ zh: `签名类型 ${type} 不受支持（支持 1 与 4）`, en: `its signature type ${type} is not supported, 1 and 4 are` });
  if (material.length !== 33) throw fail({ zh: `密钥为 ${material.length - 1} 字节，应为 32 字节`, en: `its key has ${material.length - 1} bytes, it must have 32` });
  const publicKey = material.slice(1);
  const expected = keyId(crypto, name, type, publicKey);
  if (id !== expected) throw fail({ zh: `密钥编号 ${id} 与名称和密钥不符，应为 ${expected}`, en: `its id ${id} does not fit its name and key, that would be ${expected}` });
  return { name, id, type, publicKey, vkey };
}

/** Writes a verifier key. Throws `VKEY_INVALID` for a name that cannot be one, or a key that has not 32 bytes. */
export function makeVkey(crypto: Crypto, name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  return parseVkey(crypto, `${name}+${keyId(crypto, name, type, publicKey)}+${toBase64(concatBytes(Uint8Array.of(type), publicKey))}`);
}

function keyId(crypto: Crypto, name: string, type: SignatureType, publicKey: Uint8Array): string {
  return toHex(crypto.sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).subarray(0, 4));
}
