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
    const fresh = await Promise.all(
      seeds
        .filter((person) => !existing.has(person.id))
        .map(async ({ id, name, unit, roles, standing, password, trainedUntil }) => ({
          id,
          name,
          unit,
          roles: JSON.stringify(roles),
          standing,
          password_hash: password === undefined ? null : await hashPassword(password),
          trained_until_ms: trainedUntil === undefined ? null : Date.parse(`${trainedUntil}T23:59:59Z`),
        })),
    );
    if (fresh.length > 0) await database.insertInto('person').values(fresh).execute();
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
