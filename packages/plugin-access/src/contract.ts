/**
 * What other plugins and the console may use of plugin-access: its operations.
 *
 * @packageDocumentation
 */
import { defineOperation, purposes, type AccessRequest, type Action, type Grant, type Person, type Purpose } from '@wanglou/core';
import { z } from 'zod';
import { nameForRecord } from './account-name.ts';

const id = z.string().min(1).max(64);
const words = (most: number) => z.string().trim().min(1).max(most);
const time = z.int().min(0).describe('UTC epoch milliseconds');
/** Actions that a grant can give. */
const footageAction = z.enum(['live', 'playback', 'copy'] satisfies [Action, ...Action[]]);
const purpose = z.enum(Object.keys(purposes) as [Purpose, ...Purpose[]]);

/** Who is signed in, as the console shows it. */
export interface SessionView {
  readonly person: Person;
  readonly onDuty: boolean;
  /** Since when, while on duty. UTC epoch milliseconds. */
  readonly dutySinceMs?: number;
  /** When the session ends if nothing happens. */
  readonly expiresMs: number;
  /** Actions that the rules let this person do now at least on something; the console hides pages by it, the gate decides. */
  readonly actions: readonly Action[];
}

/** Proves who one is. Article 9. Throws `SIGN_IN_FAILED`, `LOCKED_OUT` or `SIGN_IN_BUSY`. */
export const signIn = defineOperation<SessionView & { readonly credential: string }>()({
  id: 'session.sign-in',
  title: { zh: '登录', en: 'Sign in' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ name: words(64).describe('Account name'), password: z.string().min(1).max(200) }),
  resource: (input) => ({ subject: `account:${nameForRecord(input.name)}` }),
  audited: (input) => ({ name: nameForRecord(input.name) }),
});

/** Ends the session; what was open under it is cut. */
export const signOut = defineOperation<Record<string, never>>()({
  id: 'session.sign-out',
  title: { zh: '退出登录', en: 'Sign out' },
  action: 'sign-in',
  input: z.strictObject({}),
  resource: () => ({}),
});

/** Who am I, and am I on duty? */
export const readSession = defineOperation<SessionView>()({
  id: 'session.read',
  title: { zh: '查看登录状态', en: 'Read the session' },
  action: 'sign-in',
  input: z.strictObject({}),
  resource: () => ({}),
});

/** Signs on to duty. Articles 9(3) and 16(1). */
export const beginDuty = defineOperation<{ readonly sinceMs: number }>()({
  id: 'duty.begin',
  title: { zh: '上岗', en: 'Begin duty' },
  action: 'duty',
  articles: ['9(3)', '16(1)'],
  input: z.strictObject({}),
  resource: () => ({}),
});

/** Signs off. */
export const endDuty = defineOperation<Record<string, never>>()({
  id: 'duty.end',
  title: { zh: '离岗', en: 'End duty' },
  action: 'duty',
  articles: ['9(3)', '16(1)'],
  input: z.strictObject({}),
  resource: () => ({}),
});

/** Asks for footage. Article 10. A copy needs a destination (article 11). Throws `CAMERA_UNKNOWN`, `RANGE_TOO_LONG`, `NO_APPROVAL_PATH` or `REQUESTS_OPEN`. */
export const submitRequest = defineOperation<AccessRequest>()({
  id: 'request.submit',
  title: { zh: '提交申请', en: 'Submit a request' },
  action: 'request',
  articles: ['10', '11'],
  input: z
    .strictObject({
      cameras: z.array(id).min(1).max(64),
      fromMs: time,
      toMs: time,
      actions: z.array(footageAction).min(1).max(3),
      purpose,
      reason: words(500).describe('Why, in your own words'),
      caseNumber: words(64).optional(),
      destination: words(200).optional().describe('Where a copy goes; needed for a copy'),
    })
    .refine((input) => input.fromMs < input.toMs, { path: ['toMs'], message: 'must be later than fromMs' })
    .refine((input) => !input.actions.includes('copy') || input.destination !== undefined, { path: ['destination'], message: 'a copy needs a destination (article 11)' }),
  resource: (input) => ({ cameras: input.cameras, range: { fromMs: input.fromMs, toMs: input.toMs } }),
});

