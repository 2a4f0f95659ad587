// Requests and their reviews. Each step compares and sets the version, so that two at the same moment are safe; the last approval
// makes the grant.
import type { AccessRequest, Grant, Review } from '@wanglou/core';
import type { Kysely, Updateable } from 'kysely';
import { AccessError } from '../errors.ts';
import { GrantBook } from '../grants/grants.ts';
import type { AccessTables } from '../tables.ts';
import { approvalPath, awaitedUnit, type Approvals } from './approval-path.ts';
import { grantOf, shorter, type Clocks } from './grant-of.ts';
import { contentOf, type RequestContent } from './request-content.ts';
import { RequestIndex } from './request-index.ts';
import { toRequest } from './request-rows.ts';
import { settledError } from './settled-error.ts';

/** One person's judgement, about to be kept. */
export interface Verdict extends Omit<Review, 'atMs'>, Clocks {
  /** Hash of what the reviewer read. */
  readonly sha256: string;
}

/** What the book needs from outside. */
export interface RequestRules {
  approvals(): Approvals;
  readonly expireMs: number;
  /** Requests of one person that may be open at the same time. */
  readonly openRequests: number;
  readonly reminderMs: readonly number[];
  now(): number;
  newId(): string;
  hash(value: unknown): string;
}

/** Work in the same transaction, such as binding papers. */
type Beside = (database: Kysely<AccessTables>, request: string) => Promise<void>;

const noWork: Beside = async () => undefined;

/** All requests, mirrored in memory. */
export class RequestBook {
  readonly #database: Kysely<AccessTables>;
  readonly #grants: GrantBook;
  readonly #rules: RequestRules;
  readonly #requests = new Map<string, AccessRequest>();
  readonly #revisions = new Map<string, number>();
  readonly #clocks = new Map<string, Clocks>();
  readonly #index = new RequestIndex();

  private constructor(database: Kysely<AccessTables>, grants: GrantBook, rules: RequestRules) {
    this.#database = database;
    this.#grants = grants;
    this.#rules = rules;
  }

