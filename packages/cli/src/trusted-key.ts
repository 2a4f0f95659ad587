// The key that a log must be signed with, from somewhere else than the log: whoever can write the database can put any key into it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFingerprint, publicKeyOf } from '@wanglou/plugin-audit';
import { CliError } from './errors.ts';

/** A public key and where it was found. */
export interface TrustedKey {
  /** SPKI DER in base64. */
  readonly key: string;
  readonly fingerprint: string;
  readonly file: string;
}

/** Reads the named key file, or the campus's own beside the log. `undefined` when none was named and the campus's own is not there. */
export async function readTrustedKey(named: string | undefined, dataFolder: string): Promise<TrustedKey | undefined> {
  const file = named ?? ownKeyFile(dataFolder);
  try {
    const key = publicKeyOf(await readFile(file, 'utf8'));
    return { key, fingerprint: keyFingerprint(key), file };
  } catch (error) {
    if (named === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError('AUDIT_KEY_UNREADABLE', { file, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}

/** Where the example campus keeps its key. */
export function ownKeyFile(dataFolder: string): string {
  return join(dataFolder, 'audit-key.pem');
}
