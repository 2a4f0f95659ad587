// Which copy carries which hidden mark. Rows are never deleted: a film may turn up years later. Articles 25 to 28.
import type { TracedCopy } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { RecorderTables } from './tables.ts';

/** A copy that was made, or begun. */
export interface CopyRecord extends TracedCopy {
  /** Lower-case hex. */
  readonly mark: string;
}

/** The copies. */
export class Copies {
  readonly #database: Kysely<RecorderTables>;

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  /** Notes a copy before anything of it can leave. The same export, begun again under another call, is another row. */
  async add(copy: CopyRecord): Promise<void> {
    await this.#database
      .insertInto('recorder_copy')
      .values({ call: copy.call, export: copy.export, mark: copy.mark, cameras: JSON.stringify(copy.cameras), from_ms: copy.fromMs, to_ms: copy.toMs, person: copy.person, destination: copy.destination, case_number: copy.caseNumber ?? null, made_ms: copy.madeMs })
      .execute();
  }

  /** Copies with this mark, oldest first. */
  async withMark(mark: string): Promise<readonly TracedCopy[]> {
    const rows = await this.#database.selectFrom('recorder_copy').selectAll().where('mark', '=', mark.toLowerCase()).orderBy('made_ms').execute();
    return rows.map((row) => ({
      export: row.export, cameras: JSON.parse(row.cameras) as string[], fromMs: row.from_ms, toMs: row.to_ms, person: row.person, destination: row.destination,
      ...(row.case_number !== null && { caseNumber: row.case_number }), madeMs: row.made_ms, call: row.call,
    }));
  }
}
