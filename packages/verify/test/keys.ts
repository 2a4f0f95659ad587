// Keys for tests: made from a number, the same in every run.
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { makeVkey, signatureLine, cosignedMessage, utf8, type SignatureType, type VerifierKey } from '../src/index.ts';

/** A key that signs. */
export interface TestKey extends VerifierKey {
  readonly privateKey: KeyObject;
  /** The line of a signature over the text of a note. */
  sign(text: string, seconds?: number): string;
}

/** A key of a name; type 4 cosigns. */
export function testKey(name: string, type: SignatureType = 1, seed: Uint8Array = createHash('sha256').update(`${name}/${type}`).digest()): TestKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(12));
  const key = makeVkey(name, type, publicKey);
  return {
    ...key,
    privateKey,
    sign: (text, seconds = 1_790_000_000) => (type === 1 ? signatureLine(key, sign(null, utf8(text), privateKey)) : signatureLine(key, sign(null, cosignedMessage(text, seconds), privateKey), seconds)),
  };
}

/** A note over a text. */
export function testNote(text: string, ...lines: readonly string[]): string {
  return `${text}\n${lines.map((line) => `${line}\n`).join('')}`;
}
