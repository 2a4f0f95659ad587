// Requests and verdicts as they come out of their tables.
import type { AccessRequest, ApprovalStep, Review } from '@wanglou/core';
import type { Selectable } from 'kysely';
import type { AccessTables } from '../tables.ts';
import type { RequestContent } from './request-content.ts';

type RequestRow = Selectable<AccessTables['request']>;
type VerdictRow = Selectable<AccessTables['verdict']>;

/** `verdicts` are those of the request's revision. */
export function toRequest(row: RequestRow, verdicts: readonly VerdictRow[], expireMs: number): AccessRequest {
  const { companions = [], ...content } = JSON.parse(row.content) as Omit<RequestContent, 'companions'> & Partial<Pick<RequestContent, 'companions'>>;
  return {
    id: row.id,
    requester: row.requester,
    ...content,
    companions,
    state: row.state as AccessRequest['state'],
    needs: (JSON.parse(row.needs) as (string | ApprovalStep)[]).map(toStep),
    reviews: verdicts.map(toReview),
    createdMs: row.created_ms,
    version: row.version,
    sha256: row.sha256,
    expiresMs: row.created_ms + expireMs,
    reminders: row.reminders,
    ...(row.grant_id !== null && { grant: row.grant_id }),
    ...(row.call !== null && { call: row.call }),
  };
}

/** Before migration 3 a step was the id of its unit. */
function toStep(step: string | ApprovalStep): ApprovalStep {
  return typeof step === 'string' ? { unit: step } : step;
}

function toReview({ reviewer, unit, verdict, reason, at_ms, on_behalf_of }: VerdictRow): Review {
  return { reviewer, unit, verdict: verdict as Review['verdict'], reason, atMs: at_ms, ...(on_behalf_of !== null && { onBehalfOf: on_behalf_of }) };
}
