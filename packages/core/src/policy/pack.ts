// The form of a policy pack: a campus's rules as data.
import type { Action, ApprovalStep, FactDeclaration, FactValue, Missing } from '../contracts/permission.ts';
import type { Text } from '../text.ts';

/** A fact compared with a constant. A bare value means `eq`. There is no test for a fact being absent: what is missing must open nothing. */
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
  | { readonly lte: number };

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
  /** Why a rule stays that changes no decision, such as one that is there to be cited. Without it the proof reports the rule as dead. */
  readonly keptBecause?: Text;
}

/**
 * A sentence about the whole pack that is proven over every valuation of the facts. Whenever `when` may hold, the decision is a denial
 * (which cites `cites`); with `expect: 'permit'`, whenever `when` is known to hold, it is a permit.
 */
export interface Property {
  readonly id: string;
  readonly article: string;
  readonly text: Text;
  readonly actions: readonly Action[];
  /** Every valuation when absent. */
  readonly when?: Condition;
  readonly expect: 'deny' | 'permit';
  /** Articles that each of these denials must cite, where `when` is known to hold. */
  readonly cites?: readonly string[];
}

/** Emergency access, where the campus wants it. */
export interface EmergencySwitch {
  /** How long it lasts. */
  readonly minutes: number;
  /** How far back footage may be played. */
  readonly lookBackMinutes: number;
  /** The closed list of reasons. */
  readonly reasons: Readonly<Record<string, Text>>;
  /** Units that are told at once. */
  readonly tells: readonly string[];
  /** Different persons who must review it afterwards. */
  readonly reviewers: number;
  readonly reviewWithinHours: number;
}

/** How long footage of some cameras is kept, in whole days. */
export interface RetentionTerm {
  /** Footage younger than this is erased by nobody. */
  readonly floorDays: number;
  /** Footage that nothing holds is erased when it is this old; absent: it may stay. */
  readonly eraseAfterDays?: number;
}

/** A group of cameras whose footage is kept otherwise. */
export interface RetentionGroup extends RetentionTerm {
  readonly id: string;
  readonly name: Text;
  /** Kinds of place whose cameras belong to it. A place is in one group. */
  readonly places: readonly string[];
}

/** How long footage is kept. */
export interface Retention extends RetentionTerm {
  readonly groups?: readonly RetentionGroup[];
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
  /** Who holds it judges requests for their unit. Such roles can be lent, and only those appoint who may. Article 8. */
  readonly reviews?: boolean;
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
  readonly source: { readonly name: Text; readonly date: string; readonly interpretedBy: string; readonly sha256?: string };
  /** `id@version` of the pack that this one takes the place of. */
  readonly supersedes?: string;
  /** First day in force, `yyyy-mm-dd`. */
  readonly effective: string;
  readonly units: readonly Unit[];
  readonly roles: readonly Role[];
  /** Whose approval a request needs, by action, in the order in which the units are asked. An action without an entry cannot be asked for. */
  readonly approvals: Readonly<Partial<Record<Action, readonly ApprovalStep[]>>>;
  /** Off when absent. */
  readonly emergency?: EmergencySwitch;
  readonly retention?: Retention;
  /** Facts the rules use, over those of the catalogue. */
  readonly facts?: readonly FactDeclaration[];
  readonly rules: readonly Rule[];
  readonly tests: readonly PackTest[];
  readonly properties: readonly Property[];
}
