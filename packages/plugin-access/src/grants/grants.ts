// Grants, mirrored in memory by holder and camera: the look-up is asked on every act and must not scan.
import type { Action, Emergency, Grant, Resource } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import type { AccessTables } from '../tables.ts';
import { covers, coversAct, endOf, isInForce } from './in-force.ts';

type GrantRow = Selectable<AccessTables['grant_record']>;
type Content = Pick<Grant, 'scope' | 'destination' | 'extends'> & { readonly beginByMs?: number; readonly emergency?: Omit<Emergency, 'reviews'> };

/** All grants. Whether one is in force is computed from the clock, never from a timer. */
export class GrantBook {
  readonly #database: Kysely<AccessTables>;
  readonly #byId = new Map<string, Grant>();
  readonly #byHolder = new Map<string, string[]>();
  /** Grants that may be in force now or later, by holder and camera. */
  readonly #open = new Map<string, Map<string, Grant[]>>();
  readonly #openIds = new Set<string>();
  /** Begun, and not yet on disk. */
  readonly #unwritten = new Set<string>();

  private constructor(database: Kysely<AccessTables>) {
    this.#database = database;
  }

  static async load(database: Kysely<AccessTables>): Promise<GrantBook> {
    const book = new GrantBook(database);
    const reviews = Map.groupBy(await database.selectFrom('emergency_review').selectAll().orderBy('at_ms').execute(), (row) => row.grant_id);
    for (const row of await database.selectFrom('grant_record').selectAll().orderBy('starts_ms').execute()) {
      const given = (reviews.get(row.id) ?? []).map(({ reviewer, voice, verdict, reason, at_ms }) => ({ reviewer, verdict: verdict as 'upheld' | 'violated', reason, atMs: at_ms, ...(voice !== reviewer && { onBehalfOf: voice }) }));
      book.keep(fromRow(row, given));
    }
    return book;
  }

  get(id: string): Grant | undefined {
    return this.#byId.get(id);
  }