  static async load(database: Kysely<AccessTables>, grants: GrantBook, rules: RequestRules): Promise<RequestBook> {
    const book = new RequestBook(database, grants, rules);
    const verdicts = Map.groupBy(await database.selectFrom('verdict').selectAll().orderBy('at_ms').execute(), (row) => row.request);
    for (const row of await database.selectFrom('request').selectAll().orderBy('created_ms').execute()) {
      const given = (verdicts.get(row.id) ?? []).filter((verdict) => verdict.revision === row.revision);
      const request = toRequest(row, given, rules.expireMs);
      book.#requests.set(request.id, request);
      book.#revisions.set(request.id, row.revision);
      book.#index.add(request, row.call ?? undefined);
      for (const { minutes, begin_within_hours } of given) book.#allow(request.id, { minutes, beginWithinHours: begin_within_hours });
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

  /** Requests that wait for one of the units, oldest first: whoever asked first is answered first. */
  waitingFor(units: readonly string[], limit: number): readonly AccessRequest[] {
    return this.#take(this.#index.open(), limit, (request) => units.includes(this.awaits(request) ?? ''));
  }

  /** Requests that the units judge and that do not wait for them, newest first. */
  notWaitingFor(units: readonly string[], limit: number): readonly AccessRequest[] {
    const found = units.flatMap((unit) => this.#take(this.#index.ofUnit(unit), limit, (request) => !units.includes(this.awaits(request) ?? '')));
    return [...new Map(found.map((request) => [request.id, request])).values()].sort((a, b) => b.createdMs - a.createdMs).slice(0, limit);
  }

  /** The unit whose turn it is; `undefined` when the request is settled. */
  awaits(request: AccessRequest): string | undefined {
    return request.state === 'submitted' ? awaitedUnit(request) : undefined;
  }

  /** Keeps a new request. `call` joins it to the audit log. Throws `NO_APPROVAL_PATH` or `REQUESTS_OPEN`. */
  async submit(requester: string, content: RequestContent, call: string, beside: Beside = noWork): Promise<AccessRequest> {
    const id = this.#rules.newId();
    const createdMs = this.#rules.now();
    const request: AccessRequest = {
      id,
      requester,
      ...content,
      state: 'submitted',
      needs: approvalPath(this.#rules.approvals(), content.scope.actions),
      reviews: [],
      createdMs,
      version: 1,
      sha256: this.#hash(id, 1, requester, content),
      expiresMs: createdMs + this.#rules.expireMs,
      reminders: 0,
      call,
    };
    await this.#database.transaction().execute(async (transaction) => {
      await this.#refuseMore(transaction, requester);
      await transaction
        .insertInto('request')
        .values({ id, requester, content: JSON.stringify(content), sha256: request.sha256, state: 'submitted', needs: JSON.stringify(request.needs), created_ms: createdMs, grant_id: null, call, version: 1, revision: 1, reminders: 0 })
        .execute();
      await beside(transaction, id);
    });
    this.#requests.set(id, request);
    this.#revisions.set(id, 1);
    this.#index.add(request, call);
    return request;
  }

  /** Changes what is asked. Throws `REQUEST_NOT_YOURS`, `REQUEST_CHANGED` or `REQUEST_SETTLED`. */
  async amend(id: string, requester: string, readSha256: string, content: RequestContent, beside: Beside = noWork): Promise<AccessRequest> {
    const request = this.#own(id, requester);
    if (request.sha256 !== readSha256) throw new AccessError('REQUEST_CHANGED');
    return this.#revise(request, content, beside);
  }

  /** Approvals of what was asked before are void: they belong to an older revision. */
  async #revise(request: AccessRequest, content: RequestContent, beside: Beside = noWork): Promise<AccessRequest> {
    const { id, requester, createdMs, expiresMs, reminders, version } = request;
    const revision = this.#revisions.get(id)! + 1;
    const needs = approvalPath(this.#rules.approvals(), content.scope.actions);
    const sha256 = this.#hash(id, revision, requester, content);
    await this.#database.transaction().execute(async (transaction) => {
      await this.#step(transaction, request, { content: JSON.stringify(content), needs: JSON.stringify(needs), sha256, revision });
      await beside(transaction, id);
    });
    this.#revisions.set(id, revision);
    this.#clocks.delete(id);
    const revised: AccessRequest = { id, requester, ...content, state: 'submitted', needs, reviews: [], createdMs, version: version + 1, sha256, expiresMs, reminders };
    this.#index.addUnits(revised, request);
    this.#requests.set(id, revised);
    return revised;
  }

  async withdraw(id: string, requester: string): Promise<AccessRequest> {
    return this.#set(this.#own(id, requester), { state: 'withdrawn' });
  }

