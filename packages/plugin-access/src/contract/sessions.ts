// Sign-in, the second factor, duty, and the workstation one sits at. Article 9.
import { defineOperation, type Action, type Person, type Text } from '@wanglou/core';
import { z } from 'zod';
import { nameForRecord } from '../account-name.ts';
import { id, newPassword, nothing, sixDigits, words } from './common.ts';

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
  /** Until then reviews and copies need no new proof of who one is. */
  readonly stepUpUntilMs?: number;
  /** Nothing but changing it is possible before. */
  readonly mustChangePassword: boolean;
  readonly hasTotp: boolean;
  readonly hasPassword: boolean;
  /** The registered workstation one sits at, and how that is known. Article 9(4). */
  readonly workstation?: { readonly id: string; readonly name: string; readonly by: 'address' | 'certificate' | 'device-key' };
  /** Roles that others lend to this person now. */
  readonly delegatedRoles: readonly { readonly from: string; readonly role: string; readonly toMs: number }[];
  /** An emergency was not reviewed in time, or was found to be a violation. */
  readonly suspended: boolean;
}

/** A session, and what opens it: the credential goes into the cookie and nowhere else. */
export type OpenedSession = SessionView & { readonly credential: string };

/** Proves who one is. Article 9. Throws `SIGN_IN_FAILED`, `CODE_NEEDED` (the password fits, the second factor is missing), `LOCKED_OUT` or `SIGN_IN_BUSY`. */
export const signIn = defineOperation<OpenedSession>()({
  id: 'session.sign-in',
  title: { zh: '登录', en: 'Sign in' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ name: words(64).describe('Account name'), password: z.string().min(1).max(200), code: sixDigits.optional().describe('Six digits of the authenticator, for accounts that have one') }),
  resource: (input) => ({ subject: `account:${nameForRecord(input.name)}` }),
  audited: (input) => ({ name: nameForRecord(input.name) }),
});

/** Ends the session; what was open under it is cut. */
export const signOut = defineOperation<Record<string, never>>()({
  id: 'session.sign-out',
  title: { zh: '退出登录', en: 'Sign out' },
  action: 'sign-in',
  input: nothing,
  resource: () => ({}),
});

/** Who am I, and am I on duty? */
export const readSession = defineOperation<SessionView>()({
  id: 'session.read',
  title: { zh: '查看登录状态', en: 'Read the session' },
  action: 'sign-in',
  input: nothing,
  resource: () => ({}),
});

/** Ways to sign in that the campus offers. Open to everybody. */
export const readSignInOptions = defineOperation<{ readonly oidc?: { readonly name: Text } }>()({
  id: 'session.options',
  title: { zh: '查看登录方式', en: 'Read the ways to sign in' },
  action: 'sign-in',
  input: nothing,
  resource: () => ({}),
});

/** Proves anew who one is, before reviews and copies. Counts its own failures: who is locked out of signing in can still prove it here. Throws `SESSION_NEEDED`, `SIGN_IN_FAILED`, `CODE_NEEDED`, `LOCKED_OUT` or `SIGN_IN_BUSY`. */
export const stepUp = defineOperation<SessionView>()({
  id: 'session.step-up',
  title: { zh: '再次验证身份', en: 'Prove again who one is' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ password: z.string().min(1).max(200), code: sixDigits.optional() }),
  resource: () => ({}),
  audited: () => ({}),
});

/** Begins sign-in at the campus's identity provider. `transaction` must come back with the answer and is kept from scripts. Throws `OIDC_OFF` or `OIDC_UNREACHABLE`. */
export const beginOidc = defineOperation<{ readonly address: string; readonly transaction: string }>()({
  id: 'session.begin-oidc',
  title: { zh: '转到统一身份认证', en: 'Go to the identity provider' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ redirectAddress: z.url().max(500), stepUp: z.boolean().default(false) }),
  resource: () => ({}),
});

/** Finishes it with what the provider answered. Roles stay local: the provider says who and when, never what. Throws `OIDC_FAILED` or `OIDC_STRANGER`. */
export const finishOidc = defineOperation<OpenedSession>()({
  id: 'session.finish-oidc',
  title: { zh: '完成统一身份认证', en: 'Come back from the identity provider' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ callbackAddress: z.url().max(8000), transaction: z.string().min(1).max(4000) }),
  resource: () => ({}),
  audited: () => ({}),
});

/** Changes one's own password. Ends one's other sessions. Throws `PASSWORD_NONE`, `SIGN_IN_FAILED`, `LOCKED_OUT` or `PASSWORD_WEAK`. */
export const changePassword = defineOperation<SessionView>()({
  id: 'account.change-password',
  title: { zh: '修改密码', en: 'Change the password' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ current: z.string().min(1).max(200), next: newPassword }),
  resource: () => ({}),
  audited: () => ({}),
});

/** Begins to set up an authenticator (RFC 6238); nothing changes before it is confirmed with a code, within 10 minutes and in the same session. Throws `PASSWORD_NONE`, `SIGN_IN_FAILED`, `LOCKED_OUT`, or `STEP_UP_NEEDED` where one is there already and the last proof is not fresh. */
export const beginTotp = defineOperation<{ readonly secret: string; readonly address: string }>()({
  id: 'account.begin-totp',
  title: { zh: '设置动态口令', en: 'Set up an authenticator' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ password: z.string().min(1).max(200) }),
  resource: () => ({}),
  audited: () => ({}),
});

