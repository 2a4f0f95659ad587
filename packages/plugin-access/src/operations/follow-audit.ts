// The register and the second clocks of grants follow the audit log.
import { auditListeners, grantChanged, type AuditLog, type AuditRecord, type PluginContext } from '@wanglou/core';
import type { Books } from './books.ts';

/** Records before the end of the log that are looked at on start for first uses. */
const replayedRecords = 500;

/** Follows the log from now on. */
export function followAudit(ctx: PluginContext, books: Books): void {
  const report = (what: string) => (error: unknown) => ctx.log.error({ err: error }, what);
  ctx.contribute(auditListeners, ({ entry }) => {
    void beginUse(ctx, books, entry)?.catch(report('the first use of a grant could not be written; it counts from it all the same, and is written later'));
    void books.register.catchUp().catch(report('the register could not follow the audit log'));
  });
}

/** A crash may have come between the record of a first use and its row. */
export async function replayFirstUses(ctx: PluginContext, books: Books, audit: AuditLog): Promise<void> {
  for (const { entry } of await audit.read(Math.max(0, audit.size() - replayedRecords), replayedRecords)) await beginUse(ctx, books, entry);
}

/** The second clock of a grant begins with the first permitted act that rests on it. Resolves when that is on disk. */
function beginUse(ctx: PluginContext, { grants }: Books, { kind, action, decision, atMs }: AuditRecord['entry']): Promise<void> | undefined {
  const grant = decision?.facts['grant.id'];
  if (kind !== 'decision' || decision?.effect !== 'permit' || typeof grant !== 'string' || (action !== 'live' && action !== 'playback' && action !== 'copy')) return undefined;
  const begun = grants.begin(grant, atMs);
  // Told at once, as it counts at once: told later it could come after the news that the grant was revoked.
  if (begun) ctx.emit(grantChanged, begun.grant);
  return begun?.written;
}
