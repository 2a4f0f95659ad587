// A key that signs notes under a name. C2SP signed-note.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, hash, hkdfSync, sign, timingSafeEqual, type KeyObject } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { AuditError } from '../errors.ts';

/** Identifier byte of Ed25519 signatures over the whole note. */
const ed25519Type = 0x01;
/** SPKI DER of an Ed25519 key is this prefix and the 32 bytes of the key (RFC 8410). */
const spkiPrefixBytes = 12;
const macBytes = 32;
/** Block of SHA-256. */
const blockBytes = 64;

/** Signs notes. */
export interface NoteKey {
  /** Name of the key, and origin of the log. */
  readonly name: string;
  /** Verifier key, `<name>+<id in hex>+<base64 of type and public key>`. */
  readonly vkey: string;
  /** The signature alone, 64 bytes. */
  sign(text: string): Buffer;
  /** A signature line for such a signature. */
  line(signature: Uint8Array): string;
  /** A mark on a text that only a holder of the key can make or check: HMAC-SHA-256, 32 bytes. Thirty times as fast as a signature. */
  mac(text: string): Buffer;
  hasMac(text: string, mac: Uint8Array): boolean;
}

/**
 * Reads the key file (PKCS#8 PEM), or makes it on the first start.
 *
 * @param origin the log's name; derived from the key unless said
 * @throws AuditError `AUDIT_KEY_UNUSABLE`
 */
export async function loadNoteKey(file: string, origin?: string): Promise<NoteKey> {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(await readFile(file));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key for ${key.asymmetricKeyType ?? 'something else'}, not for Ed25519`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new AuditError('AUDIT_KEY_UNUSABLE', { file, reason: (error as Error).message }, { cause: error });
  }
  return noteKeyOf(key ?? (await makeKey(file)), origin);
}

/** The signing half of a name and a private Ed25519 key. */
export function noteKeyOf(key: KeyObject, origin?: string): NoteKey {
  const publicKey = createPublicKey(key);
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(spkiPrefixBytes);
  const name = origin ?? `wanglou/${hash('sha256', raw, 'hex').slice(0, 16)}`;
  const typed = Buffer.concat([Buffer.of(ed25519Type), raw]);
  const mac = hmacWith(Buffer.from(hkdfSync('sha256', key.export({ type: 'pkcs8', format: 'der' }), '', 'wanglou audit log mac v1', macBytes)));
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  return {
    name,
    vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    sign: (text) => sign(null, Buffer.from(text), key),
    line: (signature) => `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`,
    mac,
    hasMac: (text, given) => given.length === macBytes && timingSafeEqual(mac(text), given),
  };
}

/** HMAC-SHA-256 (RFC 2104) out of one-shot hashes: each commit waits for it, and `createHmac` takes ten times as long. */
function hmacWith(secret: Buffer): (text: string) => Buffer {
  const [inner, outer] = [0x36, 0x5c].map((pad) => Buffer.alloc(blockBytes, pad).map((byte, place) => byte ^ (secret[place] ?? 0)) as Buffer);
  return (text) => hash('sha256', Buffer.concat([outer!, hash('sha256', Buffer.concat([inner!, Buffer.from(text)]), 'buffer')]), 'buffer');
}

async function makeKey(file: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  // `wx`: never over an existing key; readable by this user alone.
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return privateKey;
}
