import { createPolicyEngine, kernelFacts, type FactDeclaration, type FactValue } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { accessFacts } from '@wanglou/plugin-access';
import { upc2013 } from '../src/index.ts';

const pack = upc2013();
const catalogue: readonly FactDeclaration[] = [...kernelFacts, ...accessFacts];
const engine = createPolicyEngine(pack, catalogue);

describe('the worked examples of upc-2013', () => {
  it.each(pack.tests)('$name', ({ action, facts, effect, articles }) => {
    const decision = engine.decide(action, facts);
    expect(decision.effect).toBe(effect);
    if (articles) expect(decision.denials.map((denial) => denial.article)).toEqual(expect.arrayContaining([...articles]));
  });
});

describe('upc-2013 over every valuation of the facts of footage', () => {
  const booleans = [false, true, undefined];
  const choices: Record<string, readonly (FactValue | undefined)[]> = {
    'actor.kind': ['person', 'plugin', 'anonymous'],
    'actor.standing': ['staff', 'outside', 'individual', undefined],
    'actor.roles': [['operator'], ['section-head'], ['office-head'], ['contractor'], [], undefined],
    'actor.onDuty': booleans,
    'actor.trained': booleans,
    'actor.workstation': booleans,
    'grant.covers': booleans,
    'grant.approvals': [[], ['section'], ['office'], ['section', 'office'], undefined],
  };
  const visit = { 'visit.persons': 2, 'visit.identified': true, 'visit.certificate': true, 'visit.registered': true, 'visit.confidentiality': true, 'visit.caseBody': false };

  function* valuations(paths: readonly string[]): Generator<Record<string, FactValue>> {
    const [path, ...rest] = paths;
    if (path === undefined) {
      yield { ...visit };
      return;
    }
    for (const facts of valuations(rest)) for (const value of choices[path]!) yield value === undefined ? facts : { ...facts, [path]: value };
  }

  it('permits footage only as articles 9, 10, 14 and 19 say, and gives a reason and an article for each refusal', () => {
    let permitted = 0;
    for (const facts of valuations(Object.keys(choices))) {
      for (const action of ['live', 'playback', 'copy'] as const) {
        const decision = engine.decide(action, facts);
        if (decision.effect === 'deny') {
          if (decision.denials.length === 0 || decision.denials.some((denial) => denial.article === '' || denial.text.zh === '')) throw new Error(`no reason for ${action} ${JSON.stringify(facts)}`);
          continue;
        }
        permitted++;
        const approvals = (facts['grant.approvals'] ?? []) as readonly string[];
        const roles = (facts['actor.roles'] ?? []) as readonly string[];
        const onWatch = roles.includes('operator') && facts['actor.onDuty'] === true;
        const lawful =
          facts['actor.kind'] === 'person' &&
          (facts['actor.standing'] === 'staff' || facts['actor.standing'] === 'outside') &&
          facts['actor.workstation'] === true &&
          (facts['actor.standing'] === 'outside' || facts['actor.trained'] === true) &&
          !roles.includes('contractor') &&
          (action === 'live' ? onWatch || (facts['grant.covers'] === true && approvals.includes('section')) : facts['grant.covers'] === true && approvals.includes(action === 'copy' ? 'office' : 'section'));
        if (!lawful) throw new Error(`${action} was permitted with ${JSON.stringify(facts)}`);
      }
    }
    expect(permitted).toBeGreaterThan(0);
  });

  it('notices when any forbid that guards footage is left out', () => {
    const guards = pack.rules.filter((rule) => rule.effect === 'forbid' && rule.actions?.includes('playback'));
    const failing = { ...visit, 'actor.kind': 'person', 'actor.roles': ['operator'], 'actor.standing': 'staff', 'actor.onDuty': true, 'actor.trained': true, 'actor.workstation': true, 'grant.covers': true, 'grant.approvals': ['section', 'office'] };
    expect(engine.decide('playback', failing).effect).toBe('permit');
    const broken: Record<string, Partial<Record<string, FactValue>>> = {
      a14: { 'actor.standing': 'individual' },
      'a9.3-sign-in': { 'actor.kind': 'anonymous' },
      'a9.2': { 'actor.trained': false },
      'a9.3-duty': { 'actor.onDuty': false },
      'a9.4': { 'actor.workstation': false },
      'a10-playback': { 'grant.approvals': [] },
      a19: { 'actor.roles': ['contractor'] },
      'a13-1': { 'actor.standing': 'outside', 'visit.persons': 1 },
      'a13-2': { 'actor.standing': 'outside', 'visit.identified': false },
      'a13-3': { 'actor.standing': 'outside', 'visit.certificate': false },
      'a13-4': { 'actor.standing': 'outside', 'visit.registered': false },
      'a13-5': { 'actor.standing': 'outside', 'visit.confidentiality': false },
    };
    expect(Object.keys(broken).sort()).toEqual(guards.map((rule) => rule.id).sort());
    for (const guard of guards) expect(engine.decide('playback', { ...failing, ...broken[guard.id] } as never).denials.map((denial) => denial.rule)).toContain(guard.id);
  });
});
