/**
 * What other plugins and the console may use of plugin-audit: its operations.
 *
 * @packageDocumentation
 */
import { defineOperation, type AuditRecord, type Checkpoint, type Verification } from '@wanglou/core';
import { z } from 'zod';

/** Reads the audit log, newest first. Reading is itself an entry. Articles 11 and 12. */
export const listAudit = defineOperation<{ readonly records: readonly AuditRecord[] }>()({
  id: 'audit.list',
  title: { zh: '查看审计日志', en: 'Read the audit log' },
  action: 'audit',
  articles: ['11', '12'],
  input: z.strictObject({
    beforeSeq: z.int().min(0).optional(),
    limit: z.int().min(1).max(500).default(100),
    person: z.string().max(64).optional(),
    camera: z.string().max(64).optional(),
    operation: z.string().max(64).optional(),
    fromMs: z.int().min(0).optional(),
    toMs: z.int().min(0).optional(),
  }),
  resource: (input) => (input.camera ? { cameras: [input.camera] } : {}),
});

/** Checks the whole log: every hash, every link, the signature. */
export const verifyAudit = defineOperation<Verification>()({
  id: 'audit.verify',
  title: { zh: '校验审计日志', en: 'Verify the audit log' },
  action: 'audit',
  articles: ['12'],
  input: z.strictObject({}),
  resource: () => ({}),
});

/** A signed statement of the log's size and head, to keep elsewhere. */
export const readCheckpoint = defineOperation<Checkpoint>()({
  id: 'audit.checkpoint',
  title: { zh: '获取校验点', en: 'Take a checkpoint' },
  action: 'audit',
  articles: ['12'],
  input: z.strictObject({}),
  resource: () => ({}),
});
