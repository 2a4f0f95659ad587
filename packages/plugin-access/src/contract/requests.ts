// Requests, reviews, grants, outside visits and emergencies. Articles 8 to 14.
import { defineOperation, type AccessRequest, type ApprovalStep, type Denial, type DocumentRef, type Grant, type Missing, type Person } from '@wanglou/core';
import { z } from 'zod';
import { footageAction, id, nothing, purpose, sha256, sixDigits, time, words } from './common.ts';

const visitor = z.strictObject({
  name: words(64),
  idKind: z.enum(['police', 'state-security', 'work', 'citizen']),
  idNumber: z.string().trim().regex(/^[A-Za-z0-9-]{4,32}$/, '4 to 32 letters, digits or hyphens').describe('Kept as its last four and a salted hash'),
});

/** An outside visit as it is registered. Article 13. Incomplete ones can be drafted with `request.preview`, not submitted. */
export const visitInput = z.strictObject({
  organisation: words(100),
  body: z.enum(['department', 'police', 'state-security']),
  visitors: z.array(visitor).max(12),
  documents: z.array(id).max(24).describe('Ids that document.store gave'),
  termsAccepted: z.boolean().describe('They accepted the terms of use and confidentiality'),
});

const content = {
  cameras: z.array(id).min(1).max(64),
  fromMs: time,
  toMs: time,
  actions: z.array(footageAction).min(1).max(3),
  purpose,
  reason: words(500).describe('Why, in your own words'),
  caseNumber: words(64).optional(),
  destination: words(200).optional().describe('Where a copy goes; needed for a copy'),
  companions: z.array(id).max(12).default([]).describe('People of the campus who will be there as well'),
  concerned: z.boolean().optional().describe('The requester is the person concerned, a near relative or guardian'),
  visit: visitInput.optional(),
};

const isRange = (input: { fromMs: number; toMs: number }) => input.fromMs < input.toMs;
const rangeIssue = { path: ['toMs'], message: 'must be later than fromMs' };
const hasDestination = (input: { actions: string[]; destination?: string | undefined }) => !input.actions.includes('copy') || input.destination !== undefined;
const destinationIssue = { path: ['destination'], message: 'a copy needs a destination (article 11)' };

/** What a request asks for, as a person writes it. */
export const requestContent = z.strictObject(content).refine(isRange, rangeIssue).refine(hasDestination, destinationIssue);

type ContentInput = z.output<typeof requestContent>;
const touched = (input: Pick<ContentInput, 'cameras' | 'fromMs' | 'toMs'>) => ({ cameras: input.cameras, range: { fromMs: input.fromMs, toMs: input.toMs } });

/** The log never holds the number of an ID, not even a wrong one. */
function withoutNumbers<T extends { readonly visit?: ContentInput['visit'] }>(input: T): object {
  if (!input.visit) return input;
  return { ...input, visit: { ...input.visit, visitors: input.visit.visitors.map(({ idNumber: _, ...rest }) => rest) } };
}

/** A code with which a visitor says "I am here". Told once, with the answer to the request, and printed on the form. */
export interface VisitorCode {
  readonly visitor: string;
  readonly code: string;
}

/** What one could ask for, from whom, and for how long. */
export interface RequestPreview {
  /** Whether it could be approved at all. */
  readonly possible: boolean;
  /** Reasons that no approval can help, such as article 14. */
  readonly denials: readonly Denial[];
  /** What the request still lacks, such as a second visitor or the certificate. */
  readonly missing: readonly Missing[];
  /** Problems of the request itself, such as an unknown camera or too long a range. */
  readonly problems: readonly { readonly code: string; readonly text: { readonly zh: string; readonly en: string } }[];
  /** Units in the order in which they are asked, with the people who may judge it: never the requester nor a companion. */
  readonly needs: readonly (ApprovalStep & { readonly people: readonly Person[] })[];
  readonly longestUseMinutes: number;
  readonly longestBeginHours: number;
  readonly answerWithinMs: number;
}

