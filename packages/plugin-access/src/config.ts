// Configuration of plugin-access.
import { z } from 'zod';
import { accountForm } from './account-name.ts';

const account = z.string().regex(accountForm, 'lower-case letters, digits and hyphens');

/** A person who is there from the first start. Later starts change nothing of a person who exists. */
export const personConfig = z.strictObject({
  id: account.describe('Account name'),
  name: z.string().min(1).max(64).describe('Name as it is shown and printed'),
  unit: z.string().min(1).max(32).describe('Unit id of the pack'),
  roles: z.array(z.string().min(1).max(32)).default([]).describe('Role ids of the pack'),
  standing: z.enum(['staff', 'outside', 'individual']).default('staff'),
  password: z.string().min(8).max(200).optional().describe('First password; without one the person cannot sign in'),
  trainedUntil: z.iso.date().optional().describe('Last day on which post and confidentiality training is valid, yyyy-mm-dd. Article 9(2)'),
});

/** A computer from which one may watch. Article 9(4). */
export const workstationConfig = z.strictObject({
  id: z.string().min(1).max(32),
  name: z.string().min(1).max(64),
  addresses: z.array(z.union([z.ipv4(), z.ipv6()])).min(1).describe('Network addresses as the server sees them'),
});

export const accessConfig = z.strictObject({
  people: z.array(personConfig).default([]),
  workstations: z.array(workstationConfig).default([]),
  sessionIdleMinutes: z.int().min(1).max(1440).default(30).describe('A session that nobody uses ends after this'),
  sessionHours: z.int().min(1).max(168).default(12).describe('A session ends after this in any case'),
  lockOutFailures: z.int().min(3).max(100).default(5).describe('Failed sign-ins after which an account is locked'),
  lockOutMinutes: z.int().min(1).max(1440).default(15),
  requestHours: z.int().min(1).max(744).default(24).describe('Longest stretch of footage that one request may ask for'),
  openRequests: z.int().min(1).max(1000).default(20).describe('Requests of one person that may wait at the same time'),
  requestDays: z.int().min(1).max(90).default(7).describe('An unanswered request expires after this'),
});

/** The configuration, with defaults filled in. */
export type AccessConfig = z.output<typeof accessConfig>;
