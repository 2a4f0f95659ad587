// `record.json`: what an archive says of itself. Written last, it makes an archive whole; with it alone the catalogue and the index can be made anew.
import type { Text } from '@wanglou/core';
import { z } from 'zod';
import type { MissingFootage } from '../evidence/missing.ts';
import { cameraFolder } from '../segment/segment-path.ts';

const file = z
  .object({
    /** Path in the archive, and below the folder of a disk. */
    name: z.string().regex(/^[A-Za-z0-9_~-]+\/\d{4}-\d\d-\d\d\/\d\d\/\d{1,15}-[a-z0-9]{1,40}\.mp4$/),
    camera: z.string().min(1).max(64),
    fromMs: z.int(),
    toMs: z.int(),
    bytes: z.int().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  })
  // A record of somebody else's must not put files into the folder of another camera.
  .refine(({ name, camera }) => name.startsWith(`${cameraFolder(camera)}/`));
const text = z.object({ zh: z.string(), en: z.string() });

const archiveRecord = z.object({
  format: z.literal('wanglou.archive/1'),
  archive: z.string().min(1).max(64),
  campus: text,
  title: z.string(),
  record: z.string(),
  caseNumber: z.string().optional(),
  cameras: z.array(text.extend({ id: z.string() })),
  fromMs: z.int(),
  toMs: z.int(),
  orderedBy: z.string(),
  orderedMs: z.int(),
  files: z.array(file).max(200_000),
  missing: z.array(z.object({ camera: z.string(), fromMs: z.int(), toMs: z.int(), cause: z.string() })),
});

/** One file of an archive. */
export type ArchivedFile = z.infer<typeof file>;

/** The document. */
export interface ArchiveRecord extends Omit<z.infer<typeof archiveRecord>, 'campus' | 'missing'> {
  readonly campus: Text;
  readonly missing: readonly MissingFootage[];
}

/** Longest document that is read. */
export const longestRecordBytes = 64 * 1024 * 1024;

/** Reads it; `undefined` for anything else. */
export function parseArchiveRecord(bytes: Uint8Array): ArchiveRecord | undefined {
  try {
    const { success, data } = archiveRecord.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return success ? (data as ArchiveRecord) : undefined;
  } catch {
    return undefined;
  }
}
