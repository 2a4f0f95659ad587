// Copies that leave the system, and where a copy that turned up came from. Articles 10, 11, 12(4), 25 to 28.
import { defineOperation } from '../refs.ts';
import type { Gap, MediaLease } from './recording.ts';
import { objectSchema, rangeProperties } from './schema.ts';

/** A copy in the making: under its lease `package.zip` is the package, `status.json` its progress, and `passphrase.txt` opens an encrypted one. */
export interface FootageCopy extends MediaLease {
  /** Names the export in the register and in the package. */
  readonly export: string;
  /** What is missing of what was asked for, camera by camera. */
  readonly gaps: readonly Gap[];
}

/** `status.json` of a copy. Giving the lease back cancels a copy that is not ready. */
export interface ExportStatus {
  readonly state: 'preparing' | 'ready' | 'failed';
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Length of the package once it is ready. */
  readonly bytes?: number;
  /** Why it failed, for a technician. */
  readonly reason?: string;
}

/**
 * Makes a copy that leaves the system: films that play everywhere, the original files with their proofs, what is missing, and who allowed it.
 * The destination is part of the register (article 11). Asked for again with the same input, it goes on with what is there.
 */
export const exportFootage = defineOperation<FootageCopy>()({
  id: 'recording.export',
  title: { zh: '拷贝录像', en: 'Copy footage' },
  action: 'copy',
  articles: ['10', '11', '12(4)'],
  input: objectSchema({
    cameras: { type: 'strings', max: 16, description: 'Camera ids' },
    ...rangeProperties,
    destination: { type: 'string', max: 200, description: 'Who receives the copy, and on what medium; the one that was granted' },
    caseNumber: { type: 'string', max: 100, optional: true, description: 'Stands in the visible mark and in the manifest' },
    visibleMark: { type: 'boolean', optional: true, description: 'Writes recipient and case into the picture of the films; they are encoded anew for it, the originals stay as they are' },
    encrypt: { type: 'boolean', optional: true, description: 'Encrypts the package with AES-256 under a passphrase that is shown once' },
  }),
  resource: (input) => ({ cameras: input.cameras, range: { fromMs: input.fromMs, toMs: input.toMs }, destination: input.destination }),
});

/** A copy that was made, as its hidden mark tells. */
export interface TracedCopy {
  readonly export: string;
  readonly cameras: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Who carried it out. */
  readonly person: string;
  readonly destination: string;
  readonly caseNumber?: string;
  readonly madeMs: number;
  /** The call of the copy, by which the audit log knows it. */
  readonly call: string;
}

/** Says whose copy carries a hidden mark; the mark is read from a film by `findMarks` of `@wanglou/plugin-recorder`. */
export const traceCopy = defineOperation<{ readonly copies: readonly TracedCopy[] }>()({
  id: 'recording.trace',
  title: { zh: '追查拷贝来源', en: 'Trace a copy' },
  action: 'audit',
  articles: ['11', '27'],
  input: objectSchema({ mark: { type: 'string', max: 32, description: 'The 32 hex digits of the mark' } }),
  resource: () => ({}),
});
