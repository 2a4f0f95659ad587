// Requests and their reviews. A request is judged once by each unit that must; the last approval makes the grant.
import type { AccessRequest, Action, Grant, GrantScope, Review } from '@wanglou/core';
import type { Kysely } from 'kysely';
import { AccessError } from '../errors.ts';
import { GrantBook } from '../grants/grants.ts';
import type { AccessTables } from '../tables.ts';
import { RequestIndex } from './request-index.ts';
import { toRequest, toReview } from './request-rows.ts';

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
  /** Requests of one person that may be open at the same time. */
  readonly openRequests: number;
  now(): number;
  newId(): string;
  hash(value: unknown): string;
}

/** All requests, mirrored in memory. */
export class RequestBook {
  readonly #database: Kysely<AccessTables>;
  readonly #grants: GrantBook;
  readonly #rules: RequestRules;
  readonly #requests = new Map<string, AccessRequest>();
  /** The shortest time that a review of a request allows so far. */
  readonly #minutes = new Map<string, number>();
  readonly #index = new RequestIndex();

  private constructor(database: Kysely<AccessTables>, grants: GrantBook, rules: RequestRules) {
    this.#database = database;
    this.#grants = grants;
    this.#rules = rules;
  }

  static async load(database: Kysely<AccessTables>, grants: GrantBook, rules: RequestRules): Promise<RequestBook> {
    const book = new RequestBook(database, grants, rules);
    const reviews = Map.groupBy(await database.selectFrom('review').selectAll().orderBy('at_ms').execute(), (row) => row.request);
    for (const row of await database.selectFrom('request').selectAll().orderBy('created_ms').execute()) {
      const reviewed = reviews.get(row.id) ?? [];
      const request = toRequest(row, reviewed.map(toReview));
      book.#requests.set(request.id, request);
      book.#index.add(request, row.call ?? undefined);
      for (const { minutes } of reviewed) book.#allow(request.id, minutes);
    }
    return book;
  }

  /** The request as it stands now: an unanswered one has expired when its time is over. */
  get(id: string): AccessRequest | undefined {
    const request = this.#requests.get(id);
    return request && this.#isLate(request) ? { ...request, state: 'expired' } : request;
  }

  /** The request that a call of `request.submit` made. */
  ofCall(call: string): AccessRequest | undefined {
    const id = this.#index.ofCall(call);
    return id === undefined ? undefined : this.get(id);
  }

  /** A person's own, newest first. */
  ofRequester(person: string, limit: number): readonly AccessRequest[] {
    return this.#take(this.#index.ofRequester(person), limit);
  }

  /** Requests that wait for a unit, oldest first: whoever asked first is answered first. */
  waitingFor(unit: string, limit: number): readonly AccessRequest[] {
    return this.#take(this.#index.open(), limit, (request) => this.awaits(request) === unit);
  }

  /** Requests that a unit judges and that do not wait for it, newest first. */
  notWaitingFor(unit: string, limit: number): readonly AccessRequest[] {
    return this.#take(this.#index.ofUnit(unit), limit, (request) => this.awaits(request) !== unit);
  }

  /** The unit whose turn it is; `undefined` when the request is settled. */
  awaits(request: AccessRequest): string | undefined {
    if (request.state !== 'submitted') return undefined;
    return request.needs.find((unit) => !request.reviews.some((review) => review.unit === unit));
  }