  /** A person's grants, oldest first. */
  of(holder: string): readonly Grant[] {
    return (this.#byHolder.get(holder) ?? []).map((id) => this.#byId.get(id)!);
  }

  /** All that were taken in an emergency, newest first. */
  emergencies(): readonly Grant[] {
    return [...this.#byId.values()].filter((grant) => grant.emergency).reverse();
  }

  /** The holder's grant in force that covers an act: all its cameras, its whole range, its action, a copy's destination. The best approved, then the longest, wins. */
  covering(holder: string, action: Action, resource: Resource, nowMs: number): Grant | undefined {
    const first = resource.cameras?.[0];
    const candidates = first === undefined ? undefined : this.#open.get(holder)?.get(first);
    if (!candidates) return undefined;
    let best: Grant | undefined;
    for (const grant of candidates) {
      // Found by its camera, a grant need not be asked for it again.
      const fits = resource.cameras!.length === 1 ? coversAct(grant, action, resource, nowMs) : covers(grant, action, resource, nowMs);
      if (fits && isInForce(grant, nowMs) && (!best || isBetter(grant, best, action, nowMs))) best = grant;
    }
    return best;
  }

  /** The row of a new grant, for the transaction that makes it. Call {@link keep} when it is durable. */
  static toRow(grant: Grant): GrantRow {
    const content: Content = {
      scope: grant.scope,
      beginByMs: grant.beginByMs,
      ...(grant.destination !== undefined && { destination: grant.destination }),
      ...(grant.extends !== undefined && { extends: grant.extends }),
      ...(grant.emergency && { emergency: withoutReviews(grant.emergency) }),
    };
    return {
      id: grant.id,
      request: grant.request ?? '',
      holder: grant.holder,
      content: JSON.stringify(content),
      approvals: JSON.stringify(grant.approvals),
      starts_ms: grant.startsMs,
      ends_ms: grant.endsMs,
      use_ms: grant.useMs,
      begun_ms: grant.begunMs ?? null,
      ended_ms: grant.endedMs ?? null,
      revoked_ms: grant.revokedMs ?? null,
      revoked_by: grant.revokedBy ?? null,
    };
  }

  /** Makes a grant durable on its own, and takes it in. */
  async add(grant: Grant): Promise<void> {
    await this.#database.insertInto('grant_record').values(GrantBook.toRow(grant)).execute();
    this.keep(grant);
  }

  /** Takes a durable grant into the mirror, in the place of its older self. */
  keep(grant: Grant): void {
    const older = this.#byId.get(grant.id);
    if (older) this.#close(older);
    else push(this.#byHolder, grant.holder, grant.id);
    this.#byId.set(grant.id, grant);
    if (grant.revokedMs !== undefined || grant.endedMs !== undefined) return;
    const cameras = this.#open.get(grant.holder) ?? new Map<string, Grant[]>();
    this.#open.set(grant.holder, cameras);
    for (const camera of grant.scope.cameras) push(cameras, camera, grant);
    this.#openIds.add(grant.id);
  }

  /** Revokes; `undefined` when it was revoked or over before. */
  revoke(id: string, by: string, nowMs: number): Promise<Grant | undefined> {
    return this.#settle(id, { revoked_ms: nowMs, revoked_by: by }, { revokedMs: nowMs, revokedBy: by }, nowMs);
  }

  /** The holder gives it back; `undefined` when it was over before. */
  end(id: string, nowMs: number): Promise<Grant | undefined> {
    return this.#settle(id, { ended_ms: nowMs }, { endedMs: nowMs }, nowMs);
  }

  /**
   * The second clock begins with the first use. The mirror begins at once: until the row is written, and after a crash before it,
   * the audit record of the first use says the same. A row that could not be written is written with the next {@link sweep}.
   */
  begin(id: string, atMs: number): { readonly grant: Grant; readonly written: Promise<void> } | undefined {
    const grant = this.#byId.get(id);
    // The clock of the record may have been set back since: the grant is used all the same, from its first moment on.
    const begunMs = Math.max(atMs, grant?.startsMs ?? atMs);
    if (!grant || grant.begunMs !== undefined || !isInForce(grant, begunMs)) return undefined;
    const begun: Grant = { ...grant, begunMs, endsMs: begunMs + grant.useMs };
    this.keep(begun);
    this.#unwritten.add(id);
    return { grant: begun, written: this.#writeBegun(id) };
  }

  async #writeBegun(id: string): Promise<void> {
    const { begunMs, endsMs } = this.#byId.get(id)!;
    await this.#database.updateTable('grant_record').set({ begun_ms: begunMs!, ends_ms: endsMs }).where('id', '=', id).where('begun_ms', 'is', null).execute();
    this.#unwritten.delete(id);
  }

  /** Marks what is over, so that it stays over and is looked at no more; answers it. */
  async sweep(nowMs: number): Promise<readonly Grant[]> {
    for (const id of [...this.#unwritten]) await this.#writeBegun(id);
    const over = [...this.#openIds].map((id) => this.#byId.get(id)!).filter((grant) => grant.endsMs <= nowMs);
    for (const grant of over) {
      await this.#database.updateTable('grant_record').set({ ended_ms: grant.endsMs }).where('id', '=', grant.id).where('ended_ms', 'is', null).execute();
      this.keep({ ...this.#byId.get(grant.id)!, endedMs: grant.endsMs });
    }
    return over;
  }

  async #settle(id: string, columns: Partial<GrantRow>, change: Partial<Grant>, nowMs: number): Promise<Grant | undefined> {
    // By the mirror: the row may not know yet that the grant was begun.
    if ((this.#byId.get(id)?.endsMs ?? 0) <= nowMs) return undefined;
    const { numUpdatedRows } = await this.#database.updateTable('grant_record').set(columns).where('id', '=', id).where('revoked_ms', 'is', null).where('ended_ms', 'is', null).executeTakeFirst();
    if (numUpdatedRows === 0n) return undefined;
    const settled: Grant = { ...this.#byId.get(id)!, ...change };
    this.keep(settled);
    return settled;
  }

  #close(grant: Grant): void {
    const cameras = this.#open.get(grant.holder);
    if (!this.#openIds.delete(grant.id) || !cameras) return;
    for (const camera of grant.scope.cameras) {
      const others = cameras.get(camera)?.filter((other) => other.id !== grant.id) ?? [];
      if (others.length > 0) cameras.set(camera, others);
      else cameras.delete(camera);
    }
    if (cameras.size === 0) this.#open.delete(grant.holder);
  }
}

function isBetter(a: Grant, b: Grant, action: Action, nowMs: number): boolean {
  return a.approvals.length > b.approvals.length || (a.approvals.length === b.approvals.length && endOf(a, action, nowMs) > endOf(b, action, nowMs));
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function withoutReviews({ reviews: _, ...rest }: Emergency): Omit<Emergency, 'reviews'> {
  return rest;
}

function fromRow(row: GrantRow, reviews: Emergency['reviews']): Grant {
  const { emergency, beginByMs = row.ends_ms, ...content } = JSON.parse(row.content) as Content;
  return {
    id: row.id,
    ...(row.request !== '' && { request: row.request }),
    holder: row.holder,
    ...content,
    approvals: JSON.parse(row.approvals) as string[],
    startsMs: row.starts_ms,
    beginByMs,
    useMs: row.use_ms,
    ...(row.begun_ms !== null && { begunMs: row.begun_ms }),
    endsMs: row.ends_ms,
    ...(row.ended_ms !== null && { endedMs: row.ended_ms }),
    ...(row.revoked_ms !== null && { revokedMs: row.revoked_ms, revokedBy: row.revoked_by ?? '' }),
    ...(emergency && { emergency: { ...emergency, reviews } }),
  };
}
