// Registered workstations. Article 9(4). One is known by its address, by its TLS client certificate, or by a key that never leaves it.
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { AccessConfig } from '../config.ts';
import type { Workstation } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { AccessTables } from '../tables.ts';

type Row = Selectable<AccessTables['workstation']>;

/** A challenge is good once and this long. */
const challengeMs = 60_000;
const inviteMs = 3_600_000;
/** Sessions that may have a challenge open; the oldest goes first. */
const openChallenges = 10_000;

/** The workstations, mirrored in memory. */
export class Workstations {
  readonly #database: Kysely<AccessTables>;
  readonly #now: () => number;
  readonly #rows = new Map<string, Row>();
  readonly #challenges = new Map<string, { readonly nonce: string; readonly untilMs: number }>();
  #byAddress = new Map<string, string>();
  #byCertificate = new Map<string, string>();

  private constructor(database: Kysely<AccessTables>, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Reads them, after adding those of the configuration; the addresses and certificates of the configuration win. */
  static async load(database: Kysely<AccessTables>, seeds: AccessConfig['workstations'], now: () => number): Promise<Workstations> {
    const book = new Workstations(database, now);
    for (const row of await database.selectFrom('workstation').selectAll().execute()) book.#rows.set(row.id, row);
    for (const { id, name, addresses, certificateSha256 } of seeds) if (book.#rows.get(id)?.removed_ms == null) await book.register({ id, name, addresses, certificateSha256 });
    book.#reindex();
    return book;
  }

  list(): readonly Workstation[] {
    return [...this.#rows.values()].map(toWorkstation);
  }

  /** One that is in use. */
  get(id: string): Workstation | undefined {
    const row = this.#inUse(id);
    return row && toWorkstation(row);
  }

  /** The workstation with this address or certificate. */
  at(address: string | undefined, certificateSha256: string | undefined): { readonly id: string; readonly by: 'address' | 'certificate' } | undefined {
    const certified = certificateSha256 === undefined ? undefined : this.#byCertificate.get(certificateSha256);
    if (certified !== undefined) return { id: certified, by: 'certificate' };
    const id = address === undefined ? undefined : this.#byAddress.get(address);
    return id === undefined ? undefined : { id, by: 'address' };
  }

  isInUse(id: string): boolean {
    return this.#inUse(id) !== undefined;
  }

  /** Registers, or changes one that is there; one that was removed comes back without its key. */
  async register({ id, name, addresses, certificateSha256 }: Pick<Workstation, 'id' | 'name' | 'addresses'> & { readonly certificateSha256?: string | undefined }): Promise<Workstation> {
    const columns = { name, addresses: JSON.stringify(addresses), certificate_sha256: certificateSha256 ?? null, removed_ms: null };
    // Key and code stay as they are: removing has taken them away.
    const row = await this.#database
      .insertInto('workstation')
      .values({ id, ...columns, public_key: null, invite_sha256: null, invite_expires_ms: null })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .returningAll()
      .executeTakeFirstOrThrow();
    return this.#keep(row);
  }

  /** Throws `WORKSTATION_UNKNOWN`. */
  async remove(id: string): Promise<Workstation> {
    return this.#change(id, { removed_ms: this.#now(), public_key: null, invite_sha256: null });
  }

  /** Keeps the hash of a one-time code. Throws `WORKSTATION_UNKNOWN`. */
  async invite(id: string, code: string): Promise<number> {
    const expiresMs = this.#now() + inviteMs;
    await this.#change(id, { invite_sha256: sha256(code), invite_expires_ms: expiresMs });
    return expiresMs;
  }

  /** Takes the key of the browser that has the code. Throws `ENROLMENT_INVALID`. */
  async enrol(code: string, publicKey: string): Promise<string> {
    keyOf(publicKey);
    const row = await this.#database
      .updateTable('workstation')
      .set({ public_key: publicKey, invite_sha256: null })
      .where('invite_sha256', '=', sha256(code))
      .where('invite_expires_ms', '>', this.#now())
      .where('removed_ms', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new AccessError('ENROLMENT_INVALID');
    return this.#keep(row).id;
  }

  /** A number for one session to sign. */
  challenge(session: string, nonce: string): void {
    this.#challenges.delete(session);
    this.#challenges.set(session, { nonce, untilMs: this.#now() + challengeMs });
    if (this.#challenges.size > openChallenges) this.#challenges.delete(this.#challenges.keys().next().value!);
  }

  /** Whether the workstation's key signed the session's challenge; the challenge is spent either way. Throws `ENROLMENT_INVALID`. */
  prove(session: string, id: string, nonce: string, signature: string): void {
    const challenge = this.#challenges.get(session);
    this.#challenges.delete(session);
    const key = this.#inUse(id)?.public_key;
    const statement = Buffer.from(`wanglou-workstation\n${id}\n${nonce}\n`);
    const fits = challenge?.nonce === nonce && this.#now() < challenge.untilMs && key != null && verify('sha256', statement, { key: keyOf(key), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64'));
    if (!fits) throw new AccessError('ENROLMENT_INVALID');
  }

  async #change(id: string, columns: Partial<Row>): Promise<Workstation> {
    const row = await this.#database.updateTable('workstation').set(columns).where('id', '=', id).where('removed_ms', 'is', null).returningAll().executeTakeFirst();
    if (!row) throw new AccessError('WORKSTATION_UNKNOWN', { workstation: id });
    return this.#keep(row);
  }

  #inUse(id: string): Row | undefined {
    const row = this.#rows.get(id);
    return row?.removed_ms === null ? row : undefined;
  }

  /** Takes in a row as the table answered it: answers come in the order of the changes. */
  #keep(row: Row): Workstation {
    this.#rows.set(row.id, row);
    this.#reindex();
    return toWorkstation(row);
  }

  #reindex(): void {
    const used = [...this.#rows.values()].filter((row) => row.removed_ms === null);
    this.#byAddress = new Map(used.flatMap((row) => (JSON.parse(row.addresses) as string[]).map((address) => [address, row.id] as const)));
    this.#byCertificate = new Map(used.flatMap((row) => (row.certificate_sha256 === null ? [] : [[row.certificate_sha256, row.id] as const])));
  }
}

function toWorkstation(row: Row): Workstation {
  return {
    id: row.id,
    name: row.name,
    addresses: JSON.parse(row.addresses) as string[],
    ...(row.certificate_sha256 !== null && { certificateSha256: row.certificate_sha256 }),
    enrolled: row.public_key !== null,
    ...(row.removed_ms !== null && { removedMs: row.removed_ms }),
  };
}

/** P-256 alone: what browsers make and keep. */
function keyOf(spki: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), type: 'spki', format: 'der' });
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // Not a key at all.
  }
  throw new AccessError('ENROLMENT_INVALID');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
