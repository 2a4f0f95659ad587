// Keeps what is known of each camera's pictures across restarts: where their edges should be, and what is the matter. No picture.
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { edgeMapCells } from '../health/gray-picture.ts';
import { pictureCodes, type PictureMemory } from '../health/picture-watch.ts';
import type { RecorderTables } from './tables.ts';

const storedMemory = z.object({
  references: z.array(z.object({ edges: z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64'))).refine(({ length }) => length === edgeMapCells), night: z.boolean() })),
  problems: z.array(z.object({ code: z.enum(pictureCodes), sinceMs: z.number() })),
});

/** The memories, by camera. That of a camera that is removed stays: it may come back. */
export class HealthBook {
  readonly #database: Kysely<RecorderTables>;
  readonly #stored = new Map<string, PictureMemory>();

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  /** What is kept of a camera; `undefined` when there is nothing, or nothing that this version understands. */
  async read(camera: string): Promise<PictureMemory | undefined> {
    const row = await this.#database.selectFrom('recorder_health').select('memory').where('camera', '=', camera).executeTakeFirst();
    return row && storedMemory.safeParse(JSON.parse(row.memory)).data;
  }

  /** Replaces what is kept. Repeating it costs nothing. */
  async write(camera: string, memory: PictureMemory): Promise<void> {
    if (this.#stored.get(camera) === memory) return;
    const text = JSON.stringify({ ...memory, references: memory.references.map(({ edges, night }) => ({ edges: Buffer.from(edges).toString('base64'), night })) });
    await this.#database
      .insertInto('recorder_health').values({ camera, memory: text })
      .onConflict((conflict) => conflict.column('camera').doUpdateSet({ memory: text }))
      .execute();
    this.#stored.set(camera, memory);
  }
}
