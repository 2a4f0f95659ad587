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
  /** Who was on duty during a stretch of time: those who recorded. */
  onDutyDuring(fromMs: number, toMs: number): Promise<readonly string[]>;
}

/** What of a line is not a column of its own. */
export type LineContent = Omit<RegisterRow, 'seq' | 'atMs' | 'person' | 'personName' | 'operation' | 'action' | 'cameras' | 'effect' | 'outcome'>;

/** Steps of the workflow that stand in the register beside the acts on footage. */
const workflow = new Set(['request.submit', 'request.amend', 'request.extend', 'request.withdraw', 'request.approve', 'request.deny', 'grant.revoke', 'grant.end', 'emergency.begin', 'emergency.review', 'document.read']);

/** Playback and copies, permitted or refused; live view under a grant or refused; every step of the workflow. The duty's own live view is in the audit log alone. */
export function belongs({ operation, action, decision }: AuditEntry): boolean {
  if (action === 'playback' || action === 'copy' || workflow.has(operation ?? '')) return true;
  return action === 'live' && (decision?.facts['grant.id'] !== undefined || decision?.effect === 'deny');
}

/**
 * Cameras and content of a line. A step of the workflow shows what its request asks for. Only what never changes of requests and
 * grants is shown, so that a line that is made again says the same.
 */
export async function lineOf({ operation, call, resource, input, decision }: AuditEntry, books: RegisterBooks): Promise<{ readonly cameras: readonly string[]; readonly content: LineContent }> {
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
  const caseNumber = request?.caseNumber ?? textOf(given['caseNumber']);
  const accompaniedBy = [...(request?.companions ?? []).map((id) => books.personName(id)), ...(request?.visit?.visitors ?? []).map(({ name }) => name)];
  return {
    cameras: resource?.cameras ?? asked?.cameras ?? [],
    content: {
      ...(range && { fromMs: range.fromMs, toMs: range.toMs }),
      ...(purpose !== undefined && { purpose }),
      ...(destination !== undefined && { destination }),
      ...((requestId ?? request?.id) !== undefined && { request: requestId ?? request!.id }),
      ...(grantId !== undefined && { grant: grantId }),
      ...(reason !== undefined && { reason }),
      ...(caseNumber !== undefined && { caseNumber }),
      approvals: grant?.approvals ?? [],
      recordedBy: range ? (await books.onDutyDuring(range.fromMs, range.toMs)).map((id) => books.personName(id)) : [],
      accompaniedBy,
      hashes: [],
      articles: decision?.articles ?? [],
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Words by which a line is found. */
export function wordsOf(personName: string, { reason, caseNumber, destination, accompaniedBy, recordedBy }: LineContent): string {
  return [personName, reason, caseNumber, destination, ...accompaniedBy, ...recordedBy].filter((word) => word !== undefined).join('\n').toLowerCase();
}
