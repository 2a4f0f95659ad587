// The log's Ed25519 key, and the statements it signs.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import type { Checkpoint } from '@wanglou/core';
import { AuditError } from '../errors.ts';
import { spkiOf } from './public-key.ts';

/** Signs checkpoints. */
export interface Signer {
  /** Public key, SPKI DER in base64. */
  readonly key: string;
  sign(size: number, hash: string, atMs: number): Checkpoint;
}

/** Reads the key file (PKCS#8 PEM), or makes it on the first start. */
export async function loadSigner(file: string): Promise<Signer> {
  try {
    return signerOf(createPrivateKey(await readFile(file)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new AuditError('AUDIT_KEY_UNUSABLE', { file, reason: (error as Error).message }, { cause: error });
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  // `wx`: never over an existing key; readable by this user alone.
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return signerOf(privateKey);
}

function signerOf(privateKey: KeyObject): Signer {
  const key = spkiOf(createPublicKey(privateKey));
  return { key, sign: (size, hash, atMs) => ({ size, hash, atMs, key, signature: sign(null, statement({ size, hash, atMs }), privateKey).toString('base64') }) };
}

/** Whether a checkpoint's signature is its key's. */
export function isSigned(checkpoint: Checkpoint): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(checkpoint.key, 'base64'), type: 'spki', format: 'der' });
    return verify(null, statement(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'));
  } catch {
    // A key or signature that cannot be read signs nothing.
    return false;
  }
}

function statement({ size, hash, atMs }: Pick<Checkpoint, 'size' | 'hash' | 'atMs'>): Buffer {
  return Buffer.from(`wanglou-audit\n${size}\n${hash}\n${atMs}\n`);
}
