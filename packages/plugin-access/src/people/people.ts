// The campus's people, mirrored in memory: facts are asked for on every act.
import type { Person } from '@wanglou/core';
import type { Kysely, Selectable, Updateable } from 'kysely';
import type { AccessConfig } from '../config.ts';
import type { QualificationKind } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { AccessTables } from '../tables.ts';
import { hashPassword } from './password.ts';

type PersonRow = Selectable<AccessTables['person']>;

/** A person with what only the server knows. */
export interface StoredPerson extends Person {
  readonly active: boolean;
  readonly passwordHash: string | undefined;
  readonly mustChangePassword: boolean;
  readonly externalId: string | undefined;
  /** Secret of the authenticator, sealed. */
  readonly totp: string | undefined;
  /** Qualifications are valid before these moments. Article 9(2). */
  readonly qualifiedUntilMs: Readonly<Partial<Record<QualificationKind, number>>>;
}

/** What may change of a person. */
export interface PersonChange {
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
  readonly standing?: Person['standing'] | undefined;
  readonly roles?: readonly string[];
  readonly externalId?: string | undefined;
  readonly active?: boolean;
  readonly password?: { readonly hash: string; readonly mustChange: boolean };
  /** The sealed secret, and the step whose code confirmed it; `null` takes it away. */
  readonly totp?: { readonly sealed: string; readonly step: number } | null;
  readonly qualification?: { readonly kind: QualificationKind; readonly untilMs: number };
}

/** All people. */
export class People {
  readonly #database: Kysely<AccessTables>;
  readonly #byId = new Map<string, StoredPerson>();

  private constructor(database: Kysely<AccessTables>) {
    this.#database = database;
  }