/** Dry run of a request. Keeps nothing. */
export const previewRequest = defineOperation<RequestPreview>()({
  id: 'request.preview',
  title: { zh: '预览申请', en: 'Preview a request' },
  action: 'request',
  articles: ['10', '13'],
  input: z.strictObject({ ...content, reason: z.string().max(500).default('') }).refine(isRange, rangeIssue),
  resource: touched,
  audited: withoutNumbers,
});

/**
 * Asks for footage. Article 10. A copy needs a destination (article 11), an outside visit everything of article 13.
 * Throws `CAMERA_UNKNOWN`, `RANGE_TOO_LONG`, `NO_APPROVAL_PATH`, `REQUESTS_OPEN`, `COMPANION_UNKNOWN`, `COMPANION_BARRED`, `VISITOR_TWICE`,
 * `DOCUMENT_UNKNOWN` or `REQUEST_INCOMPLETE`.
 */
export const submitRequest = defineOperation<AccessRequest & { readonly codes?: readonly VisitorCode[] }>()({
  id: 'request.submit',
  title: { zh: '提交申请', en: 'Submit a request' },
  action: 'request',
  articles: ['10', '11', '13'],
  input: requestContent,
  resource: touched,
  audited: withoutNumbers,
});

/** Changes what one asked for while it waits. Approvals that were given are void. Throws also `REQUEST_CHANGED`. */
export const amendRequest = defineOperation<AccessRequest & { readonly codes?: readonly VisitorCode[] }>()({
  id: 'request.amend',
  title: { zh: '修改申请', en: 'Amend a request' },
  action: 'request',
  articles: ['10'],
  input: z.strictObject({ ...content, request: id, sha256: sha256.describe('Of the request as it was read') }).refine(isRange, rangeIssue).refine(hasDestination, destinationIssue),
  resource: (input) => ({ ...touched(input), subject: `request:${input.request}` }),
  audited: withoutNumbers,
});

/** Asks that a grant of one's own may go on: the same content, judged anew by the same units. A visit that is extended is the same visit, with the same papers, codes and presence. Throws `GRANT_UNKNOWN` (also for a grant of somebody else), `GRANT_ENDED`, `REQUESTS_OPEN` or `REQUEST_INCOMPLETE`. */
export const extendRequest = defineOperation<AccessRequest>()({
  id: 'request.extend',
  title: { zh: '申请延期', en: 'Ask for an extension' },
  action: 'request',
  articles: ['10'],
  input: z.strictObject({ grant: id, reason: words(500) }),
  resource: (input) => ({ subject: `grant:${input.grant}` }),
});

/** Takes one's own request back. Throws `REQUEST_UNKNOWN`, `REQUEST_NOT_YOURS` or `REQUEST_SETTLED`. */
export const withdrawRequest = defineOperation<AccessRequest>()({
  id: 'request.withdraw',
  title: { zh: '撤回申请', en: 'Withdraw a request' },
  action: 'request',
  input: z.strictObject({ request: id }),
  resource: (input) => ({ subject: `request:${input.request}` }),
});

/** A request with its grant and the names in it; for the requester, the units that judge it, and whoever reads the register. Throws `REQUEST_UNKNOWN` for everybody else. */
export const readRequest = defineOperation<{ readonly request: AccessRequest; readonly grant?: Grant; readonly people: readonly Person[] }>()({
  id: 'request.read',
  title: { zh: '查看申请', en: 'Read a request' },
  action: 'request',
  articles: ['10', '11'],
  input: z.strictObject({ request: id }),
  resource: (input) => ({ subject: `request:${input.request}` }),
});

/** One's own requests, newest first, with the grants that came of them. */
export const listMyRequests = defineOperation<{ readonly requests: readonly AccessRequest[]; readonly grants: readonly Grant[] }>()({
  id: 'request.list-mine',
  title: { zh: '我的申请', en: 'My requests' },
  action: 'request',
  input: z.strictObject({ limit: z.int().min(1).max(200).default(100) }),
  resource: () => ({}),
});

