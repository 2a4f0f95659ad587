// Passwords are kept as scrypt hashes (RFC 7914) with their parameters beside them, so that they can grow.
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** 32 MiB and about 100 ms: OWASP's first choice for scrypt at this memory. */
const parameters = { N: 2 ** 15, r: 8, p: 3 } as const;
const keyBytes = 32;

function derive(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  // NFKC: the same characters from another keyboard or input method must make the same password (RFC 8265 follows the same idea).
  scrypt(password.normalize('NFKC'), salt, keyBytes, { ...options, maxmem: 256 * 2 ** 20 }, (error, key) => (error ? reject(error) : resolve(key)));
  return promise;
}

/** Hashes a password: `scrypt$N$r$p$salt$key`, the last two in base64url. */
export async function hashPassword(password: string, salt: Uint8Array = randomBytes(16)): Promise<string> {
  const key = await derive(password, salt, parameters);
  return ['scrypt', parameters.N, parameters.r, parameters.p, Buffer.from(salt).toString('base64url'), key.toString('base64url')].join('$');
}

/** A hash that no password fits: checking against it takes as long as against a real one, so that unknown accounts cannot be told by time. */
const nobody = ['scrypt', parameters.N, parameters.r, parameters.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'A'.repeat(43)].join('$');

/** Whether a password fits a hash. Takes the same time when there is no hash. */
export async function checkPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = (hash ?? nobody).split('$');
  if (scheme !== 'scrypt' || !salt || !key) return false;
  const expected = Buffer.from(key, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return hash !== undefined && expected.length === actual.length && timingSafeEqual(expected, actual);
}