  /** Keeps a verdict. A denial settles the request; the last approval settles it and makes the grant, all in one transaction. */
  async judge(id: string, verdict: Verdict): Promise<{ readonly request: AccessRequest; readonly grant?: Grant }> {
    const request = this.#open(id);
    if (request.sha256 !== verdict.sha256) throw new AccessError('REQUEST_CHANGED');
    if (this.awaits(request) !== verdict.unit) throw settledError(request);
    const { reviewer, unit, reason, onBehalfOf } = verdict;
    const review: Review = { reviewer, unit, verdict: verdict.verdict, reason, atMs: this.#rules.now(), ...(onBehalfOf !== undefined && { onBehalfOf }) };
    const judged = { ...request, reviews: [...request.reviews, review] };
    const clocks = shorter(this.#clocks.get(id), verdict);
    const grant = verdict.verdict === 'approve' && awaitedUnit(judged) === undefined ? grantOf(judged, clocks, this.#rules.newId(), review.atMs) : undefined;
    const state = verdict.verdict === 'deny' ? 'denied' : grant ? 'approved' : 'submitted';
    await this.#database.transaction().execute(async (transaction) => {
      await this.#step(transaction, request, { state, grant_id: grant?.id ?? null });
      // The key (request, revision, reviewer) refuses a second vote of one person, whatever the mirror says.
      const kept = await transaction
        .insertInto('verdict')
        .values({ request: id, revision: this.#revisions.get(id)!, unit, reviewer, on_behalf_of: onBehalfOf ?? null, verdict: review.verdict, reason, minutes: verdict.minutes, begin_within_hours: verdict.beginWithinHours, at_ms: review.atMs })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (kept.numInsertedOrUpdatedRows === 0n) throw settledError(request);
      if (grant) await transaction.insertInto('grant_record').values(GrantBook.toRow(grant)).execute();
    });
    if (verdict.verdict === 'approve') this.#clocks.set(id, clocks);
    if (grant) this.#grants.keep(grant);
    return { request: this.#keep(request, { reviews: judged.reviews, ...(state !== 'submitted' && { state }), ...(grant && { grant: grant.id }) }), ...(grant && { grant }) };
  }

  /** Settles the requests that nobody answered in time; answers them. */
  async sweep(): Promise<readonly AccessRequest[]> {
    return this.#each((request) => this.#isLate(request), (request) => this.#set(request, { state: 'expired' }));
  }

  /** Other rules may ask other units: what waits begins anew on the path that holds now. Answers what changed. */
  reroute(): Promise<readonly AccessRequest[]> {
    return this.#each((request) => !this.#isLate(request) && this.#isMisrouted(request), (request) => this.#revise(request, contentOf(request)));
  }

  /** A request that no unit could approve any more stays as it is: it waits for its requester, or expires. */
  #isMisrouted({ scope, needs }: AccessRequest): boolean {
    const approvals = this.#rules.approvals();
    return scope.actions.every((action) => approvals[action]?.length) && JSON.stringify(approvalPath(approvals, scope.actions)) !== JSON.stringify(needs);
  }

  /** Counts the reminders that are due; answers the requests whose units must be told. */
  async remind(): Promise<readonly AccessRequest[]> {
    const due = ({ createdMs }: AccessRequest) => this.#rules.reminderMs.filter((afterMs) => this.#rules.now() >= createdMs + afterMs).length;
    return this.#each((request) => !this.#isLate(request) && due(request) > request.reminders, (request) => this.#set(request, { reminders: due(request) }));
  }

  /** Changes open requests, one after another. */
  async #each(wanted: (request: AccessRequest) => boolean, change: (request: AccessRequest) => Promise<AccessRequest>): Promise<readonly AccessRequest[]> {
    const changed: AccessRequest[] = [];
    for (const id of [...this.#index.open()]) {
      const request = this.#requests.get(id)!;
      if (!wanted(request)) continue;
      try {
        changed.push(await change(request));
      } catch (error) {
        // Withdrawn, amended or judged in the meantime.
        if (!(error instanceof AccessError)) throw error;
      }
    }
    return changed;
  }

  async #set(request: AccessRequest, change: Pick<Partial<AccessRequest>, 'state' | 'reminders'>): Promise<AccessRequest> {
    await this.#step(this.#database, request, change);
    return this.#keep(request, change);
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
    if (request.state !== 'submitted') throw settledError(request);
    return request;
  }

  #own(id: string, requester: string): AccessRequest {
    const request = this.#open(id);
    if (request.requester !== requester) throw new AccessError('REQUEST_NOT_YOURS');
    return request;
  }

  #isLate({ state, expiresMs }: AccessRequest): boolean {
    return state === 'submitted' && this.#rules.now() >= expiresMs;
  }

  /** Compare-and-set: only the version that was read, and that is still open, changes. */
  async #step(database: Kysely<AccessTables>, { id, version }: AccessRequest, columns: Updateable<AccessTables['request']>): Promise<void> {
    const { numUpdatedRows } = await database
      .updateTable('request')
      .set({ ...columns, version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('state', '=', 'submitted')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw settledError(this.get(id)!);
  }

  #hash(id: string, revision: number, requester: string, content: RequestContent): string {
    // The revision is part of it: to change a request and change it back does not bring old approvals back.
    return this.#rules.hash({ request: id, revision, requester, content: contentOf(content) });
  }

  #keep(before: AccessRequest, change: Partial<AccessRequest>): AccessRequest {
    this.#requests.set(before.id, { ...before, ...change, version: before.version + 1 });
    if (change.state !== undefined) this.#index.settle(before.id);
    return this.get(before.id)!;
  }

  #allow(id: string, clocks: Clocks): void {
    this.#clocks.set(id, shorter(this.#clocks.get(id), clocks));
  }
}
