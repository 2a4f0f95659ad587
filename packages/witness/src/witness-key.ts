// The key that a witness cosigns with: Ed25519, PKCS#8 PEM, readable by its user alone.
import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cosignedMessage, makeVkey, signatureLine, type SignatureType, type VerifierKey } from '@wanglou/verify';
import { createFile, syncFolder } from './durable-file.ts';
import { WitnessError } from './errors.ts';

// PrivateKeyInfo of an Ed25519 key (RFC 8410), up to the 32 bytes of the seed.
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key that cosigns. */
export interface WitnessKey extends VerifierKey {
  /** The line of a cosignature over the text of a checkpoint, without newline. */
  cosign(text: string, seconds: number): string;
}

/** The verifier key of an Ed25519 key, private or public; type 4, a witness's, unless said. Throws `VKEY_INVALID` for a wrong name. */
export function keyToVkey(key: KeyObject, name: string, type: SignatureType = 4): VerifierKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  // SubjectPublicKeyInfo of an Ed25519 key ends with its 32 bytes.
  return makeVkey(name, type, new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)));
}

/** Reads the key of a file, or makes one there on the first start. Throws `KEY_UNUSABLE`. */
export async function readOrMakeKey(path: string, name: string, randomBytes: (count: number) => Uint8Array): Promise<WitnessKey> {
  const unusable = (reason: string, cause?: unknown) => new WitnessError('KEY_UNUSABLE', { path, reason }, { cause });
  let pem: string;
  try {
    pem = (await readIfThere(path)) ?? (await makeKey(path, randomBytes(32)));
  } catch (error) {
    throw unusable((error as Error).message, error);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw unusable((error as Error).message, error);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw unusable(`${key.asymmetricKeyType} ≠ ed25519`);
  const verifierKey = keyToVkey(key, name);
  return { ...verifierKey, cosign: (text, seconds) => signatureLine(verifierKey, sign(null, cosignedMessage(text, seconds), key), seconds) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeKey(path: string, seed: Uint8Array): Promise<string> {
  const pem = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }) as string;
  const temporary = `${path}.tmp`;
  // Left by a first start that was killed; nobody has seen that key. The folder is locked, so it is nobody else's.
  await rm(temporary, { force: true });
  await createFile(temporary, pem, 0o600);
  await rename(temporary, path);
  await syncFolder(dirname(path));
  return pem;
}
