// Which leases were served, by those who serve them: held against the audit log, so that no picture leaves without a decision. Articles 12 and 27.
import { defineExtensionPoint } from '../refs.ts';
import type { Principal } from './permission.ts';

/** A lease under which something was served. */
export interface ServedLease {
  /** Id of the lease. */
  readonly lease: string;
  /** Id of the principal that held it. */
  readonly person: string;
  readonly kind: Principal['kind'];
  /** When the first response was begun, UTC epoch milliseconds; on disk before its first byte goes out. */
  readonly firstMs: number;
  /** When the newest byte went out. */
  readonly lastMs: number;
  /** Responses with a body that were begun. */
  readonly responses: number;
  /** Bytes of their bodies that were handed to the connection. */
  readonly bytes: number;
}

/** Whoever serves bytes under leases. */
export interface ServedLeaseSource {
  /** Leases that were served at some time of [fromMs, toMs), UTC epoch milliseconds, oldest first. Rejects when they cannot be told. */
  between(fromMs: number, toMs: number): Promise<readonly ServedLease[]>;
}

/** The doors through which footage leaves the campus. Each contributes what it has served; the audit log compares. */
export const servedLeaseSources = defineExtensionPoint<ServedLeaseSource>('audit.served-lease-sources');
