// Configuration of plugin-access.
import { z } from 'zod';
import { accountForm } from './account-name.ts';

const account = z.string().regex(accountForm, 'lower-case letters, digits and hyphens');

const day = z.iso.date();

/** A person who is there from the first start. Later starts change nothing of a person who exists. */
export const personConfig = z.strictObject({
  id: account.describe('Account name'),
  name: z.string().min(1).max(64).describe('Name as it is shown and printed'),
  unit: z.string().min(1).max(32).describe('Unit id of the pack'),
  roles: z.array(z.string().min(1).max(32)).default([]).describe('Role ids of the pack'),
  standing: z.enum(['staff', 'outside', 'individual']).default('staff'),
  password: z.string().min(8).max(200).optional().describe('First password; without one the person cannot sign in with a password'),
  changePassword: z.boolean().default(false).describe('The first password must be changed at the first sign-in'),
  externalId: z.string().min(1).max(200).optional().describe('Who this is at the identity provider, as its claim says'),
  trainedUntil: day.optional().describe('Last day on which training for the post and in confidentiality is valid, yyyy-mm-dd. Article 9(2)'),
});

/** A computer from which one may watch. Article 9(4). */
export const workstationConfig = z.strictObject({
  id: z.string().min(1).max(32),
  name: z.string().min(1).max(64),
  addresses: z.array(z.union([z.ipv4(), z.ipv6()])).default([]).describe('Network addresses as the server sees them'),
  certificateSha256: z.string().regex(/^[0-9a-f]{64}$/).optional().describe('SHA-256 of its TLS client certificate in hex, as a trusted proxy shows it'),
});

/** An OpenID Connect provider. It says who somebody is; roles stay local. */
export const oidcConfig = z.strictObject({
  name: z.strictObject({ zh: z.string().min(1).max(64), en: z.string().min(1).max(64) }).describe('Words on the button'),
  issuer: z.url({ protocol: /^https?$/ }).describe('Issuer; http is accepted on the loopback address alone'),
  clientId: z.string().min(1).max(200),
  clientSecret: z.string().min(1).max(500),
  accountClaim: z.string().min(1).max(64).default('sub').describe('Claim of the ID token that is compared with the external id of people'),
});

export const accessConfig = z.strictObject({
  path: z.string().min(1).default('./data').describe('Folder of the key that encrypts scans and authenticator secrets'),
  people: z.array(personConfig).default([]),
  workstations: z.array(workstationConfig).default([]),
  oidc: oidcConfig.optional(),
  duty: z.enum(['built-in', 'elsewhere']).default('built-in').describe('elsewhere: another plugin handles duty.begin and duty.end and answers actor.onDuty'),
  qualifications: z.enum(['built-in', 'elsewhere']).default('built-in').describe('elsewhere: another plugin answers actor.postTrained and actor.confidentialityTrained'),
  sessionIdleMinutes: z.int().min(1).max(1440).default(30).describe('A session that nobody uses ends after this'),
  sessionHours: z.int().min(1).max(168).default(12).describe('A session ends after this in any case'),
  stepUpMinutes: z.int().min(1).max(240).default(15).describe('Reviews and copies need a proof of who one is that is younger than this'),
  lockOutFailures: z.int().min(3).max(100).default(5).describe('Failed sign-ins after which an account is locked'),
  lockOutMinutes: z.int().min(1).max(1440).default(15),
  requestHours: z.int().min(1).max(744).default(24).describe('Longest stretch of footage that one request may ask for'),
  openRequests: z.int().min(1).max(1000).default(20).describe('Requests of one person that may wait at the same time'),
  requestDays: z.int().min(1).max(90).default(7).describe('An unanswered request expires after this'),
  reminderHours: z.array(z.int().min(1).max(720)).max(8).default([4, 24]).describe('Units are reminded of a request that waits as long'),
  presenceSeconds: z.int().min(20).max(600).default(45).describe('Presence that the console does not keep alive lapses after this'),
});

/** The configuration, with defaults filled in. */
export type AccessConfig = z.output<typeof accessConfig>;
