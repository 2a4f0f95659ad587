// Encrypts what must not lie open on the disk: scans of papers, secrets of authenticators. AES-256-GCM with one key in one file.
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, mkdir, open, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AccessError } from '../errors.ts';

const keyBytes = 32;
/** NIST SP 800-38D: 96 random bits, far below the number of messages at which they could repeat. */
const nonceBytes = 12;
const tagBytes = 16;

/** Seals and opens. The key is made when it is first needed, readable by this user alone. */
export class KeyRing {
  readonly #folder: string;
  #key: Promise<Buffer> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Nonce, tag and ciphertext. `context` must be the same when it is opened: sealed bytes cannot be moved to another record. */
  async seal(plain: Uint8Array, context: string): Promise<Uint8Array> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', await this.#load(), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws when a byte, the key or the context is another. */
  async open(sealed: Uint8Array, context: string): Promise<Buffer> {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', await this.#load(), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
  }

  /** Salted, keyed hash of something short, such as an ID number: without the key it cannot be guessed at. `salt$hash`. */
  async hash(value: string): Promise<string> {
    const salt = randomBytes(16).toString('base64url');
    return `${salt}$${await this.#mac(salt, value)}`;
  }

  /** Whether a value is the one that was hashed. */
  async fits(value: string, hash: string): Promise<boolean> {
    const [salt = '', mac = ''] = hash.split('$');
    const expected = Buffer.from(mac);
    const actual = Buffer.from(await this.#mac(salt, value));
    return expected.length === actual.length && timingSafeEqual(expected, actual);
  }

  async #mac(salt: string, value: string): Promise<string> {
    return createHmac('sha256', await this.#load()).update(`${salt}\n${value}`).digest('base64url');
  }

  #load(): Promise<Buffer> {
    this.#key ??= loadKey(this.#folder).catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    return this.#key;
  }
}

async function loadKey(folder: string): Promise<Buffer> {
  const file = join(folder, 'access-key');
  const unusable = (reason: string, cause?: unknown) => new AccessError('SECRETS_UNUSABLE', { file, reason }, { cause });
  try {
    const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
    if (key.length !== keyBytes) throw unusable(`it holds ${key.length} bytes instead of ${keyBytes}`);
    return key;
  } catch (error) {
    if (error instanceof AccessError) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable((error as Error).message, error);
  }
  await mkdir(folder, { recursive: true });
  await makeKey(folder, file).catch((error: unknown) => {
    throw unusable((error as Error).message, error);
  });
  return loadKey(folder);
}

/** Whole or not at all, and never over an existing key: a crash in between must not leave half a key that looks like a lost one. */
async function makeKey(folder: string, file: string): Promise<void> {
  const draft = `${file}-${randomBytes(8).toString('hex')}`;
  await writeFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  const handle = await open(folder);
  try {
    // What is sealed with the key is durable: so must its name be.
    await handle.sync();
  } finally {
    await handle.close();
  }
}
