// Grants, mirrored in memory by holder: the look-up is asked on every act and must not scan.
import type { Action, Grant, Resource } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import type { AccessTables } from '../tables.ts';

type GrantRow = Selectable<AccessTables['grant_record']>;
type Content = Pick<Grant, 'scope' | 'destination'>;

/** All grants. Whether one is in force is computed from the clock, never from a timer. */
export class GrantBook {
  readonly #database: Kysely<AccessTables>;
  readonly #byId = new Map<string, Grant>();
  readonly #byHolder = new Map<string, Grant[]>();

  private constructor(database: Kysely<AccessTables>) {
    this.#database = database;
  }

  static async load(database: Kysely<AccessTables>): Promise<GrantBook> {
    const book = new GrantBook(database);
    for (const row of await database.selectFrom('grant_record').selectAll().orderBy('starts_ms').execute()) book.keep(fromRow(row));
    return book;
  }

  get(id: string): Grant | undefined {
    return this.#byId.get(id);
  }

  of(holder: string): readonly Grant[] {
    return this.#byHolder.get(holder) ?? [];
  }

  /** The holder's grant in force that covers an act: all its cameras, its whole range, its action, a copy's destination. The best approved, then the longest, wins. */
  covering(holder: string, action: Action, resource: Resource, nowMs: number): Grant | undefined {
    return this.of(holder)
      .filter((grant) => isInForce(grant, nowMs) && covers(grant, action, resource, nowMs))
      .sort((a, b) => b.approvals.length - a.approvals.length || endOf(b, action) - endOf(a, action))[0];
  }

  /** The row of a new grant, for the transaction that approves. Call {@link keep} when it is durable. */
  static toRow(grant: Grant): GrantRow {
    const content: Content = { scope: grant.scope, ...(grant.destination !== undefined && { destination: grant.destination }) };
    return {
      id: grant.id,
      request: grant.request,
      holder: grant.holder,
      content: JSON.stringify(content),
      approvals: JSON.stringify(grant.approvals),
      starts_ms: grant.startsMs,
      ends_ms: grant.endsMs,
      revoked_ms: grant.revokedMs ?? null,
      revoked_by: grant.revokedBy ?? null,
    };
  }

  /** Takes a durable grant into the mirror, in the place of its older self. */
  keep(grant: Grant): void {
    const older = this.#byId.get(grant.id);
    const held = this.#byHolder.get(grant.holder) ?? [];
    this.#byHolder.set(grant.holder, older ? held.map((other) => (other.id === grant.id ? grant : other)) : [...held, grant]);
    this.#byId.set(grant.id, grant);
  }

  /** Revokes; `undefined` when it was revoked or had ended before. */
  async revoke(id: string, by: string, nowMs: number): Promise<Grant | undefined> {
    const { numUpdatedRows } = await this.#database
      .updateTable('grant_record')
      .set({ revoked_ms: nowMs, revoked_by: by })
      .where('id', '=', id)
      .where('revoked_ms', 'is', null)
      .where('ends_ms', '>', nowMs)
      .executeTakeFirst();
    const grant = this.#byId.get(id);
    if (numUpdatedRows === 0n || !grant) return undefined;
    const revoked: Grant = { ...grant, revokedMs: nowMs, revokedBy: by };
    this.keep(revoked);
    return revoked;
  }
}

/** Whether a grant is in force at a moment. */
export function isInForce(grant: Grant, nowMs: number): boolean {
  return grant.revokedMs === undefined && grant.startsMs <= nowMs && nowMs < grant.endsMs;
}

/** When an act under a grant must stop: with the grant, and live view also with the range that was granted. */
export function endOf({ endsMs, scope }: Grant, action: Action): number {
  return action === 'live' ? Math.min(endsMs, scope.range.toMs) : endsMs;
}

/**
 * Whether a grant takes in an act. Live view shows the present, which must lie inside the granted range; the range of playback and
 * copy must, as a whole. A copy goes where it was granted to go, and nowhere else (article 11).
 */
export function covers({ scope, destination }: Pick<Grant, 'scope' | 'destination'>, action: Action, resource: Resource, nowMs: number): boolean {
  const { cameras, range } = resource;
  if (!scope.actions.includes(action) || !cameras?.length || !cameras.every((camera) => scope.cameras.includes(camera))) return false;
  if (action === 'live') return scope.range.fromMs <= nowMs && nowMs < scope.range.toMs;
  if (action === 'copy' && (destination === undefined || resource.destination?.trim() !== destination.trim())) return false;
  return range !== undefined && range.fromMs < range.toMs && scope.range.fromMs <= range.fromMs && range.toMs <= scope.range.toMs;
}

function fromRow(row: GrantRow): Grant {
  return {
    id: row.id,
    request: row.request,
    holder: row.holder,
    ...(JSON.parse(row.content) as Content),
    approvals: JSON.parse(row.approvals) as string[],
    startsMs: row.starts_ms,
    endsMs: row.ends_ms,
    ...(row.revoked_ms !== null && { revokedMs: row.revoked_ms, revokedBy: row.revoked_by ?? '' }),
  };
}