/** Takes one's own request back. */
export const withdrawRequest = defineOperation<AccessRequest>()({
  id: 'request.withdraw',
  title: { zh: '撤回申请', en: 'Withdraw a request' },
  action: 'request',
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

/** Requests that one's unit judges: those that wait, oldest first, then the others, newest first; with their grants. */
export const listInbox = defineOperation<{ readonly requests: readonly AccessRequest[]; readonly grants: readonly Grant[]; readonly people: readonly Person[] }>()({
  id: 'request.list-inbox',
  title: { zh: '审批列表', en: 'Review inbox' },
  action: 'review',
  articles: ['10'],
  input: z.strictObject({ limit: z.int().min(1).max(200).default(100) }),
  resource: () => ({}),
});

/** Approves a request for one's unit. The approval is bound to what was asked: `sha256` must be the one that was read. */
export const approveRequest = defineOperation<{ readonly request: AccessRequest; readonly grant?: Grant }>()({
  id: 'request.approve',
  title: { zh: '同意申请', en: 'Approve a request' },
  action: 'review',
  articles: ['10'],
  input: z.strictObject({
    request: id,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    minutes: z.int().min(1).max(20_160).default(60).describe('How long the grant may be used, from the last approval'),
    reason: z.string().trim().max(500).default(''),
  }),
  resource: (input) => ({ subject: `request:${input.request}` }),
});

/** Denies a request, with a reason. */
export const denyRequest = defineOperation<AccessRequest>()({
  id: 'request.deny',
  title: { zh: '驳回申请', en: 'Deny a request' },
  action: 'review',
  articles: ['10'],
  input: z.strictObject({ request: id, reason: words(500) }),
  resource: (input) => ({ subject: `request:${input.request}` }),
});

/** Takes a grant back; what is open under it is cut within a second. */
export const revokeGrant = defineOperation<Grant>()({
  id: 'grant.revoke',
  title: { zh: '撤销授权', en: 'Revoke a grant' },
  action: 'review',
  articles: ['8', '10'],
  input: z.strictObject({ grant: id, reason: words(500) }),
  resource: (input) => ({ subject: `grant:${input.grant}` }),
});

/** One line of the register of article 11. Filled by acts, never by hand. Judgements and revocations show what the request asked for. */
export interface RegisterRow {
  /** Place of the decision, the last one of this act, in the audit log. */
  readonly seq: number;
  readonly atMs: number;
  readonly person: string;
  readonly personName: string;
  readonly operation: string;
  readonly action: string;
  readonly cameras: readonly string[];
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly purpose?: Purpose;
  readonly destination?: string;
  readonly request?: string;
  readonly grant?: string;
  /** Why, in the words of the person who asked, judged or revoked. */
  readonly reason?: string;
  readonly approvals: readonly string[];
  readonly effect: 'permit' | 'deny';
  readonly articles: readonly string[];
  /** `done`, `failed`, or absent while it goes on or was refused. */
  readonly outcome?: string;
}

/** Reads the register, newest first. Article 11. */
export const listRegister = defineOperation<{ readonly rows: readonly RegisterRow[] }>()({
  id: 'register.list',
  title: { zh: '查看调取登记', en: 'Read the register' },
  action: 'audit',
  articles: ['11'],
  input: z.strictObject({
    beforeSeq: z.int().min(0).optional(),
    limit: z.int().min(1).max(500).default(100),
    person: id.optional(),
    camera: id.optional(),
  }),
  resource: (input) => (input.camera ? { cameras: [input.camera] } : {}),
});
