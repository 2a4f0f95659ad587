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
}

/** How long sessions live. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly totalMs: number;
}

/** `seen` is written at most this often: it decides about minutes, not seconds. */
const seenPeriodMs = 60_000;
/** SQLite takes a limited number of parameters in one statement. */
const endedAtOnce = 500;

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
      book.#keep(row.credential_sha256, { id: row.id, person: row.person, createdMs: row.created_ms, seenMs: row.seen_ms });
    }
    await book.sweep();
    return book;
  }

  /** Opens a session; the credential is told once and never kept. */
  async open(person: string, address: string): Promise<{ readonly session: Session; readonly credential: string }> {
    const credential = this.#newCredential() + this.#newCredential();
    const nowMs = this.#now();
    const session: Session = { id: this.#newCredential(), person, createdMs: nowMs, seenMs: nowMs };
    const hash = sha256(credential);
    await this.#database.insertInto('session').values({ id: session.id, credential_sha256: hash, person, address, created_ms: nowMs, seen_ms: nowMs, ended_ms: null }).execute();
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
    for (let start = 0; start < expired.length; start += endedAtOnce) {
      const ids = expired.slice(start, start + endedAtOnce).map((session) => session.id);
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
