import { preparsePolicySet, preparseSchema, statefulIsAuthorized, validate } from '@cedar-policy/cedar-wasm/nodejs';
import { createPolicyEngine, type Action, type Facts, type PolicyPack } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { packs } from '../src/index.ts';
import { cedarPolicies, cedarSchema } from './cedar-policies.ts';
import { catalogue, randomRequests } from './requests.ts';

/** What Cedar answers: its effect, and the policies that decided it. */
interface Opinion {
  readonly effect: 'permit' | 'deny';
  readonly rules: readonly string[];
}

/** Prepares Cedar for a pack; its strict validator must accept the policies first. */
function createOracle(id: string, pack: PolicyPack): (action: Action, facts: Facts) => Opinion {
  const schema = cedarSchema([...catalogue, ...(pack.facts ?? [])]);
  const policies = { staticPolicies: cedarPolicies(pack) };
  expect(validate({ schema, policies })).toMatchObject({ type: 'success', validationErrors: [] });
  expect([preparsePolicySet(id, policies), preparseSchema(id, schema)]).toMatchObject([{ type: 'success' }, { type: 'success' }]);
  return (action, facts) => {
    const answer = statefulIsAuthorized({
      principal: { type: 'Principal', id: 'one' },
      action: { type: 'Action', id: action },
      resource: { type: 'Campus', id: 'one' },
      context: facts as Record<string, never>,
      entities: [],
      preparsedPolicySetId: id,
      preparsedSchemaName: id,
      validateRequest: true,
    });
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors));
    return { effect: decision === 'allow' ? 'permit' : 'deny', rules: [...diagnostics.reason].sort() };
  };
}

describe('Cedar, an engine of other authors, decides as ours', () => {
  it.each([
    ['upc-2013', 20_000],
    ['upc-2013+emergency', 20_000],
    ['cn-order-799', 5000],
    ['two-keys', 5000],
  ] as const)('to %s, on %i random requests, and names the same rules', { timeout: 120_000 }, (id, count) => {
    const pack = packs[id]!();
    const oracle = createOracle(id, pack);
    const engine = createPolicyEngine(pack, catalogue);
    const forbids = new Set(pack.rules.filter(({ effect }) => effect === 'forbid').map((rule) => rule.id));
    let permitted = 0;
    let partial = 0;
    for (const { action, facts, forgotten } of randomRequests(pack, count, 799)) {
      const decision = engine.decide(action, facts);
      // Where nothing forbids and nothing permits, Cedar names no rule, and we name the nearest permit.
      const rules = decision.effect === 'permit' ? decision.permits : decision.denials.map(({ rule }) => rule).filter((rule) => forbids.has(rule));
      const ours: Opinion = { effect: decision.effect, rules: [...rules].sort() };
      const theirs = oracle(action, facts);
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) throw new Error(`${action} ${JSON.stringify(facts)}: ours ${JSON.stringify(ours)}, Cedar ${JSON.stringify(theirs)}`);
      if (decision.effect === 'permit') permitted++;
      if (forgotten > 0) partial++;
    }
    expect(permitted).toBeGreaterThan(count / 5);
    expect(partial).toBeGreaterThan(count / 10);
  });

  it('and would notice a rule that one of them does not know', () => {
    const pack = packs['upc-2013']!();
    const oracle = createOracle('incomplete', { ...pack, rules: pack.rules.filter(({ id }) => id !== 'a10-copy') });
    const engine = createPolicyEngine(pack, catalogue);
    const differing = [...randomRequests(pack, 2000)].filter(({ action, facts }) => oracle(action, facts).effect !== engine.decide(action, facts).effect);
    expect(differing.length).toBeGreaterThan(0);
  });
});
