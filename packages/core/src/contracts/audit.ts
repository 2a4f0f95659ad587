// The record of every decision and its outcome. Articles 11, 12 and 27.
import { defineExtensionPoint, defineService } from '../refs.ts';
import type { Decision, Principal, Resource } from './permission.ts';

/** One fact for the record. JSON of strings, integers, booleans, arrays and objects only, so that it has one canonical form (RFC 8785). */
export interface AuditEntry {
  /** `decision`, `outcome`, `lease`, `malformed` come from the kernel; plugins use `<plugin>.<what>`. */
  readonly kind: string;
  readonly atMs: number;
  readonly principal: Principal;
  /** Joins the decision, the outcome and the leases of one call. */
  readonly call?: string;
  readonly operation?: string;
  readonly action?: string;
  readonly resource?: Resource;
  readonly input?: unknown;
  readonly decision?: Omit<Decision, 'denials'> & { readonly denials: readonly { readonly rule: string; readonly article: string }[] };
  readonly outcome?: string;
  readonly detail?: unknown;
}

/** An entry in its place in the log. */
export interface AuditRecord {
  /** 0, 1, 2 … without holes. */
  readonly seq: number;
  readonly entry: AuditEntry;
  /** Hash of the record in hex; depends on every record before it. */
  readonly hash: string;
}

/** Which records are wanted; newest first. */
export interface AuditQuery {
  readonly beforeSeq?: number;
  /** At most this many, 1 to 500. */
  readonly limit: number;
  readonly person?: string;
  readonly camera?: string;
  readonly operation?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** A signed statement of the log's size and head. */
export interface Checkpoint {
  readonly size: number;
  readonly hash: string;
  readonly atMs: number;
  /** Ed25519 over `wanglou-audit\n<size>\n<hash>\n<atMs>\n`, base64. */
  readonly signature: string;
  /** Public key, SPKI DER in base64. */
  readonly key: string;
}

/** What a check of the log found. */
export interface Verification {
  readonly ok: boolean;
  readonly size: number;
  /** The first record that does not fit, and why. */
  readonly broken?: { readonly seq: number; readonly reason: string };
  readonly checkpoint?: Checkpoint;
}

/** The audit log. */
export interface AuditLog {
  /** Resolves when the entry is on disk; rejects when it is not. */
  append(entry: AuditEntry): Promise<{ readonly seq: number }>;
  /** Keeps an entry in a second synced file while `append` fails; it is taken over, with a gap entry, on recovery. */
  spool(entry: AuditEntry): Promise<void>;
  query(query: AuditQuery): Promise<readonly AuditRecord[]>;
  /** Records from a place on, oldest first; at most `limit`. For projections that catch up. */
  read(fromSeq: number, limit: number): Promise<readonly AuditRecord[]>;
  verify(): Promise<Verification>;
  checkpoint(): Promise<Checkpoint>;
  /** That a record is in the log of a checkpoint: the hashes from it to the checkpoint's head. */
  proof(seq: number): Promise<readonly string[]>;
}

/** The campus's audit log. The kernel refuses every act while no plugin provides it. */
export const auditService = defineService<AuditLog>('audit');

/** Receives every record after it is durable, for registers and exports. */
export const auditListeners = defineExtensionPoint<(record: AuditRecord) => void>('audit.listeners');
