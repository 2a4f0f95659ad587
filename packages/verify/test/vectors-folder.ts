// Where public vectors lie, beside the repository. They are read in place.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const vectorsFolder = resolve(import.meta.dirname, '../../../../shared/vectors');
export const hasVectors = existsSync(vectorsFolder);

/** A JSON file of the vectors; an empty object where they are absent, so that tests can still be listed. */
export function readVectors<T>(path: string, absent: T): T {
  return hasVectors ? (JSON.parse(readFileSync(resolve(vectorsFolder, path), 'utf8')) as T) : absent;
}