/** Requests that one's unit judges: those that wait, oldest first, then the others, newest first; with their grants. `recent` holds the last five of each requester. */
export const listInbox = defineOperation<{ readonly requests: readonly AccessRequest[]; readonly grants: readonly Grant[]; readonly people: readonly Person[]; readonly recent: readonly AccessRequest[] }>()({
  id: 'request.list-inbox',
  title: { zh: '审批列表', en: 'Review inbox' },
  action: 'review',
  articles: ['10'],
  input: z.strictObject({ limit: z.int().min(1).max(200).default(100) }),
  resource: () => ({}),
});

/** Approves a request for one's unit. The approval is bound to what was asked: `sha256` must be the one that was read. Throws `REQUEST_UNKNOWN`, `REQUEST_CHANGED` or `REQUEST_SETTLED`. */
export const approveRequest = defineOperation<{ readonly request: AccessRequest; readonly grant?: Grant }>()({
  id: 'request.approve',
  title: { zh: '同意申请', en: 'Approve a request' },
  action: 'review',
  articles: ['10'],
  input: z.strictObject({
    request: id,
    sha256,
    minutes: z.int().min(1).max(20_160).default(60).describe('Time in use: how long it may be used from its first use. The shortest of all approvals counts'),
    beginWithinHours: z.int().min(1).max(720).default(24).describe('Time to use: how soon it must be begun. The shortest of all approvals counts'),
    reason: z.string().trim().max(500).default(''),
  }),
  resource: (input) => ({ subject: `request:${input.request}` }),
});

/** Denies a request, with a reason. Throws `REQUEST_UNKNOWN`, `REQUEST_CHANGED` or `REQUEST_SETTLED`. */
export const denyRequest = defineOperation<AccessRequest>()({
  id: 'request.deny',
  title: { zh: '驳回申请', en: 'Deny a request' },
  action: 'review',
  articles: ['10'],
  input: z.strictObject({ request: id, reason: words(500) }),
  resource: (input) => ({ subject: `request:${input.request}` }),
});

/** Takes a grant back; what is open under it is cut within a second. Throws `GRANT_UNKNOWN` or `GRANT_ENDED`. */
export const revokeGrant = defineOperation<Grant>()({
  id: 'grant.revoke',
  title: { zh: '撤销授权', en: 'Revoke a grant' },
  action: 'review',
  articles: ['8', '10'],
  input: z.strictObject({ grant: id, reason: words(500) }),
  resource: (input) => ({ subject: `grant:${input.grant}` }),
});

/** Gives a grant of one's own back before its time. Throws `GRANT_UNKNOWN` or `GRANT_ENDED`. */
export const endGrant = defineOperation<Grant>()({
  id: 'grant.end',
  title: { zh: '结束使用', en: 'End the use of a grant' },
  action: 'request',
  articles: ['10'],
  input: z.strictObject({ grant: id }),
  resource: (input) => ({ subject: `grant:${input.grant}` }),
});

/** Bytes of a scan at the most. */
export const documentBytes = 4 * 1024 * 1024;

/** Keeps the scan of a paper, encrypted; the log holds its hash. One that no request names within a day is forgotten. Throws `DOCUMENT_INVALID`. */
export const storeDocument = defineOperation<DocumentRef>()({
  id: 'document.store',
  title: { zh: '上传证件材料', en: 'Store a document' },
  action: 'request',
  articles: ['13(2)', '13(3)'],
  maxInputBytes: Math.ceil((documentBytes * 4) / 3) + 4096,
  input: z.strictObject({
    kind: z.enum(['work-id', 'certificate', 'case-letter', 'other']),
    mediaType: z.enum(['image/jpeg', 'image/png', 'application/pdf']),
    base64: z.string().min(4).max(Math.ceil((documentBytes * 4) / 3) + 4),
  }),
  resource: () => ({}),
  audited: ({ kind, mediaType }) => ({ kind, mediaType }),
});

