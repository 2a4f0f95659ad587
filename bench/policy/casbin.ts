// casbin: the pack as policy lines whose rule is an expression, the form it has for attributes.
import { newEnforcer, newModelFromString } from 'casbin';
import type { Condition, Rule } from '../../packages/core/src/index.ts';
import type { Contender } from './contenders.ts';
import { gather } from './known.ts';

const model = `
[request_definition]
r = act, f
[policy_definition]
p = acts, rule, eft, id
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = among(r.act, p.acts) && eval(p.rule)
`;

export const casbin: Contender = {
  name: 'casbin',
  atMost: 2000,
  async prepare(pack, workload, grants) {
    const enforcer = await newEnforcer(newModelFromString(model));
    enforcer.addFunction('among', ((act: string, acts: string) => acts === '*' || acts.includes(`|${act}|`)) as never);
    enforcer.addFunction('hasAny', ((held: readonly string[] | undefined, words: string) => (held ?? []).some((one) => words.includes(`|${one}|`))) as never);
    enforcer.addFunction('oneOf', ((value: string | undefined, words: string) => value !== undefined && words.includes(`|${value}|`)) as never);
    await enforcer.addPolicies(pack.rules.map(lineOf));
    return (question) => {
      const [permitted, line] = enforcer.enforceExSync(question.action, gather(workload, grants, question));
      return { permitted, reasons: line[3] === undefined ? [] : [line[3]] };
    };
  },
};

const list = (words: readonly unknown[]) => `'|${words.join('|')}|'`;

function lineOf({ id, effect, actions, when, unless }: Rule): string[] {
  const expression = [when && written(when), unless && `!${written(unless)}`].filter((part) => part !== undefined).join(' && ');
  return [actions ? `|${actions.join('|')}|` : '*', expression || '1 == 1', effect === 'permit' ? 'allow' : 'deny', id];
}

function written(condition: Condition): string {
  const parts = Object.entries(condition).map(([key, operand]) => {
    if (key === 'not') return `!${written(operand as Condition)}`;
    if (key === 'all' || key === 'any') return `(${(operand as readonly Condition[]).map(written).join(key === 'all' ? ' && ' : ' || ')})`;
    return comparison(`r.f.${key}`, operand);
  });
  return `(${parts.join(' && ')})`;
}

function comparison(fact: string, test: unknown): string {
  const [operator, operand] = typeof test === 'object' && test !== null ? Object.entries(test)[0]! : ['eq', test];
  const constant = typeof operand === 'string' ? `'${operand}'` : String(operand);
  const operators: Readonly<Record<string, string>> = {
    eq: `${fact} == ${constant}`,
    ne: `${fact} != ${constant}`,
    in: `oneOf(${fact}, ${list([operand].flat())})`,
    has: `hasAny(${fact}, ${list([operand])})`,
    hasAny: `hasAny(${fact}, ${list([operand].flat())})`,
    gte: `${fact} >= ${constant}`,
    lte: `${fact} <= ${constant}`,
  };
  return operators[operator]!;
}
