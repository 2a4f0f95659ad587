// The shape of a numbered step that changes tables, as the campus store runs it.
import type { Kysely } from 'kysely';

/** A step; steps run once each, in order of `id`. The database is untyped on purpose: a step knows the tables of its own time only. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  up(database: Kysely<any>): Promise<void>;
}