/** Opens the scan of a paper, for the units that judge its request. Throws `DOCUMENT_UNKNOWN` or `DOCUMENT_INVALID`. */
export const readDocument = defineOperation<{ readonly mediaType: string; readonly base64: string }>()({
  id: 'document.read',
  title: { zh: '查看证件材料', en: 'Read a document' },
  action: 'review',
  articles: ['13'],
  input: z.strictObject({ request: id, document: id }),
  resource: (input) => ({ subject: `request:${input.request}` }),
});

/** Who of an outside visit is here. Article 13(1). */
export interface Presence {
  readonly request: string;
  readonly persons: readonly { readonly visitor: string; readonly name: string; readonly present: boolean; readonly sinceMs?: number }[];
  /** Presence that is not kept alive lapses after this. */
  readonly lapsesAfterMs: number;
}

const presence = (input: { readonly request: string }) => ({ subject: `visit:${input.request}` });

/** Who is here. For the holder of the grant and the units that judged it. Throws `VISIT_UNKNOWN`. */
export const readPresence = defineOperation<Presence>()({
  id: 'presence.read',
  title: { zh: '查看在场人员', en: 'Read who is present' },
  action: 'request',
  articles: ['13(1)'],
  input: z.strictObject({ request: id }),
  resource: presence,
});

/** A visitor says "I am here" with their code, at the console of the holder. Throws `VISIT_UNKNOWN`, `PRESENCE_CODE_WRONG` or `LOCKED_OUT`. */
export const confirmPresence = defineOperation<Presence>()({
  id: 'presence.confirm',
  title: { zh: '确认在场', en: 'Confirm presence' },
  action: 'request',
  articles: ['13(1)'],
  input: z.strictObject({ request: id, visitor: id, code: sixDigits }),
  resource: presence,
  audited: ({ request, visitor: who }) => ({ request, visitor: who }),
});

/** Heartbeat of the console at which the visitors are; those who confirmed there stay present. Throws `VISIT_UNKNOWN`. */
export const keepPresence = defineOperation<Presence>()({
  id: 'presence.keep',
  title: { zh: '保持在场', en: 'Keep presence' },
  action: 'request',
  articles: ['13(1)'],
  input: z.strictObject({ request: id }),
  resource: presence,
});

/** A visitor leaves: what plays under the visit pauses. Throws `VISIT_UNKNOWN`. */
export const leavePresence = defineOperation<Presence>()({
  id: 'presence.leave',
  title: { zh: '离开', en: 'Leave' },
  action: 'request',
  articles: ['13(1)'],
  input: z.strictObject({ request: id, visitor: id }),
  resource: presence,
});

/** Takes footage at once, where the pack switches it on: live and the last minutes, never a copy; once, until it was reviewed. Throws `EMERGENCY_OFF`, `EMERGENCY_KIND_UNKNOWN`, `CAMERA_UNKNOWN` or `EMERGENCY_OPEN`. */
export const beginEmergency = defineOperation<Grant>()({
  id: 'emergency.begin',
  title: { zh: '紧急调阅', en: 'Begin emergency access' },
  action: 'emergency',
  articles: ['17'],
  input: z.strictObject({ cameras: z.array(id).min(1).max(16), kind: id, reason: words(500) }),
  resource: (input) => ({ cameras: input.cameras }),
});

/** Reviews an emergency. Different persons must, none of them the one who took it or acts in their place. A violation closes the account. Throws `GRANT_UNKNOWN` or `EMERGENCY_REVIEWED`. */
export const reviewEmergency = defineOperation<Grant>()({
  id: 'emergency.review',
  title: { zh: '复核紧急调阅', en: 'Review an emergency' },
  action: 'review',
  articles: ['8', '17'],
  input: z.strictObject({ grant: id, verdict: z.enum(['upheld', 'violated']), reason: words(500) }),
  resource: (input) => ({ subject: `emergency:${input.grant}` }),
});

/** Emergencies, newest first. */
export const listEmergencies = defineOperation<{ readonly grants: readonly Grant[]; readonly people: readonly Person[] }>()({
  id: 'emergency.list',
  title: { zh: '查看紧急调阅', en: 'List emergencies' },
  action: 'review',
  articles: ['8'],
  input: nothing,
  resource: () => ({}),
});
