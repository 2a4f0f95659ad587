// From a pack to rules that can be judged: everything that is wrong with it refuses it whole.
import { actions, type Action, type FactDeclaration } from '../contracts/permission.ts';
import { KernelError } from '../errors.ts';
import { ConditionError, parseCondition, type ConditionNode, type FactCatalogue } from './condition.ts';
import type { Condition, PolicyPack, Property, Rule } from './pack.ts';
import { checkRetention } from './retention.ts';

/** A rule with its conditions parsed. */
export interface ParsedRule {
  readonly rule: Rule;
  readonly when: ConditionNode | undefined;
  readonly unless: ConditionNode | undefined;
}

/** A property with its condition parsed. */
export interface ParsedProperty {
  readonly property: Property;
  readonly when: ConditionNode | undefined;
}

/** A pack whose every fact, action and operator is known. */
export interface ParsedPack {
  readonly pack: PolicyPack;
  readonly catalogue: FactCatalogue;
  readonly rules: readonly ParsedRule[];
  readonly properties: readonly ParsedProperty[];
}

/** `id@version`. */
export function packName({ id, version }: Pick<PolicyPack, 'id' | 'version'>): string {
  return `${id}@${version}`;
}

/**
 * Parses a pack against the catalogue of facts. An unknown fact, an unknown action, a repeated id or a malformed operator refuses
 * the whole pack with `PACK_INVALID`: a misspelt `when` of a forbid would otherwise switch it off unseen.
 */
export function parsePack(pack: PolicyPack, catalogue: readonly FactDeclaration[]): ParsedPack {
  const refuse = (issue: string): never => {
    throw new KernelError('PACK_INVALID', { pack: packName(pack), issue });
  };
  const parse = (condition: Condition | undefined, at: string): ConditionNode | undefined => {
    if (condition === undefined) return undefined;
    try {
      return parseCondition(condition, known, at);
    } catch (error) {
      if (error instanceof ConditionError) return refuse(error.message);
      throw error;
    }
  };
  const checkActions = (list: readonly Action[], at: string) => {
    if (!Array.isArray(list)) refuse(`${at}: actions must be a list`);
    for (const action of list) if (!actions.includes(action)) refuse(`${at}: unknown action "${action}"`);
  };
  checkShape(pack, refuse);
  const known: FactCatalogue = new Map([...catalogue, ...(pack.facts ?? [])].map((fact) => [fact.path, fact]));
  for (const fact of catalogue) {
    const declared = known.get(fact.path)!;
    // With another type, or another closed list, what the sources answer would fit no test, and a rule would be switched off unseen.
    if (declared.type !== fact.type || String(declared.values) !== String(fact.values)) refuse(`facts: "${fact.path}" is declared as ${fact.type} already`);
  }
  const rules = pack.rules.map((rule): ParsedRule => {
    const at = `rule ${rule.id}`;
    if (rule.effect !== 'permit' && rule.effect !== 'forbid') refuse(`${at}: effect must be permit or forbid`);
    checkActions(rule.actions ?? [], at);
    return { rule, when: parse(rule.when, `${at}: when`), unless: parse(rule.unless, `${at}: unless`) };
  });
  const properties = pack.properties.map((property): ParsedProperty => {
    const at = `property ${property.id}`;
    if (property.expect !== 'permit' && property.expect !== 'deny') refuse(`${at}: expect must be permit or deny`);
    checkActions(property.actions, at);
    return { property, when: parse(property.when, `${at}: when`) };
  });
  for (const test of pack.tests) {
    checkActions([test.action], `test "${test.name}"`);
    for (const path of Object.keys(test.facts)) if (!known.has(path)) refuse(`test "${test.name}": unknown fact "${path}"`);
  }
  checkActions(Object.keys(pack.approvals) as Action[], 'approvals');
  checkUnits(pack, refuse);
  checkRetention(pack, refuse);
  return { pack, catalogue: known, rules, properties };
}

const textual = ['id', 'version', 'effective'] as const;
const lists = ['units', 'roles', 'rules', 'tests', 'properties'] as const;
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A pack may come as JSON from a file, so its form is not taken on trust. */
function checkShape(pack: PolicyPack, refuse: (issue: string) => never): void {
  for (const key of textual) if (typeof pack[key] !== 'string' || pack[key] === '') refuse(`${key} must be a text`);
  for (const key of lists) if (!Array.isArray(pack[key]) || !pack[key].every(isObject)) refuse(`${key} must be a list of objects`);
  if (pack.facts !== undefined && !(Array.isArray(pack.facts) && pack.facts.every(isObject))) refuse('facts must be a list of objects');
  if (!isObject(pack.approvals)) refuse('approvals must be an object');
  for (const { name, facts } of pack.tests) if (!isObject(facts)) refuse(`test "${String(name)}": facts must be an object`);
  for (const [what, items] of [['rule', pack.rules], ['property', pack.properties], ['unit', pack.units], ['role', pack.roles]] as const) {
    const seen = new Set<string>();
    for (const { id, ...rest } of items) {
      if (typeof id !== 'string' || id === '') refuse(`a ${what} has no id`);
      if (seen.has(id)) refuse(`${what} id "${id}" is used twice`);
      seen.add(id);
      const { text, name } = rest as { text?: unknown; name?: unknown };
      if (!isText(text ?? name)) refuse(`${what} ${id}: its text must be there in zh and en`);
    }
  }
}

function isText(value: unknown): boolean {
  const { zh, en } = (value ?? {}) as { zh?: unknown; en?: unknown };
  return typeof zh === 'string' && zh !== '' && typeof en === 'string' && en !== '';
}

function checkUnits({ units, approvals, emergency }: PolicyPack, refuse: (issue: string) => never): void {
  const known = units.map((unit) => unit.id);
  for (const [action, steps] of Object.entries(approvals)) {
    if (!Array.isArray(steps)) refuse(`approvals.${action} must be a list`);
    for (const step of steps) {
      const { unit, count } = isObject(step) ? step : refuse(`approvals.${action}: expected { unit, count }`);
      if (!known.includes(unit)) refuse(`approvals.${action}: unknown unit "${unit}"`);
      if (count !== undefined && (!Number.isSafeInteger(count) || count < 1)) refuse(`approvals.${action}: count must be a whole number from 1 on`);
    }
  }
  for (const { id, above } of units) if (above !== undefined && !known.includes(above)) refuse(`unit ${id}: unknown unit "${above}" above it`);
  for (const unit of emergency?.tells ?? []) if (!known.includes(unit)) refuse(`emergency.tells: unknown unit "${unit}"`);
}
