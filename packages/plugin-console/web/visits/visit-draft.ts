// An outside visit while it is being registered: what each step still needs. Article 13.
import type { DocumentRef, Visit, Visitor } from '@wanglou/core';
import type { InputOf } from '../api/operations.ts';
import { draftIssues, toPreviewInput, toRequestInput, type RequestDraft } from '../requests/request-draft.ts';

/** A visitor as they are typed in. */
export interface VisitorDraft {
  readonly name: string;
  readonly idKind: Visitor['idKind'];
  readonly idNumber: string;
}

/** A visit that is being written. */
export interface VisitDraft {
  readonly organisation: string;
  readonly body: Visit['body'];
  readonly visitors: readonly VisitorDraft[];
  readonly documents: readonly DocumentRef[];
  readonly termsAccepted: boolean;
  readonly request: RequestDraft;
}

/** The steps in their order. */
export const visitSteps = ['organisation', 'visitors', 'papers', 'footage', 'terms', 'review'] as const;
/** Name of a step. */
export type VisitStep = (typeof visitSteps)[number];

/** What a step still needs. */
export type VisitIssue = 'organisation' | 'few' | 'visitor' | 'twice' | 'certificate' | 'footage' | 'terms';

/** Fewest visitors. Article 13(1). */
export const fewestVisitors = 2;
const idForm = /^[A-Za-z0-9-]{4,32}$/;

/** An empty visit with places for the two persons that article 13 asks for. */
export function emptyVisit(request: RequestDraft): VisitDraft {
  return { organisation: '', body: 'department', visitors: [emptyVisitor, emptyVisitor], documents: [], termsAccepted: false, request };
}

/** A visitor of whom nothing is known. */
export const emptyVisitor: VisitorDraft = { name: '', idKind: 'work', idNumber: '' };

/** Police and state security need no certificate when they name a case. Article 13(3). */
export function isExempt({ body, request }: Pick<VisitDraft, 'body' | 'request'>): boolean {
  return body !== 'department' && request.caseNumber.trim() !== '';
}

/** What a step still needs; nothing when it is complete. */
export function stepIssues(draft: VisitDraft, step: VisitStep): readonly VisitIssue[] {
  switch (step) {
    case 'organisation':
      return draft.organisation.trim() === '' ? ['organisation'] : [];
    case 'visitors':
      return visitorIssues(draft.visitors);
    case 'papers':
      return isExempt(draft) || draft.documents.some(({ kind }) => kind === 'certificate') ? [] : ['certificate'];
    case 'footage':
      return draftIssues(draft.request).length > 0 ? ['footage'] : [];
    case 'terms':
      return draft.termsAccepted ? [] : ['terms'];
    case 'review':
      return visitSteps.filter((name) => name !== 'review').flatMap((name) => stepIssues(draft, name));
  }
}

function visitorIssues(visitors: readonly VisitorDraft[]): readonly VisitIssue[] {
  const issues: VisitIssue[] = [];
  if (visitors.length < fewestVisitors) issues.push('few');
  if (visitors.some((visitor) => !isComplete(visitor))) issues.push('visitor');
  const numbers = visitors.map(({ idKind, idNumber }) => `${idKind} ${idNumber.trim().toUpperCase()}`);
  if (visitors.every(isComplete) && new Set(numbers).size < numbers.length) issues.push('twice');
  return issues;
}

/** Whether a visitor is named and their number has the form of one. */
export function isComplete({ name, idNumber }: VisitorDraft): boolean {
  return name.trim() !== '' && idForm.test(idNumber.trim());
}

/** A number as it is shown once it was entered: its last four. */
export function maskedNumber(idNumber: string): string {
  const number = idNumber.trim();
  return `${'•'.repeat(Math.max(0, number.length - 4))}${number.slice(-4)}`;
}

function visitInput({ organisation, body, visitors, documents, termsAccepted }: VisitDraft): NonNullable<InputOf<'request.submit'>['visit']> {
  return {
    organisation: organisation.trim(),
    body,
    visitors: visitors.map(({ name, idKind, idNumber }) => ({ name: name.trim(), idKind, idNumber: idNumber.trim() })),
    documents: documents.map(({ id }) => id),
    termsAccepted,
  };
}

/** The input of `request.submit`. Call it only on a draft whose `review` has no issues. */
export function toVisitInput(draft: VisitDraft): InputOf<'request.submit'> {
  return { ...toRequestInput(draft.request), visit: visitInput(draft) };
}

/** The input of `request.preview`: visitors that are not complete yet are left out. */
export function toVisitPreview(draft: VisitDraft): InputOf<'request.preview'> | undefined {
  const input = toPreviewInput(draft.request);
  if (!input || draft.organisation.trim() === '') return undefined;
  return { ...input, visit: visitInput({ ...draft, visitors: draft.visitors.filter(isComplete) }) };
}
