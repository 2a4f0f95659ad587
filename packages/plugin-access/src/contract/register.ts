// The register of article 11: who recorded, who retrieved, when, for what, and where it went.
import { defineOperation, type Purpose } from '@wanglou/core';
import { z } from 'zod';
import { anyAction, id, time } from './common.ts';

/** One line of the register. Filled by acts, never by hand. Judgements and revocations show what the request asked for. */
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
  readonly caseNumber?: string;
  readonly destination?: string;
  readonly request?: string;
  readonly grant?: string;
  /** Why, in the words of the person who asked, judged or revoked. */
  readonly reason?: string;
  readonly approvals: readonly string[];
  /** Names of those who were on duty while the footage was recorded. */
  readonly recordedBy: readonly string[];
  /** Names of the visitors and companions of the request. */
  readonly accompaniedBy: readonly string[];
  /** SHA-256 of the segments that left in a copy. */
  readonly hashes: readonly string[];
  readonly effect: 'permit' | 'deny';
  readonly articles: readonly string[];
  /** `done`, `failed`, or absent while it goes on or was refused. */
  readonly outcome?: string;
}

const filters = {
  person: id.optional(),
  camera: id.optional(),
  action: anyAction.optional(),
  effect: z.enum(['permit', 'deny']).optional(),
  fromMs: time.optional(),
  toMs: time.optional(),
  search: z.string().trim().max(100).optional().describe('Words of reason, case number, destination or names'),
};

/** What one looks for in the register. */
export type RegisterFilters = Partial<{ [K in keyof typeof filters]: z.output<(typeof filters)[K]> }>;

/** Reads the register, newest first. Article 11. */
export const listRegister = defineOperation<{ readonly rows: readonly RegisterRow[] }>()({
  id: 'register.list',
  title: { zh: '查看调取登记', en: 'Read the register' },
  action: 'audit',
  articles: ['11'],
  input: z.strictObject({ ...filters, beforeSeq: z.int().min(0).optional(), limit: z.int().min(1).max(500).default(100) }),
  resource: (input) => (input.camera ? { cameras: [input.camera] } : {}),
});

/** Takes the register out as CSV (RFC 4180, UTF-8 with a byte order mark, newest first). Itself an act that is recorded. */
export const exportRegister = defineOperation<{ readonly csv: string; readonly rows: number; readonly sha256: string; readonly truncated: boolean }>()({
  id: 'register.export',
  title: { zh: '导出调取登记', en: 'Export the register' },
  action: 'audit',
  articles: ['11'],
  input: z.strictObject({ ...filters, language: z.enum(['zh', 'en']).default('zh') }),
  resource: (input) => (input.camera ? { cameras: [input.camera] } : {}),
});