  /** Reads the people, after adding those of the configuration who are not there yet. */
  static async load(database: Kysely<AccessTables>, seeds: AccessConfig['people']): Promise<People> {
    const people = new People(database);
    for (const row of await database.selectFrom('person').selectAll().execute()) people.#byId.set(row.id, fromRow(row));
    const fresh = await Promise.all(seeds.filter(({ id }) => !people.#byId.has(id)).map(rowOfSeed));
    if (fresh.length > 0) await database.insertInto('person').values(fresh).execute();
    for (const row of fresh) people.#byId.set(row.id, fromRow(row));
    return people;
  }

  get(id: string): StoredPerson | undefined {
    return this.#byId.get(id);
  }

  /** Throws `PERSON_UNKNOWN`. */
  known(id: string): StoredPerson {
    const person = this.#byId.get(id);
    if (!person) throw new AccessError('PERSON_UNKNOWN', { person: id });
    return person;
  }

  all(): readonly StoredPerson[] {
    return [...this.#byId.values()];
  }

  byExternalId(externalId: string): StoredPerson | undefined {
    return this.all().find((person) => person.externalId === externalId);
  }

  /** As others may see them. */
  view(id: string): Person | undefined {
    const person = this.#byId.get(id);
    return person && { id: person.id, name: person.name, unit: person.unit, roles: person.roles, standing: person.standing };
  }

  /** Adds a person without roles. Throws `PERSON_EXISTS` or `EXTERNAL_ID_TAKEN`. */
  async add(person: Pick<Person, 'id' | 'name' | 'unit' | 'standing'> & { readonly passwordHash?: string | undefined; readonly externalId?: string | undefined }): Promise<StoredPerson> {
    this.#refuseTaken(person.id, person.externalId);
    const { id, name, unit, standing, passwordHash, externalId } = person;
    const row: PersonRow = { ...emptyRow, id, name, unit, standing, password_hash: passwordHash ?? null, must_change: passwordHash === undefined ? 0 : 1, external_id: externalId || null };
    const { numInsertedOrUpdatedRows } = await this.#database.insertInto('person').values(row).onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) {
      // At the same moment somebody else took the name, or the identity.
      this.#refuseTaken(id, externalId);
      throw new AccessError('PERSON_EXISTS', { person: id });
    }
    return this.#keep(fromRow(row));
  }

  /** Throws `PERSON_UNKNOWN` or `EXTERNAL_ID_TAKEN`. */
  async change(id: string, change: PersonChange): Promise<StoredPerson> {
    this.known(id);
    this.#refuseTaken(id, change.externalId);
    const columns: Updateable<AccessTables['person']> = {
      ...(change.name !== undefined && { name: change.name }),
      ...(change.unit !== undefined && { unit: change.unit }),
      ...(change.standing !== undefined && { standing: change.standing }),
      ...(change.roles && { roles: JSON.stringify(change.roles) }),
      ...(change.externalId !== undefined && { external_id: change.externalId || null }),
      ...(change.active !== undefined && { active: Number(change.active) }),
      ...(change.password && { password_hash: change.password.hash, must_change: Number(change.password.mustChange) }),
      ...(change.totp !== undefined && { totp: change.totp?.sealed ?? null, totp_step: change.totp?.step ?? null }),
      ...(change.qualification?.kind === 'post' && { post_until_ms: change.qualification.untilMs }),
      ...(change.qualification?.kind === 'confidentiality' && { confidentiality_until_ms: change.qualification.untilMs }),
    };
    if (Object.keys(columns).length === 0) return this.known(id);
    try {
      // One statement: what it answers is what the table holds, and so what the mirror keeps.
      return this.#keep(fromRow(await this.#database.updateTable('person').set(columns).where('id', '=', id).returningAll().executeTakeFirstOrThrow()));
    } catch (error) {
      // At the same moment somebody else may have been linked.
      this.#refuseTaken(id, change.externalId);
      throw error;
    }
  }

  /** Closes an account within a transaction. Call {@link reload} when it is durable. */
  static async close(database: Kysely<AccessTables>, id: string): Promise<void> {
    await database.updateTable('person').set({ active: 0 }).where('id', '=', id).execute();
  }

  /** Takes in what the table holds of a person. */
  async reload(id: string): Promise<void> {
    this.#keep(fromRow(await this.#database.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirstOrThrow()));
  }

  /** Marks a code of the authenticator as used: each opens once (RFC 6238 section 5.2). Answers whether it was fresh. */
  async useTotpStep(id: string, step: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable('person')
      .set({ totp_step: step })
      .where('id', '=', id)
      .where((where) => where.or([where('totp_step', 'is', null), where('totp_step', '<', step)]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  #refuseTaken(id: string, externalId: string | undefined): void {
    const other = externalId ? this.byExternalId(externalId) : undefined;
    if (other && other.id !== id) throw new AccessError('EXTERNAL_ID_TAKEN', { externalId });
  }

  #keep(person: StoredPerson): StoredPerson {
    this.#byId.set(person.id, person);
    return person;
  }
}

const emptyRow = {
  roles: '[]',
  password_hash: null,
  trained_until_ms: null,
  active: 1,
  must_change: 0,
  external_id: null,
  totp: null,
  totp_step: null,
  post_until_ms: null,
  confidentiality_until_ms: null,
} satisfies Partial<PersonRow>;

async function rowOfSeed({ id, name, unit, roles, standing, password, changePassword, externalId, trainedUntil }: AccessConfig['people'][number]): Promise<PersonRow> {
  const untilMs = trainedUntil === undefined ? null : Date.parse(`${trainedUntil}T23:59:59Z`);
  return {
    ...emptyRow,
    id,
    name,
    unit,
    standing,
    roles: JSON.stringify(roles),
    password_hash: password === undefined ? null : await hashPassword(password),
    must_change: Number(changePassword),
    external_id: externalId ?? null,
    post_until_ms: untilMs,
    confidentiality_until_ms: untilMs,
  };
}

function fromRow(row: PersonRow): StoredPerson {
  return {
    id: row.id,
    name: row.name,
    unit: row.unit,
    roles: JSON.parse(row.roles) as string[],
    standing: row.standing as Person['standing'],
    active: row.active === 1,
    passwordHash: row.password_hash ?? undefined,
    mustChangePassword: row.must_change === 1,
    externalId: row.external_id ?? undefined,
    totp: row.totp ?? undefined,
    qualifiedUntilMs: { ...(row.post_until_ms !== null && { post: row.post_until_ms }), ...(row.confidentiality_until_ms !== null && { confidentiality: row.confidentiality_until_ms }) },
  };
}