  /** Keeps a new request. `call` joins it to the audit log. Throws `NO_APPROVAL_PATH` or `REQUESTS_OPEN`. */
  async submit(requester: string, content: RequestContent, call: string): Promise<AccessRequest> {
    const request: AccessRequest = {
      id: this.#rules.newId(),
      requester,
      ...content,
      state: 'submitted',
      needs: this.#approversOf(content.scope.actions),
      reviews: [],
      createdMs: this.#rules.now(),
      sha256: this.#rules.hash({ requester, ...content }),
    };
    await this.#database.transaction().execute(async (transaction) => {
      await this.#refuseMore(transaction, requester);
      await transaction
        .insertInto('request')
        .values({ id: request.id, requester, content: JSON.stringify(content), sha256: request.sha256, state: request.state, needs: JSON.stringify(request.needs), created_ms: request.createdMs, grant_id: null, call })
        .execute();
    });
    this.#requests.set(request.id, request);
    this.#index.add(request, call);
    return request;
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
    const review: Review = { reviewer: verdict.reviewer, unit: verdict.unit, verdict: verdict.verdict, reason: verdict.reason, atMs: this.#rules.now() };
    const reviews = [...request.reviews, review];
    const grant = verdict.verdict === 'approve' && request.needs.every((unit) => reviews.some((other) => other.unit === unit)) ? this.#grantFor(request, verdict.minutes) : undefined;
    const state = verdict.verdict === 'deny' ? 'denied' : grant ? 'approved' : 'submitted';
    await this.#database.transaction().execute(async (transaction) => {
      // The review's key (request, unit) makes the second of two simultaneous verdicts of one unit fail here.
      const kept = await transaction
        .insertInto('review')
        .values({ request: id, unit: review.unit, reviewer: review.reviewer, verdict: review.verdict, reason: review.reason, minutes: verdict.minutes, sha256: verdict.sha256, at_ms: review.atMs })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (kept.numInsertedOrUpdatedRows === 0n) throw new AccessError('REQUEST_SETTLED', { state: request.state });
      if (grant) await transaction.insertInto('grant_record').values(GrantBook.toRow(grant)).execute();
      await this.#settle(transaction, id, state, grant?.id);
    });
    this.#allow(id, verdict.minutes);
    if (grant) this.#grants.keep(grant);
    return { request: this.#keep(id, { reviews, ...(state !== 'submitted' && { state }), ...(grant && { grant: grant.id }) }), ...(grant && { grant }) };
  }

  /** Settles the requests that nobody answered in time; answers them. */
  async sweep(): Promise<readonly AccessRequest[]> {
    const settled: AccessRequest[] = [];
    for (const id of [...this.#index.open()]) {
      if (!this.#isLate(this.#requests.get(id)!)) continue;
      try {
        await this.#settle(this.#database, id, 'expired');
        settled.push(this.#keep(id, { state: 'expired' }));
      } catch (error) {
        // Withdrawn or judged in the meantime.
        if (!(error instanceof AccessError)) throw error;
      }
    }
    return settled;
  }

  #approversOf(actions: readonly Action[]): readonly string[] {
    const units = actions.map((action) => {
      const needed = this.#rules.approvals[action];
      if (!needed?.length) throw new AccessError('NO_APPROVAL_PATH', { action });
      return needed;
    });
    return [...new Set(units.flat())];
  }

  /** Counts inside the transaction that inserts, so that requests at the same moment are counted too. */
  async #refuseMore(transaction: Kysely<AccessTables>, requester: string): Promise<void> {
    const { open } = await transaction
      .selectFrom('request')
      .select((expression) => expression.fn.countAll<number>().as('open'))
      .where('requester', '=', requester)
      .where('state', '=', 'submitted')
      .where('created_ms', '>', this.#rules.now() - this.#rules.expireMs)
      .executeTakeFirstOrThrow();
    if (open >= this.#rules.openRequests) throw new AccessError('REQUESTS_OPEN', { count: this.#rules.openRequests });
  }

  #take(ids: Iterable<string>, limit: number, wanted: (request: AccessRequest) => boolean = () => true): readonly AccessRequest[] {
    const found: AccessRequest[] = [];
    if (limit <= 0) return found;
    for (const id of ids) {
      const request = this.get(id)!;
      if (wanted(request) && found.push(request) >= limit) break;
    }
    return found;
  }

  #open(id: string): AccessRequest {
    const request = this.get(id);
    if (!request) throw new AccessError('REQUEST_UNKNOWN', { request: id });
    if (request.state !== 'submitted') throw new AccessError('REQUEST_SETTLED', { state: request.state });
    return request;
  }

  #isLate({ state, createdMs }: AccessRequest): boolean {
    return state === 'submitted' && this.#rules.now() >= createdMs + this.#rules.expireMs;
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

  #grantFor(request: AccessRequest, minutes: number): Grant {
    const startsMs = this.#rules.now();
    return {
      id: this.#rules.newId(),
      request: request.id,
      holder: request.requester,
      scope: request.scope,
      approvals: request.needs,
      ...(request.destination !== undefined && { destination: request.destination }),
      startsMs,
      endsMs: startsMs + Math.min(minutes, this.#minutes.get(request.id) ?? minutes) * 60_000,
    };
  }

  #keep(id: string, change: Partial<AccessRequest>): AccessRequest {
    this.#requests.set(id, { ...this.#requests.get(id)!, ...change });
    if (change.state !== undefined) this.#index.settle(id);
    return this.get(id)!;
  }

  #allow(id: string, minutes: number): void {
    this.#minutes.set(id, Math.min(minutes, this.#minutes.get(id) ?? minutes));
  }
}
