// Which rules are in force when the campus starts. Articles 8 and 30.
import { alarmRaised, sha256OfJson, type PluginContext, type PolicyPack } from '@wanglou/core';
import type { PackBook } from '../packs/pack-book.ts';

/**
 * The first pack is the configured one. Later another one in the configuration is not in force before it was approved. A pack that cannot
 * be executed any more, because the facts it speaks of are gone with a new version, gives way to the configured one, on record.
 */
export async function settlePack(ctx: PluginContext, packs: PackBook, configured: PolicyPack): Promise<void> {
  const kept = packs.inForce();
  const problem = problemOf(ctx);
  if (kept && problem === undefined) {
    if (sha256OfJson(kept) !== sha256OfJson(configured)) ctx.log.warn({ inForce: `${kept.id}@${kept.version}`, configured: `${configured.id}@${configured.version}` }, 'the configured rules are not in force: propose them, and let the Office approve');
    return;
  }
  await ctx.record({ kind: 'access.pack-installed', principal: { kind: 'plugin', id: 'access' }, detail: { packSha256: sha256OfJson(configured), ...(kept && { instead: sha256OfJson(kept), problem }) } });
  await packs.install(configured);
  if (kept) ctx.emit(alarmRaised, { source: 'access:pack', priority: 'high', title: { zh: '已批准的规则包无法执行，已改用配置中的规则包', en: 'The approved rules cannot be executed; those of the configuration are in force' }, cameras: [], raisedMs: ctx.clock.now() });
}

/** Why the pack in force cannot be executed. */
function problemOf(ctx: PluginContext): string | undefined {
  try {
    ctx.policy.pack();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
