// A pack as Cedar policies and a schema: a second opinion, by an engine of other authors. For tests alone.
//
// Three traps. Without the schema in the call, groups of actions are silently empty, so each action is named. A policy that errors is
// skipped, a forbid too, so every attribute is asked for with `has` first. And Cedar has two answers where the pack has three, so each
// condition is written twice: where it is known to hold, and where it is known not to.
import { actions, type Condition, type FactDeclaration, type PolicyPack, type Rule } from '@wanglou/core';

const cedarTypes: Readonly<Record<FactDeclaration['type'], string>> = { boolean: 'Bool', integer: 'Long', string: 'String', strings: 'Set<String>' };
const text = (value: unknown) => JSON.stringify(value);

/** Facts as optional attributes of the context; principal and resource carry none. */
export function cedarSchema(facts: readonly FactDeclaration[]): string {
  const attributes = [...new Map(facts.map((fact) => [fact.path, fact])).values()].map(({ path, type }) => `  ${text(path)}?: ${cedarTypes[type]}`);
  const named = actions.map((action) => text(action)).join(', ');
  return `type Facts = {\n${attributes.join(',\n')}\n};\nentity Principal;\nentity Campus;\naction ${named} appliesTo { principal: [Principal], resource: [Campus], context: Facts };\n`;
}

/** Policies by the ids of their rules. */
export function cedarPolicies({ rules }: PolicyPack): Record<string, string> {
  return Object.fromEntries(rules.map((rule) => [rule.id, cedarPolicy(rule)]));
}

/** A permit speaks where `when` is known to hold and `unless` known not to; a forbid until `when` is known not to or `unless` known to. */
function cedarPolicy({ effect, actions: named, when, unless }: Rule): string {
  const scope = named ? `action in [${named.map((action) => `Action::${text(action)}`).join(', ')}]` : 'action';
  const parts = effect === 'permit' ? [when && yes(when), unless && no(unless)] : [when && `!(${no(when)})`, unless && `!(${yes(unless)})`];
  const body = parts.filter((part) => part !== undefined).join(' && ');
  return `${effect}(principal, ${scope}, resource)${body && ` when { ${body} }`};`;
}

/** Where a condition is known to hold. */
function yes(condition: Condition): string {
  return joined(condition, ' && ', (key, operand) => {
    if (key === 'all') return `(${(operand as Condition[]).map(yes).join(' && ')})`;
    if (key === 'any') return `(${(operand as Condition[]).map(yes).join(' || ')})`;
    if (key === 'not') return no(operand as Condition);
    return `(context has ${text(key)} && ${comparison(key, operand)})`;
  });
}

/** Where a condition is known not to hold. */
function no(condition: Condition): string {
  return joined(condition, ' || ', (key, operand) => {
    if (key === 'all') return `(${(operand as Condition[]).map(no).join(' || ')})`;
    if (key === 'any') return `(${(operand as Condition[]).map(no).join(' && ')})`;
    if (key === 'not') return yes(operand as Condition);
    return `(context has ${text(key)} && !(${comparison(key, operand)}))`;
  });
}

function joined(condition: Condition, operator: string, write: (key: string, operand: unknown) => string): string {
  return `(${Object.entries(condition).map(([key, operand]) => write(key, operand)).join(operator)})`;
}

function comparison(path: string, test: unknown): string {
  const fact = `context[${text(path)}]`;
  const [operator, operand] = typeof test === 'object' && test !== null ? Object.entries(test)[0]! : ['eq', test];
  const written: Readonly<Record<string, string>> = {
    eq: `${fact} == ${text(operand)}`,
    ne: `${fact} != ${text(operand)}`,
    in: `${text(operand)}.contains(${fact})`,
    has: `${fact}.contains(${text(operand)})`,
    hasAny: `${fact}.containsAny(${text(operand)})`,
    gte: `${fact} >= ${text(operand)}`,
    lte: `${fact} <= ${text(operand)}`,
  };
  return written[operator]!;
}
