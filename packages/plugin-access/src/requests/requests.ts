// Requests and their reviews. A request is judged once by each unit that must; the last approval makes the grant.
import type { AccessRequest, Action, Grant, GrantScope, Review } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import { AccessError } from '../errors.ts';
import { GrantBook } from '../grants/grants.ts';
import type { AccessTables } from '../tables.ts';

/** What is asked, as the requester wrote it. */
export interface RequestContent {
  readonly scope: GrantScope;
  readonly reason: string;
  readonly caseNumber?: string;
  readonly destination?: string;
}

/** One unit's judgement, about to be kept. */
export interface Verdict extends Omit<Review, 'atMs'> {
  /** Hash of what the reviewer read. */
  readonly sha256: string;
  /** How long the grant may be used. The shortest of all approvals counts. */
  readonly minutes: number;
}

/** What the book needs from outside. */
export interface RequestRules {
  /** Units that must approve an action, in order. */
  readonly approvals: Readonly<Partial<Record<Action, readonly string[]>>>;
  readonly expireMs: number;
  now(): number;
  newId(): string;
  hash(value: unknown): string;
}

type Stored = Omit<AccessRequest, 'reviews'>;
type ReviewWithMinutes = Review & { readonly minutes: number };

/** All requests, mirrored in memory. */
export class RequestBook {
  readonly #database: Kysely<AccessTables>;
  readonly #grants: GrantBook;
  readonly #rules: RequestRules;
  readonly #stored = new Map<string, Stored>();
  readonly #reviews = new Map<string, readonly ReviewWithMinutes[]>();

  private constructor(database: Kysely<AccessTables>, grants: GrantBook, rules: RequestRules) {
    this.#database = database;
    this.#grants = grants;
    this.#rules = rules;
  }

  static async load(database: Kysely<AccessTables>, grants: GrantBook, rules: RequestRules): Promise<RequestBook> {
    const book = new RequestBook(database, grants, rules);
    for (const row of await database.selectFrom('request').selectAll().orderBy('created_ms').execute()) book.#stored.set(row.id, fromRow(row));
    for (const row of await database.selectFrom('review').selectAll().orderBy('at_ms').execute()) {
      book.#addReview(row.request, { reviewer: row.reviewer, unit: row.unit, verdict: row.verdict as Review['verdict'], reason: row.reason, atMs: row.at_ms, minutes: row.minutes });
    }
    return book;
  }

