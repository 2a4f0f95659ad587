// Configuration of plugin-audit.
import { z } from 'zod';

/** Personal data protection law, article 56: records of processing are kept for three years at least. */
export const leastRetentionDays = 1095;

export const auditConfig = z.strictObject({
  path: z.string().min(1).describe('Folder of the signing key and the spool; best on another disk than the store'),
  origin: z
    .string()
    .regex(/^[^\s+]{1,200}$/u)
    .optional()
    .describe('Name of the log, such as audit.upc.edu.cn/qingdao; derived from the key unless said, and never changed afterwards'),
  mirror: z.string().min(1).optional().describe('Folder of the static files of the log, for anyone to fetch; audit-mirror below path unless said'),
  publishSeconds: z.int().min(1).max(60).default(10).describe('How often a signed checkpoint is published and cosigned'),
  witnesses: z.string().min(1).optional().describe('File with the witness policy (C2SP tlog-policy); each witness with its address'),
  retentionDays: z.int().min(leastRetentionDays).optional().describe('Entries older than this are pruned, their hashes are kept; never unless said'),
  timestamps: z
    .strictObject({ url: z.url({ protocol: /^https?$/ }).describe('Time stamping authority (RFC 3161 over HTTP)'), everyHours: z.int().min(1).max(168).default(24) })
    .optional()
    .describe('Has the newest checkpoint stamped by a time stamping authority'),
});
