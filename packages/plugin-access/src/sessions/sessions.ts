// Sessions: an unguessable credential held by the browser, its hash held here.
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AccessTables } from '../tables.ts';

/** A session that has not ended. */
export interface Session {
  /** Names the session in the audit log; opens nothing. */
  readonly id: string;
  readonly person: string;
  readonly createdMs: number;
  seenMs: number;
  /** When the person last proved who they are. */
  stepUpMs: number;
  /** The enrolled workstation that proved itself here, and the address from which it did. Article 9(4). */
  workstation: { readonly id: string; readonly address: string | undefined } | undefined;
}

/** How long sessions live. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly totalMs: number;
}

/** `seen` is written at most this often: it decides about minutes, not seconds. */
const seenPeriodMs = 60_000;
/** SQLite takes a limited number of parameters in one statement. */
const rowsAtOnce = 500;

/** The open sessions, mirrored in memory. */
export class SessionBook {
  readonly #database: Kysely<AccessTables>;
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #newCredential: () => string;
  readonly #byCredential = new Map<string, Session>();
  readonly #byId = new Map<string, string>();

  private constructor(database: Kysely<AccessTables>, limits: SessionLimits, now: () => number, newCredential: () => string) {
    this.#database = database;
    this.#limits = limits;
    this.#now = now;
    this.#newCredential = newCredential;
  }

  static async load(database: Kysely<AccessTables>, limits: SessionLimits, now: () => number, newCredential: () => string): Promise<SessionBook> {
    const book = new SessionBook(database, limits, now, newCredential);
    for (const row of await database.selectFrom('session').selectAll().where('ended_ms', 'is', null).execute()) {
      const workstation = row.workstation === null ? undefined : { id: row.workstation, address: row.workstation_address ?? undefined };
      book.#keep(row.credential_sha256, { id: row.id, person: row.person, createdMs: row.created_ms, seenMs: row.seen_ms, stepUpMs: row.step_up_ms ?? row.created_ms, workstation });
    }
    await book.sweep();
    return book;
  }

  /** Opens a session; the credential is told once and never kept. `provenMs`: when the person proved who they are. */
  async open(person: string, address: string, provenMs: number): Promise<{ readonly session: Session; readonly credential: string }> {
    const credential = this.#newCredential() + this.#newCredential();
    const nowMs = this.#now();
    const session: Session = { id: this.#newCredential(), person, createdMs: nowMs, seenMs: nowMs, stepUpMs: provenMs, workstation: undefined };
    const hash = sha256(credential);
    await this.#database.insertInto('session').values({ id: session.id, credential_sha256: hash, person, address, created_ms: nowMs, seen_ms: nowMs, ended_ms: null, step_up_ms: provenMs, workstation: null, workstation_address: null }).execute();
    this.#keep(hash, session);
    return { session, credential };
  }

  /** The session that a credential opens, and marks it as used. */
  async resolve(credential: string): Promise<Session | undefined> {
    const session = this.#byCredential.get(sha256(credential));
    if (!session || !this.#isAlive(session)) return undefined;
    const nowMs = this.#now();
    if (nowMs - session.seenMs >= seenPeriodMs) {
      session.seenMs = nowMs;
      await this.#database.updateTable('session').set({ seen_ms: nowMs }).where('id', '=', session.id).execute();
    }
    return session;
  }

  /** These sessions are used, though their browsers ask for nothing. */
  async keep(ids: readonly string[]): Promise<void> {
    const nowMs = this.#now();
    const used = ids.flatMap((id) => this.get(id) ?? []).filter(({ seenMs }) => nowMs - seenMs >= seenPeriodMs);
    for (let start = 0; start < used.length; start += rowsAtOnce) {
      const some = used.slice(start, start + rowsAtOnce);
      for (const session of some) session.seenMs = nowMs;
      await this.#database.updateTable('session').set({ seen_ms: nowMs }).where('id', 'in', some.map(({ id }) => id)).execute();
    }
  }

  /** The person proved anew who they are. */
  async stepUp(session: Session): Promise<void> {
    const provenMs = this.#now();
    await this.#database.updateTable('session').set({ step_up_ms: provenMs }).where('id', '=', session.id).execute();
    session.stepUpMs = provenMs;
  }

  /** The session sits at an enrolled workstation. */
  async bind(session: Session, workstation: string, address: string | undefined): Promise<void> {
    await this.#database.updateTable('session').set({ workstation, workstation_address: address ?? null }).where('id', '=', session.id).execute();
    session.workstation = { id: workstation, address };
  }

  /** The workstation is gone, or has another key: no session sits at it before it has proven so anew. */
  async unbind(workstation: string): Promise<void> {
    // The mirror first: what opens less need not wait for the disk.
    for (const session of this.#byCredential.values()) if (session.workstation?.id === workstation) session.workstation = undefined;
    await this.#database.updateTable('session').set({ workstation: null, workstation_address: null }).where('workstation', '=', workstation).execute();
  }

  /** Ends the sessions of a person, all but one where that is said. */
  async endAllOf(person: string, but?: string): Promise<void> {
    for (const { id, person: whose } of [...this.#byCredential.values()]) if (whose === person && id !== but) await this.end(id);
  }

  get(id: string): Session | undefined {
    const session = this.#byCredential.get(this.#byId.get(id) ?? '');
    return session && this.#isAlive(session) ? session : undefined;
  }

  /** When a session ends if nothing happens. */
  expiresMs(session: Session): number {
    return Math.min(session.seenMs + this.#limits.idleMs, session.createdMs + this.#limits.totalMs);
  }

  async end(id: string): Promise<void> {
    await this.#database.updateTable('session').set({ ended_ms: this.#now() }).where('id', '=', id).where('ended_ms', 'is', null).execute();
    this.#forget(id);
  }

  /** Ends the sessions whose time is over; answers whose they were. */
  async sweep(): Promise<readonly string[]> {
    const expired = [...this.#byCredential.values()].filter((session) => !this.#isAlive(session));
    for (let start = 0; start < expired.length; start += rowsAtOnce) {
      const ids = expired.slice(start, start + rowsAtOnce).map((session) => session.id);
      await this.#database.updateTable('session').set({ ended_ms: this.#now() }).where('id', 'in', ids).where('ended_ms', 'is', null).execute();
      for (const id of ids) this.#forget(id);
    }
    return [...new Set(expired.map((session) => session.person))];
  }

  #isAlive(session: Session): boolean {
    return this.#now() < this.expiresMs(session);
  }

  #forget(id: string): void {
    const hash = this.#byId.get(id);
    this.#byId.delete(id);
    if (hash !== undefined) this.#byCredential.delete(hash);
  }

  #keep(hash: string, session: Session): void {
    this.#byCredential.set(hash, session);
    this.#byId.set(session.id, hash);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
