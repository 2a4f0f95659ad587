// The one way from a lease to its bytes: no lease, no byte; and no byte before the ledger names the lease.
import { KernelError, type Lease, type MediaRequest, type MediaResponse, type PluginContext, type Principal } from '@wanglou/core';
import { HttpError } from '../errors.ts';
import type { LeaseLedger } from '../ledger/lease-ledger.ts';

/** Opens what a lease serves. */
export interface MediaDoor {
  /** The lease of this id while it lives, whoever holds it. */
  find(id: string): Lease | undefined;
  /** Serves one fetch and tallies it. Throws `LEASE_UNKNOWN`, `LEASE_PAUSED`, `LEASE_ENDED` or `LEDGER_UNAVAILABLE`. */
  serve(id: string, principal: Principal, request: MediaRequest, signal: AbortSignal): Promise<MediaResponse>;
}

/** Makes the door of a server. */
export function createMediaDoor(ctx: PluginContext, ledger: LeaseLedger): MediaDoor {
  const find = (id: string): Lease | undefined => ctx.leases.list().find((lease) => lease.id === id);
  const tallied = async (lease: Lease, body: MediaResponse['body']): Promise<MediaResponse['body']> => {
    const operation = ctx.operations().find(({ operation: { id } }) => id === lease.operation)?.operation;
    const sent = await ledger.begin(lease, operation?.whenAuditFails === 'spool', body).catch((error: unknown) => {
      throw new HttpError('LEDGER_UNAVAILABLE', {}, { cause: error });
    });
    // It took a moment, in which the policy may have said no.
    if (lease.end.value) throw new KernelError('LEASE_ENDED', { reason: lease.end.value });
    if (lease.paused.value) throw new KernelError('LEASE_PAUSED');
    return sent;
  };
  return {
    find,
    async serve(id, principal, request, signal) {
      // Looked up before it is served: it may end meanwhile, and what was begun is tallied all the same.
      const lease = find(id);
      const response = await ctx.leases.serve(id, principal, request, signal);
      const isEmpty = (typeof response.body === 'string' || response.body instanceof Uint8Array) && response.body.length === 0;
      // `serve` throws for a lease that is not listed.
      return isEmpty ? response : { ...response, body: await tallied(lease!, response.body) };
    },
  };
}
