// A few hand-made Standard Schemas for core's own operations, so that core needs no schema library at run time.
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** What a property must be. `optional` properties may be absent; nothing else may be there. */
export interface PropertyRule {
  readonly type: 'string' | 'integer' | 'strings' | 'boolean';
  readonly optional?: true;
  /** Longest string, most items, or largest integer. */
  readonly max?: number;
  /** The closed list of values. */
  readonly values?: readonly string[];
  readonly description?: string;
}

type TypeOf<R extends PropertyRule> = R['type'] extends 'integer' ? number : R['type'] extends 'boolean' ? boolean : R['type'] extends 'strings' ? readonly string[] : R['values'] extends readonly (infer V)[] ? V : string;

/** The object type that a set of rules describes. */
export type ObjectOf<R extends Readonly<Record<string, PropertyRule>>> = {
  readonly [K in keyof R as R[K] extends { optional: true } ? never : K]: TypeOf<R[K]>;
} & {
  readonly [K in keyof R as R[K] extends { optional: true } ? K : never]?: TypeOf<R[K]>;
};

const longestString = 2000;
const mostItems = 500;

/** Checks one value against its rule; the issue in words, or nothing. */
function issueOf(rule: PropertyRule, value: unknown): string | undefined {
  if (rule.type === 'boolean') return typeof value === 'boolean' ? undefined : 'expected true or false';
  if (rule.type === 'integer') {
    if (!Number.isSafeInteger(value) || (value as number) < 0) return 'expected a whole number of 0 or more';
    return (value as number) > (rule.max ?? Number.MAX_SAFE_INTEGER) ? `expected at most ${rule.max}` : undefined;
  }
  if (rule.type === 'strings') {
    if (!Array.isArray(value) || value.length > (rule.max ?? mostItems)) return `expected a list of at most ${rule.max ?? mostItems} texts`;
    return value.some((item) => typeof item !== 'string' || item.length > longestString) ? 'expected texts' : undefined;
  }
  if (typeof value !== 'string' || value.length === 0 || value.length > (rule.max ?? longestString)) return `expected a text of 1 to ${rule.max ?? longestString} characters`;
  return rule.values && !rule.values.includes(value) ? `expected one of ${rule.values.join(', ')}` : undefined;
}

function toJsonSchema(rule: PropertyRule): Record<string, unknown> {
  const about = rule.description ? { description: rule.description } : {};
  if (rule.type === 'integer') return { type: 'integer', minimum: 0, ...(rule.max !== undefined && { maximum: rule.max }), ...about };
  if (rule.type === 'boolean') return { type: 'boolean', ...about };
  if (rule.type === 'strings') return { type: 'array', items: { type: 'string' }, maxItems: rule.max ?? mostItems, ...about };
  return { type: 'string', minLength: 1, maxLength: rule.max ?? longestString, ...(rule.values && { enum: rule.values }), ...about };
}

/**
 * A strict object schema in the Standard Schema form, with its JSON Schema beside it.
 *
 * @example
 * objectSchema({ camera: { type: 'string' }, fromMs: { type: 'integer' } })
 */
export function objectSchema<const R extends Readonly<Record<string, PropertyRule>>>(rules: R): StandardSchemaV1<ObjectOf<R>, ObjectOf<R>> {
  const validate = (value: unknown): StandardSchemaV1.Result<ObjectOf<R>> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { issues: [{ message: 'expected an object' }] };
    const given = value as Record<string, unknown>;
    const issues: StandardSchemaV1.Issue[] = Object.keys(given)
      .filter((key) => !Object.hasOwn(rules, key))
      .map((key) => ({ path: [key], message: 'unknown key' }));
    for (const [key, rule] of Object.entries(rules)) {
      if (given[key] === undefined) {
        if (!rule.optional) issues.push({ path: [key], message: 'is missing' });
        continue;
      }
      const message = issueOf(rule, given[key]);
      if (message) issues.push({ path: [key], message });
    }
    return issues.length > 0 ? { issues } : { value: { ...given } as ObjectOf<R> };
  };
  const document = {
    type: 'object',
    properties: Object.fromEntries(Object.entries(rules).map(([key, rule]) => [key, toJsonSchema(rule)])),
    required: Object.entries(rules).filter(([, rule]) => !rule.optional).map(([key]) => key),
    additionalProperties: false,
  };
  return { '~standard': { version: 1, vendor: 'wanglou', validate, jsonSchema: { input: () => document, output: () => document } } } as StandardSchemaV1<ObjectOf<R>, ObjectOf<R>>;
}

/** Property `camera` of an input. */
export const cameraProperty = { type: 'string', max: 64, description: 'Camera id' } as const;
/** Properties of a range of time. */
export const rangeProperties = {
  fromMs: { type: 'integer', description: 'Start, UTC epoch milliseconds' },
  toMs: { type: 'integer', description: 'End (exclusive), UTC epoch milliseconds' },
} as const;
