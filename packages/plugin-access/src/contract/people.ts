// People, what they are qualified for, and who acts in whose place. Articles 8 and 9.
import { defineOperation, type Person } from '@wanglou/core';
import { z } from 'zod';
import { accountForm } from '../account-name.ts';
import { id, newPassword, nothing, time, words } from './common.ts';

/** Article 9(2): skills of the post, and secrecy. */
export type QualificationKind = 'post' | 'confidentiality';

/** A person as those see them who run the campus. */
export interface PersonRecord extends Person {
  readonly active: boolean;
  /** Last moment of each qualification; absent when there was none. */
  readonly qualifications: Readonly<Partial<Record<QualificationKind, number>>>;
  readonly hasPassword: boolean;
  readonly mustChangePassword: boolean;
  readonly hasTotp: boolean;
  /** Who they are at the identity provider. */
  readonly externalId?: string;
  readonly onDuty: boolean;
  readonly suspended: boolean;
}

const account = z.string().regex(accountForm, 'lower-case letters, digits and hyphens, 2 to 32 of them');
const standing = z.enum(['staff', 'outside', 'individual']);
const externalId = z.string().trim().max(200);
const person = (input: { readonly person: string }) => ({ subject: `person:${input.person}` });

/** People, by name, a page at a time. */
export const listPeople = defineOperation<{ readonly people: readonly PersonRecord[]; readonly total: number }>()({
  id: 'person.list',
  title: { zh: '查看人员', en: 'List people' },
  action: 'configure',
  articles: ['8', '9'],
  input: z.strictObject({ unit: id.optional(), search: z.string().trim().max(64).optional(), limit: z.int().min(1).max(500).default(100), offset: z.int().min(0).default(0) }),
  resource: () => ({}),
});

/** Makes an account without any role. The password must be changed at the first sign-in. Throws `PERSON_EXISTS`, `UNIT_UNKNOWN` or `EXTERNAL_ID_TAKEN`. */
export const createPerson = defineOperation<PersonRecord>()({
  id: 'person.create',
  title: { zh: '新建人员', en: 'Create a person' },
  action: 'configure',
  articles: ['9'],
  input: z.strictObject({ id: account, name: words(64), unit: id, standing: standing.default('staff'), password: newPassword.optional(), externalId: externalId.optional() }),
  resource: (input) => ({ subject: `person:${input.id}` }),
  audited: ({ password: _, ...rest }) => rest,
});

/** Changes name, unit, standing or the identity at the provider (an empty one takes it away); what is absent stays. Throws `PERSON_UNKNOWN`, `UNIT_UNKNOWN` or `EXTERNAL_ID_TAKEN`. */
export const updatePerson = defineOperation<PersonRecord>()({
  id: 'person.update',
  title: { zh: '修改人员', en: 'Update a person' },
  action: 'configure',
  articles: ['9'],
  input: z.strictObject({ person: id, name: words(64).optional(), unit: id.optional(), standing: standing.optional(), externalId: externalId.optional() }),
  resource: person,
});

/**
 * Gives exactly these roles. Article 8: only the Office appoints, and nobody appoints themselves. `externalId`: the identity at the provider that the
 * account is reached by, as the Office read it: an administrator linked it, and must not have linked their own.
 * Throws `PERSON_UNKNOWN`, `ROLE_UNKNOWN` or `EXTERNAL_ID_DIFFERS`.
 */
export const assignRoles = defineOperation<PersonRecord>()({
  id: 'person.assign-roles',
  title: { zh: '任免岗位角色', en: 'Assign roles' },
  action: 'configure',
  articles: ['8'],
  input: z.strictObject({ person: id, roles: z.array(id).max(16), reason: words(500), externalId: externalId.optional() }),
  resource: (input) => ({ subject: `roles:${input.person}` }),
});

/** Says until when somebody is qualified. Article 9(2). Throws `PERSON_UNKNOWN`. */
export const qualifyPerson = defineOperation<PersonRecord>()({
  id: 'person.qualify',
  title: { zh: '登记培训', en: 'Qualify a person' },
  action: 'configure',
  articles: ['9(2)'],
  input: z.strictObject({ person: id, kind: z.enum(['post', 'confidentiality']), untilMs: time }),
  resource: person,
});

/** Closes an account, or opens it again. Sessions of a closed account end at once, and what is open there is cut. Throws `PERSON_UNKNOWN`. */
export const setPersonActive = defineOperation<PersonRecord>()({
  id: 'person.set-active',
  title: { zh: '停用或启用人员', en: 'Close or open an account' },
  action: 'configure',
  articles: ['9'],
  input: z.strictObject({ person: id, active: z.boolean(), reason: words(500) }),
  resource: person,
});

/** Sets a first password anew, and takes the authenticator away where `totp` says so. Sessions end; the password must be changed. Throws `PERSON_UNKNOWN`. */
export const resetCredentials = defineOperation<PersonRecord>()({
  id: 'person.reset-credentials',
  title: { zh: '重置登录凭据', en: 'Reset credentials' },
  action: 'configure',
  articles: ['9'],
  input: z.strictObject({ person: id, password: newPassword, totp: z.boolean().default(false), reason: words(500) }),
  resource: person,
  audited: ({ password: _, ...rest }) => rest,
});

/** A role lent with dates: heads are away. The lender keeps it, what was lent cannot be lent on, and both together have one voice. */
export interface Delegation {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly role: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
  readonly revokedMs?: number;
}

/** Lends one's own role, for 366 days at the most. Article 8. Throws `DELEGATION_INVALID`. */
export const createDelegation = defineOperation<Delegation>()({
  id: 'delegation.create',
  title: { zh: '委托审批', en: 'Delegate a role' },
  action: 'review',
  articles: ['8'],
  input: z.strictObject({ to: id, role: id, fromMs: time, toMs: time, reason: words(500) }).refine((input) => input.fromMs < input.toMs, { path: ['toMs'], message: 'must be later than fromMs' }),
  resource: (input) => ({ subject: `delegation:${input.to}` }),
});

/** Takes a role back that one lent. Throws `DELEGATION_UNKNOWN`. */
export const revokeDelegation = defineOperation<Delegation>()({
  id: 'delegation.revoke',
  title: { zh: '撤销委托', en: 'Revoke a delegation' },
  action: 'review',
  articles: ['8'],
  input: z.strictObject({ delegation: id }),
  resource: (input) => ({ subject: `delegation:${input.delegation}` }),
});

/** Delegations by and to oneself, and the people to whom one could delegate. */
export const listDelegations = defineOperation<{ readonly delegations: readonly Delegation[]; readonly people: readonly Person[] }>()({
  id: 'delegation.list',
  title: { zh: '查看委托', en: 'List delegations' },
  action: 'review',
  articles: ['8'],
  input: nothing,
  resource: () => ({}),
});
