// From an entry of the audit log to a line of the register.
import type { AccessRequest, AuditEntry, Grant } from '@wanglou/core';
import type { RegisterRow } from '../contract.ts';

/** What the register looks up to make a line complete. */
export interface RegisterBooks {
  grant(id: string): Grant | undefined;
  request(id: string): AccessRequest | undefined;
  /** The request that a call of `request.submit` made. */
  requestOfCall(call: string): AccessRequest | undefined;
  personName(id: string): string;
}

/** What of a line is not a column of its own. */
export type LineContent = Pick<RegisterRow, 'fromMs' | 'toMs' | 'purpose' | 'destination' | 'request' | 'grant' | 'reason' | 'approvals' | 'articles'>;

/** Steps of the workflow that stand in the register beside the acts on footage. */
const workflow = new Set(['request.submit', 'request.withdraw', 'request.approve', 'request.deny', 'grant.revoke']);

/** Playback and copies, permitted or refused; live view under a grant or refused; every step of the workflow. The duty's own live view is in the audit log alone. */
export function belongs({ operation, action, decision }: AuditEntry): boolean {
  if (action === 'playback' || action === 'copy' || workflow.has(operation ?? '')) return true;
  return action === 'live' && (decision?.facts['grant.id'] !== undefined || decision?.effect === 'deny');
}

/**
 * Cameras and content of a line. A step of the workflow shows what its request asks for. Only what never changes of requests and
 * grants is shown, so that a line that is made again says the same.
 */
export function lineOf({ operation, call, resource, input, decision }: AuditEntry, books: RegisterBooks): { readonly cameras: readonly string[]; readonly content: LineContent } {
  const given = (input ?? {}) as Readonly<Record<string, unknown>>;
  const grantId = textOf(decision?.facts['grant.id']) ?? textOf(given['grant']);
  const grant = grantId === undefined ? undefined : books.grant(grantId);
  const requestId = textOf(given['request']) ?? grant?.request;
  const request = requestId === undefined ? books.requestOfCall(call ?? '') : books.request(requestId);
  const asked = workflow.has(operation ?? '') ? request?.scope : undefined;
  const range = resource?.range ?? asked?.range;
  const purpose = grant?.scope.purpose ?? request?.scope.purpose ?? (textOf(given['purpose']) as RegisterRow['purpose']);
  const destination = grant?.destination ?? textOf(given['destination']) ?? request?.destination;
  const reason = textOf(given['reason']);
  return {
    cameras: resource?.cameras ?? asked?.cameras ?? [],
    content: {
      ...(range && { fromMs: range.fromMs, toMs: range.toMs }),
      ...(purpose !== undefined && { purpose }),
      ...(destination !== undefined && { destination }),
      ...((requestId ?? request?.id) !== undefined && { request: requestId ?? request!.id }),
      ...(grantId !== undefined && { grant: grantId }),
      ...(reason !== undefined && { reason }),
      approvals: grant?.approvals ?? [],
      articles: decision?.articles ?? [],
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
