// The form of a policy pack: a campus's rules as data.
import type { Action, FactDeclaration, FactValue, Missing } from '../contracts/permission.ts';
import type { Text } from '../text.ts';

/** A fact compared with a constant. A bare value means `eq`. */
export type Test =
  | boolean
  | number
  | string
  | { readonly eq: boolean | number | string }
  | { readonly ne: boolean | number | string }
  | { readonly in: readonly (number | string)[] }
  /** The set holds the value. */
  | { readonly has: string }
  /** The set holds at least one of the values. */
  | { readonly hasAny: readonly string[] }
  | { readonly gte: number }
  | { readonly lte: number }
  | { readonly exists: boolean };

/** A condition over facts. Several paths in one object must all hold. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly [path: string]: Test };

/** One rule. `forbid` fires when `when` holds (or is unknown) and `unless` does not hold. */
export interface Rule {
  readonly id: string;
  /** Number of the article this rule executes, such as `10` or `13(1)`. */
  readonly article: string;
  /** What the rule says, in our words. A denial shows it. */
  readonly text: Text;
  readonly effect: 'permit' | 'forbid';
  /** The actions it speaks of; all when absent. */
  readonly actions?: readonly Action[];
  readonly when?: Condition;
  readonly unless?: Condition;
  /** What would help, shown with the denial. */
  readonly missing?: readonly Missing[];
}

/** A unit of the campus, with the unit above it. */
export interface Unit {
  readonly id: string;
  readonly name: Text;
  readonly above?: string;
}

/** A role that a person may hold. */
export interface Role {
  readonly id: string;
  readonly name: Text;
}

/** A worked example that the pack must decide as said. */
export interface PackTest {
  readonly name: string;
  readonly action: Action;
  readonly facts: Readonly<Record<string, FactValue>>;
  readonly effect: 'permit' | 'deny';
  /** Articles that the denial must cite. */
  readonly articles?: readonly string[];
}

/** A policy pack. */
export interface PolicyPack {
  /** Kebab-case, such as `upc-2013`. */
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  /** Where the rules come from, and who interprets them. Articles 30 and 31. */
  readonly source: { readonly name: Text; readonly date: string; readonly interpretedBy: string };
  /** First day in force, `yyyy-mm-dd`. */
  readonly effective: string;
  readonly units: readonly Unit[];
  readonly roles: readonly Role[];
  /** Units whose approval a request needs, by action, in the order in which they are asked. */
  readonly approvals: Readonly<Partial<Record<Action, readonly string[]>>>;
  /** Facts the rules use, over those of the catalogue. */
  readonly facts?: readonly FactDeclaration[];
  readonly rules: readonly Rule[];
  readonly tests: readonly PackTest[];
}
