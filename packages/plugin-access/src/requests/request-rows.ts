// Requests and reviews as they come out of their tables.
import type { AccessRequest, Review } from '@wanglou/core';
import type { Selectable } from 'kysely';
import type { AccessTables } from '../tables.ts';
import type { RequestContent } from './requests.ts';

export function toRequest(row: Selectable<AccessTables['request']>, reviews: readonly Review[]): AccessRequest {
  return {
    id: row.id,
    requester: row.requester,
    ...(JSON.parse(row.content) as RequestContent),
    state: row.state as AccessRequest['state'],
    needs: JSON.parse(row.needs) as string[],
    reviews,
    createdMs: row.created_ms,
    sha256: row.sha256,
    ...(row.grant_id !== null && { grant: row.grant_id }),
  };
}

export function toReview({ reviewer, unit, verdict, reason, at_ms }: Selectable<AccessTables['review']>): Review {
  return { reviewer, unit, verdict: verdict as Review['verdict'], reason, atMs: at_ms };
}
