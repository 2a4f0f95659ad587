// The campus's people, mirrored in memory: facts are asked for on every act.
import type { Person } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { AccessConfig } from '../config.ts';
import type { AccessTables } from '../tables.ts';
import { hashPassword } from './password.ts';

/** A person with what only the server knows. */
export interface StoredPerson extends Person {
  readonly passwordHash: string | undefined;
  /** Training is valid before this moment. Article 9(2). */
  readonly trainedUntilMs: number | undefined;
}

/** All people. */
export class People {
  readonly #byId: ReadonlyMap<string, StoredPerson>;

  private constructor(byId: ReadonlyMap<string, StoredPerson>) {
    this.#byId = byId;
  }

  /** Reads the people, after adding those of the configuration who are not there yet. */
  static async load(database: Kysely<AccessTables>, seeds: AccessConfig['people']): Promise<People> {
    const existing = new Set((await database.selectFrom('person').select('id').execute()).map((row) => row.id));
    for (const seed of seeds.filter((person) => !existing.has(person.id))) {
      await database
        .insertInto('person')
        .values({
          id: seed.id,
          name: seed.name,
          unit: seed.unit,
          roles: JSON.stringify(seed.roles),
          standing: seed.standing,
          password_hash: seed.password === undefined ? null : await hashPassword(seed.password),
          // The last valid day counts whole, wherever the campus is.
          trained_until_ms: seed.trainedUntil === undefined ? null : Date.parse(`${seed.trainedUntil}T23:59:59Z`),
        })
        .execute();
    }
    const rows = await database.selectFrom('person').selectAll().execute();
    return new People(
      new Map(
        rows.map((row) => [
          row.id,
          {
            id: row.id,
            name: row.name,
            unit: row.unit,
            roles: JSON.parse(row.roles) as string[],
            standing: row.standing as Person['standing'],
            passwordHash: row.password_hash ?? undefined,
            trainedUntilMs: row.trained_until_ms ?? undefined,
          },
        ]),
      ),
    );
  }

  get(id: string): StoredPerson | undefined {
    return this.#byId.get(id);
  }

  /** As others may see them. */
  view(id: string): Person | undefined {
    const person = this.#byId.get(id);
    return person && { id: person.id, name: person.name, unit: person.unit, roles: person.roles, standing: person.standing };
  }
}
