// The request form's content, to and from the address bar, from a denial, and from a request that is amended.
import type { AccessRequest, Action, Purpose } from '@wanglou/core';
import type { InputOf } from '../api/operations.ts';
import type { AskedFor } from '../api/problem.ts';

/** Actions a grant can give. */
export type FootageAction = Extract<Action, 'live' | 'playback' | 'copy'>;

/** Actions a request may ask, in the order of the form. */
export const footageActions: readonly FootageAction[] = ['live', 'playback', 'copy'];

/** A request that is being written. */
export interface RequestDraft {
  readonly cameras: readonly string[];
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly actions: readonly FootageAction[];
  readonly purpose: Purpose | undefined;
  readonly reason: string;
  readonly caseNumber: string;
  readonly destination: string;
  /** Account names of people who will be there as well. */
  readonly companions: readonly string[];
}

/** What still has to be filled in. */
export type DraftIssue = 'cameras' | 'range' | 'rangeOrder' | 'actions' | 'purpose' | 'reason' | 'destination';

/** Address of the form prefilled with what a denial says is asked for. */
export function formAddress({ cameras, fromMs, toMs, actions, destination }: AskedFor, path = '/requests/new'): string {
  const query = new URLSearchParams({ cameras: cameras.join(','), from: String(fromMs), to: String(toMs), actions: actions.join(','), ...(destination !== undefined && { destination }) });
  return `${path}?${decodeCommas(query)}`;
}

/** Reads a draft from the address. Whatever cannot be read is left empty. */
export function draftFromQuery(query: URLSearchParams): RequestDraft {
  const actions = (query.get('actions') ?? '').split(',');
  return {
    cameras: (query.get('cameras') ?? '').split(',').filter((camera) => camera !== ''),
    fromMs: wholeNumber(query.get('from')),
    toMs: wholeNumber(query.get('to')),
    actions: footageActions.filter((action) => actions.includes(action)),
    purpose: undefined,
    reason: '',
    caseNumber: '',
    destination: (query.get('destination') ?? '').slice(0, 200),
    companions: [],
  };
}

/** The draft of a request that is amended. */
export function draftFromRequest({ scope, reason, caseNumber = '', destination = '', companions }: AccessRequest): RequestDraft {
  return { cameras: scope.cameras, ...scope.range, actions: footageActions.filter((action) => scope.actions.includes(action)), purpose: scope.purpose, reason, caseNumber, destination, companions };
}

/** What is missing from a draft, in the order of the form. */
export function draftIssues(draft: RequestDraft): readonly DraftIssue[] {
  const issues: DraftIssue[] = [];
  if (draft.cameras.length === 0) issues.push('cameras');
  if (draft.fromMs === undefined || draft.toMs === undefined) issues.push('range');
  else if (draft.fromMs >= draft.toMs) issues.push('rangeOrder');
  if (draft.actions.length === 0) issues.push('actions');
  if (!draft.purpose) issues.push('purpose');
  if (draft.reason.trim() === '') issues.push('reason');
  if (draft.actions.includes('copy') && draft.destination.trim() === '') issues.push('destination');
  return issues;
}

/** The input of `request.submit`. Call it only on a draft without issues. */
export function toRequestInput(draft: RequestDraft): InputOf<'request.submit'> {
  const { fromMs, toMs, purpose } = draft;
  if (fromMs === undefined || toMs === undefined || !purpose) throw new Error(`the draft lacks ${draftIssues(draft).join(', ')}`);
  const caseNumber = draft.caseNumber.trim();
  const destination = draft.destination.trim();
  return {
    cameras: [...draft.cameras],
    fromMs,
    toMs,
    actions: [...draft.actions],
    purpose,
    reason: draft.reason.trim(),
    ...(caseNumber !== '' && { caseNumber }),
    ...(draft.actions.includes('copy') && destination !== '' && { destination }),
    ...(draft.companions.length > 0 && { companions: [...draft.companions] }),
  };
}

/** The input of `request.preview`; nothing before cameras, range and actions are there. A purpose that is not chosen yet changes no answer. */
export function toPreviewInput(draft: RequestDraft): InputOf<'request.preview'> | undefined {
  const issues = draftIssues(draft);
  if ((['cameras', 'range', 'rangeOrder', 'actions'] as const).some((issue) => issues.includes(issue))) return undefined;
  return toRequestInput({ ...draft, purpose: draft.purpose ?? 'incident' });
}

function wholeNumber(value: string | null): number | undefined {
  return value !== null && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
}

/** Commas are allowed in a query (RFC 3986 section 3.4) and easier to read than `%2C`. */
function decodeCommas(query: URLSearchParams): string {
  return query.toString().replaceAll('%2C', ',');
}
