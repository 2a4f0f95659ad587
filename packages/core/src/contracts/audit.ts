// The record of every decision and its outcome. Articles 11, 12 and 27.
import { defineExtensionPoint, defineService } from '../refs.ts';
import type { Text } from '../text.ts';
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
  /** What else is to be said. Like `input`, it stands in the log as a hash only, and goes when the person is erased. */
  readonly detail?: unknown;
  /** What stands open in the log for everybody who checks it, for good: roots, counts, times. Never anything of a person. */
  readonly open?: Readonly<Record<string, unknown>>;
}

/** An entry in its place in the log. */
export interface AuditRecord {
  /** 0, 1, 2 … without holes. */
  readonly seq: number;
  readonly entry: AuditEntry;
  /** Leaf hash in hex (RFC 6962): the record's place in the tree proves it. */
  readonly hash: string;
  /** The person was erased: who it was, the input and the detail are gone. */
  readonly erased?: true;
}

/** Which records are wanted; newest first. */
export interface AuditQuery {
  readonly beforeSeq?: number;
  /** At most this many, 1 to 500. */
  readonly limit: number;
  readonly person?: string;
  readonly camera?: string;
  readonly operation?: string;
  readonly action?: string;
  readonly kind?: string;
  readonly effect?: Decision['effect'];
  /** A case number, as it stands in requests and visits. */
  readonly caseNumber?: string;
  /** Entries of one call. */
  readonly call?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** A signed statement of the log's size and root (C2SP tlog-checkpoint), published for everybody. */
export interface Checkpoint {
  readonly size: number;
  /** Root of the Merkle tree, base64. */
  readonly root: string;
  /** When it was published. */
  readonly atMs: number;
  /** The signed note: text, the log's signature, and the cosignatures of witnesses that there were in time. */
  readonly note: string;
  /** Names of the witnesses that cosigned it. */
  readonly cosigned: readonly string[];
  /** Whether those are enough for the campus's witness policy; false where none is configured. */
  readonly isWitnessed: boolean;
}

/** What a check of the log found. */
export interface Verification {
  readonly ok: boolean;
  readonly size: number;
  /** Root of the tree over the entries as they are, base64. */
  readonly root?: string;
  /** The first record that does not fit, and why. */
  readonly broken?: { readonly seq: number; readonly reason: Text };
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
  /** How many entries are acknowledged. */
  size(): number;
  /** The newest published checkpoint. */
  checkpoint(): Checkpoint;
  /**
   * A receipt for an entry (C2SP tlog-proof): that it is in the log of a published checkpoint. Waits for the next one where it must.
   * Throws `AUDIT_ENTRY_UNKNOWN`, `AUDIT_ENTRY_PRUNED`.
   */
  receipt(seq: number): Promise<Receipt>;
  /** Whom to trust when receipts are checked: keys of the log and of its witnesses (C2SP tlog-policy). Public. */
  policy(): Promise<string>;
}

/** A proof that somebody keeps. */
export interface Receipt {
  readonly seq: number;
  /** For paper: place and beginning of the hash, such as `73894-7Q2K-9F3M-4XB1-C0DE`. */
  readonly code: string;
  /** Text of the `.tlog-proof` file. */
  readonly text: string;
  readonly checkpoint: Checkpoint;
}

/** The campus's audit log. The kernel refuses every act while no plugin provides it. */
export const auditService = defineService<AuditLog>('audit');

/** Receives every record after it is durable, for registers and exports. */
export const auditListeners = defineExtensionPoint<(record: AuditRecord) => void>('audit.listeners');