  /** The request as it stands now: an unanswered one has expired when its time is over. */
  get(id: string): AccessRequest | undefined {
    const stored = this.#stored.get(id);
    if (!stored) return undefined;
    const isLate = stored.state === 'submitted' && this.#rules.now() >= stored.createdMs + this.#rules.expireMs;
    return { ...stored, state: isLate ? 'expired' : stored.state, reviews: (this.#reviews.get(id) ?? []).map(({ minutes: _, ...review }) => review) };
  }

  /** Newest first. */
  list(wanted: (request: AccessRequest) => boolean, limit: number): readonly AccessRequest[] {
    const found: AccessRequest[] = [];
    for (const id of [...this.#stored.keys()].reverse()) {
      const request = this.get(id)!;
      if (wanted(request)) found.push(request);
      if (found.length >= limit) break;
    }
    return found;
  }

  /** The unit whose turn it is; `undefined` when the request is settled. */
  awaits(request: AccessRequest): string | undefined {
    if (request.state !== 'submitted') return undefined;
    return request.needs.find((unit) => !request.reviews.some((review) => review.unit === unit));
  }

  async submit(requester: string, content: RequestContent): Promise<AccessRequest> {
    const units = content.scope.actions.map((action) => {
      const needed = this.#rules.approvals[action];
      if (!needed?.length) throw new AccessError('NO_APPROVAL_PATH', { action });
      return needed;
    });
    const stored: Stored = {
      id: this.#rules.newId(),
      requester,
      ...content,
      state: 'submitted',
      needs: [...new Set(units.flat())],
      createdMs: this.#rules.now(),
      sha256: this.#rules.hash({ requester, ...content }),
    };
    await this.#database
      .insertInto('request')
      .values({ id: stored.id, requester, content: JSON.stringify(content), sha256: stored.sha256, state: stored.state, needs: JSON.stringify(stored.needs), created_ms: stored.createdMs, grant_id: null })
      .execute();
    this.#stored.set(stored.id, stored);
    return this.get(stored.id)!;
  }

  async withdraw(id: string, requester: string): Promise<AccessRequest> {
    const request = this.#open(id);
    if (request.requester !== requester) throw new AccessError('REQUEST_NOT_YOURS');
    await this.#settle(this.#database, id, 'withdrawn');
    return this.#keep(id, { state: 'withdrawn' });
  }

  /** Keeps a verdict. A denial settles the request; the last approval settles it and makes the grant, all in one transaction. */
  async judge(id: string, verdict: Verdict): Promise<{ readonly request: AccessRequest; readonly grant?: Grant }> {
    const request = this.#open(id);
    if (request.sha256 !== verdict.sha256) throw new AccessError('REQUEST_CHANGED');
    if (this.awaits(request) !== verdict.unit) throw new AccessError('REQUEST_SETTLED', { state: request.state });
    const review: ReviewWithMinutes = { reviewer: verdict.reviewer, unit: verdict.unit, verdict: verdict.verdict, reason: verdict.reason, minutes: verdict.minutes, atMs: this.#rules.now() };
    const reviews = [...(this.#reviews.get(id) ?? []), review];
    const grant = verdict.verdict === 'approve' && request.needs.every((unit) => reviews.some((other) => other.unit === unit)) ? this.#grantFor(request, reviews) : undefined;
    const state = verdict.verdict === 'deny' ? 'denied' : grant ? 'approved' : 'submitted';
    await this.#database.transaction().execute(async (transaction) => {
      // The review's key (request, unit) makes the second of two simultaneous verdicts of one unit fail here.
      const kept = await transaction
        .insertInto('review')
        .values({ request: id, unit: review.unit, reviewer: review.reviewer, verdict: review.verdict, reason: review.reason, minutes: review.minutes, sha256: verdict.sha256, at_ms: review.atMs })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (kept.numInsertedOrUpdatedRows === 0n) throw new AccessError('REQUEST_SETTLED', { state: request.state });
      if (grant) await transaction.insertInto('grant_record').values(GrantBook.toRow(grant)).execute();
      await this.#settle(transaction, id, state, grant?.id);
    });
    this.#addReview(id, review);
    if (grant) this.#grants.keep(grant);
    return { request: this.#keep(id, { state, ...(grant && { grant: grant.id }) }), ...(grant && { grant }) };
  }

  #open(id: string): AccessRequest {
    const request = this.get(id);
    if (!request) throw new AccessError('REQUEST_UNKNOWN', { request: id });
    if (request.state !== 'submitted') throw new AccessError('REQUEST_SETTLED', { state: request.state });
    return request;
  }

  /** Compare-and-set: only a request that is still open changes. */
  async #settle(database: Kysely<AccessTables>, id: string, state: AccessRequest['state'], grantId?: string): Promise<void> {
    const { numUpdatedRows } = await database
      .updateTable('request')
      .set({ state, grant_id: grantId ?? null })
      .where('id', '=', id)
      .where('state', '=', 'submitted')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new AccessError('REQUEST_SETTLED', { state: this.get(id)?.state });
  }

  #grantFor(request: AccessRequest, reviews: readonly ReviewWithMinutes[]): Grant {
    const startsMs = this.#rules.now();
    return {
      id: this.#rules.newId(),
      request: request.id,
      holder: request.requester,
      scope: request.scope,
      approvals: request.needs,
      ...(request.destination !== undefined && { destination: request.destination }),
      startsMs,
      endsMs: startsMs + Math.min(...reviews.map((review) => review.minutes)) * 60_000,
    };
  }

  #keep(id: string, change: Partial<Stored>): AccessRequest {
    this.#stored.set(id, { ...this.#stored.get(id)!, ...change });
    return this.get(id)!;
  }

  #addReview(id: string, review: ReviewWithMinutes): void {
    this.#reviews.set(id, [...(this.#reviews.get(id) ?? []), review]);
  }
}

function fromRow(row: Selectable<AccessTables['request']>): Stored {
  return {
    id: row.id,
    requester: row.requester,
    ...(JSON.parse(row.content) as RequestContent),
    state: row.state as AccessRequest['state'],
    needs: JSON.parse(row.needs) as string[],
    createdMs: row.created_ms,
    sha256: row.sha256,
    ...(row.grant_id !== null && { grant: row.grant_id }),
  };
}
