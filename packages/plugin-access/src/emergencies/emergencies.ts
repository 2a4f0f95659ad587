// Footage that was taken in an emergency: who answers for what, and until when. Everything is computed from the clock.
import type { Emergency, EmergencyReview, Grant } from '@wanglou/core';
import type { Kysely } from 'kysely';
import { AccessError } from '../errors.ts';
import type { GrantBook } from '../grants/grants.ts';
import type { AccessTables } from '../tables.ts';

/** The emergencies, by whoever took them. */
export class Emergencies {
  readonly #database: Kysely<AccessTables>;
  readonly #grants: GrantBook;
  readonly #byHolder = new Map<string, string[]>();

  constructor(database: Kysely<AccessTables>, grants: GrantBook) {
    this.#database = database;
    this.#grants = grants;
    for (const grant of grants.emergencies().toReversed()) this.#index(grant);
  }

  /** Makes the grant durable. Throws `EMERGENCY_OPEN` while an earlier one waits for review. */
  async begin(grant: Grant): Promise<void> {
    if (this.isOpen(grant.holder)) throw new AccessError('EMERGENCY_OPEN');
    // Before the write: a second one at the same moment must find it.
    this.#index(grant);
    try {
      await this.#grants.add(grant);
    } catch (error) {
      this.#byHolder.get(grant.holder)!.pop();
      throw error;
    }
  }

  /** Keeps a review; one of each person, and one by each person's power. `beside` is done in the same transaction. Throws `GRANT_UNKNOWN` or `EMERGENCY_REVIEWED`. */
  async review(id: string, review: EmergencyReview, beside: (database: Kysely<AccessTables>, holder: string) => Promise<void>): Promise<Grant> {
    const grant = this.#grants.get(id);
    if (!grant?.emergency) throw new AccessError('GRANT_UNKNOWN', { grant: id });
    if (isReviewed(grant.emergency)) throw new AccessError('EMERGENCY_REVIEWED');
    await this.#database.transaction().execute(async (transaction) => {
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('emergency_review')
        .values({ grant_id: id, reviewer: review.reviewer, voice: review.onBehalfOf ?? review.reviewer, verdict: review.verdict, reason: review.reason, at_ms: review.atMs })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows === 0n) throw new AccessError('EMERGENCY_REVIEWED');
      await beside(transaction, grant.holder);
    });
    const now = this.#grants.get(id)!;
    const reviewed: Grant = { ...now, emergency: { ...now.emergency!, reviews: [...now.emergency!.reviews, review] } };
    this.#grants.keep(reviewed);
    return reviewed;
  }

  /** Whether one of the person's emergencies waits for its review. */
  isOpen(person: string): boolean {
    return this.#of(person).some((emergency) => emergency === undefined || !isReviewed(emergency));
  }

  /** Whether a review is overdue. Reviews that come late lift it again. */
  isSuspended(person: string, nowMs: number): boolean {
    return this.#of(person).some((emergency) => emergency !== undefined && !isReviewed(emergency) && nowMs >= emergency.reviewByMs);
  }

  /** `undefined` for one whose row is being written. */
  #of(person: string): readonly (Emergency | undefined)[] {
    return this.#byHolder.get(person)?.map((id) => this.#grants.get(id)?.emergency) ?? none;
  }

  #index({ id, holder }: Grant): void {
    this.#byHolder.set(holder, [...(this.#byHolder.get(holder) ?? []), id]);
  }
}

const none: readonly undefined[] = [];

function isReviewed({ reviews, reviewers }: Emergency): boolean {
  return reviews.length >= reviewers;
}
