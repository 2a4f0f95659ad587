// The rules, explained and changed. Changing them takes two persons, one of them of the Office. Articles 8, 30 and 31.
import { createPolicyEngine, packChanged, sha256OfJson, type PluginContext, type PolicyPack, type Principal } from '@wanglou/core';
import { approvePolicy, explainForPerson, explainPolicy, proposePolicy, readPolicy, rejectPolicy, type PolicyTrace } from '../contract.ts';
import { AccessError } from '../errors.ts';
import { summaryOf } from '../packs/pack-book.ts';
import type { Books } from './books.ts';
import { personOf } from './person-of.ts';
import { provePack } from './prove-pack.ts';

/** Handles the operations of the rules. */
export function handlePolicy(ctx: PluginContext, books: Books): void {
  const { packs, people, requests, configured } = books;
  ctx.handle(explainPolicy, ({ operation, input }, { principal }) => traceOf(ctx, operation, input, principal));
  ctx.handle(explainForPerson, ({ operation, input, person }) => traceOf(ctx, operation, input, { kind: 'person', id: people.known(person).id }));
  ctx.handle(readPolicy, () => {
    const inForce = summaryOf(ctx.policy.pack(), ctx.policy.packSha256());
    const other = summaryOf(configured, sha256OfJson(configured));
    const proposals = packs.proposals();
    const named = new Set(proposals.flatMap(({ proposedBy, settledBy }) => [proposedBy, ...(settledBy === undefined ? [] : [settledBy])]));
    return { inForce, rules: ctx.policy.pack().rules.map(({ id, article, text }) => ({ id, article, text })), ...(other.sha256 !== inForce.sha256 && { configured: other }), proposals, people: [...named].flatMap((id) => people.view(id) ?? []) };
  });
  ctx.handle(proposePolicy, async ({ pack: given, reason }, { principal, note }) => {
    const pack = given === undefined ? configured : (given as unknown as PolicyPack);
    if (sha256OfJson(pack) === ctx.policy.packSha256()) throw new AccessError('PACK_SAME');
    const { verdict, differences } = await provePack({ pack, inForce: ctx.policy.pack(), catalogue: ctx.policy.catalogue() });
    const proposal = await packs.propose(pack, personOf(principal), reason, verdict, differences);
    note({ proposal: proposal.id, packSha256: proposal.pack.sha256, proven: verdict.ok });
    return proposal;
  });
  ctx.handle(approvePolicy, async ({ proposal, sha256 }, { principal, note }) => {
    const before = ctx.policy.packSha256();
    // Proven when it was proposed; but what cannot be executed with the facts there are now would refuse every act, this one too.
    createPolicyEngine(packs.toApprove(proposal, sha256), ctx.policy.catalogue());
    const approved = await packs.settle(proposal, 'approved', personOf(principal));
    note({ before, after: approved.pack.sha256 });
    ctx.emit(packChanged, { packSha256: approved.pack.sha256 });
    for (const request of await requests.reroute()) books.changed({ request });
    return approved;
  });
  ctx.handle(rejectPolicy, ({ proposal }, { principal }) => packs.settle(proposal, 'rejected', personOf(principal)));
}

/** Takes a decision apart, without acting. Throws `OPERATION_NOT_THERE`, or `INPUT_INVALID` of the operation. */
async function traceOf(ctx: PluginContext, id: string, input: unknown, principal: Principal): Promise<PolicyTrace> {
  const operation = ctx.operations().find((one) => one.operation.id === id)?.operation;
  if (!operation) throw new AccessError('OPERATION_NOT_THERE', { operation: id });
  // Parses, and says what is wrong with the input.
  const { facts } = await ctx.wouldDecide(operation, input, principal);
  const { decision, rules } = ctx.policy.explain(operation.action, facts);
  const text = JSON.stringify(rules);
  const known = [...ctx.policy.catalogue(), ...(ctx.policy.pack().facts ?? [])];
  return { operation: id, action: operation.action, decision, rules, facts: known.filter(({ path }) => text.includes(JSON.stringify(path))).map(({ path, text: words }) => ({ path, text: words })) };
}