/** Confirms the authenticator with a code. Throws `TOTP_NOT_BEGUN`, `SIGN_IN_FAILED` or `LOCKED_OUT`. */
export const confirmTotp = defineOperation<SessionView>()({
  id: 'account.confirm-totp',
  title: { zh: '启用动态口令', en: 'Confirm the authenticator' },
  action: 'sign-in',
  articles: ['9'],
  input: z.strictObject({ code: sixDigits }),
  resource: () => ({}),
  audited: () => ({}),
});

/** Signs on to duty. Articles 9(3) and 16(1). */
export const beginDuty = defineOperation<{ readonly sinceMs: number }>()({
  id: 'duty.begin',
  title: { zh: '上岗', en: 'Begin duty' },
  action: 'duty',
  articles: ['9(3)', '16(1)'],
  input: nothing,
  resource: () => ({}),
});

/** Signs off. Throws `NOT_STAFFED`. */
export const endDuty = defineOperation<Record<string, never>>()({
  id: 'duty.end',
  title: { zh: '离岗', en: 'End duty' },
  action: 'duty',
  articles: ['9(3)', '16(1)'],
  input: nothing,
  resource: () => ({}),
});

/** A computer from which one may watch. Article 9(4). */
export interface Workstation {
  readonly id: string;
  readonly name: string;
  /** Network addresses as the server sees them. */
  readonly addresses: readonly string[];
  /** SHA-256 of its TLS client certificate in hex. */
  readonly certificateSha256?: string;
  /** It holds a device key. */
  readonly enrolled: boolean;
  readonly removedMs?: number;
}

/** The registered workstations. */
export const listWorkstations = defineOperation<{ readonly workstations: readonly Workstation[] }>()({
  id: 'workstation.list',
  title: { zh: '查看终端', en: 'List the workstations' },
  action: 'configure',
  articles: ['9(4)'],
  input: nothing,
  resource: () => ({}),
});

/** Registers a workstation, or changes it. */
export const registerWorkstation = defineOperation<Workstation>()({
  id: 'workstation.register',
  title: { zh: '登记终端', en: 'Register a workstation' },
  action: 'configure',
  articles: ['9(4)'],
  input: z.strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{1,31}$/, 'lower-case letters, digits and hyphens'),
    name: words(64),
    addresses: z.array(z.union([z.ipv4(), z.ipv6()])).max(16).default([]),
    certificateSha256: z.string().regex(/^[0-9a-f]{64}$/).optional(),
  }),
  resource: (input) => ({ subject: `workstation:${input.id}` }),
});

/** Takes a workstation out of use; what is open there is cut. Throws `WORKSTATION_UNKNOWN`. */
export const removeWorkstation = defineOperation<Workstation>()({
  id: 'workstation.remove',
  title: { zh: '停用终端', en: 'Remove a workstation' },
  action: 'configure',
  articles: ['9(4)'],
  input: z.strictObject({ workstation: id, reason: words(500) }),
  resource: (input) => ({ subject: `workstation:${input.workstation}` }),
});

/** Makes a one-time code with which a browser at the workstation enrols its device key. The code is told once and good for an hour. Throws `WORKSTATION_UNKNOWN`. */
export const inviteWorkstation = defineOperation<{ readonly code: string; readonly expiresMs: number }>()({
  id: 'workstation.invite',
  title: { zh: '生成终端绑定码', en: 'Invite a workstation' },
  action: 'configure',
  articles: ['9(4)'],
  input: z.strictObject({ workstation: id }),
  resource: (input) => ({ subject: `workstation:${input.workstation}` }),
});

/** Enrols the key of this browser (ECDSA P-256, made there and never leaving it) with a code, in the place of an earlier key. Throws `ENROLMENT_INVALID`. */
export const enrolWorkstation = defineOperation<{ readonly workstation: string }>()({
  id: 'workstation.enrol',
  title: { zh: '绑定终端密钥', en: 'Enrol a workstation' },
  action: 'sign-in',
  articles: ['9(4)'],
  input: z.strictObject({ code: words(32), publicKey: z.base64().max(400).describe('SPKI DER in base64') }),
  resource: () => ({}),
  audited: () => ({}),
});

/** A number to sign, good once and for a minute, for this session alone. */
export const challengeWorkstation = defineOperation<{ readonly nonce: string }>()({
  id: 'workstation.challenge',
  title: { zh: '获取终端验证码', en: 'Ask for a workstation challenge' },
  action: 'sign-in',
  articles: ['9(4)'],
  input: nothing,
  resource: () => ({}),
  audited: () => ({}),
});

/** Proves that this session sits at an enrolled workstation. The signature is over the UTF-8 text `wanglou-workstation\n<workstation>\n<nonce>\n`, ECDSA P-256 with SHA-256, r and s in 64 bytes. Throws `ENROLMENT_INVALID`. */
export const proveWorkstation = defineOperation<SessionView>()({
  id: 'workstation.prove',
  title: { zh: '验证终端', en: 'Prove the workstation' },
  action: 'sign-in',
  articles: ['9(4)'],
  input: z.strictObject({ workstation: id, nonce: words(64), signature: z.base64().max(200) }),
  resource: (input) => ({ subject: `workstation:${input.workstation}` }),
  audited: (input) => ({ workstation: input.workstation }),
});
