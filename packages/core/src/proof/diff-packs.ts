// What changes for whom when one pack takes the place of another, over every valuation of the facts of both.
import { actions, type Action, type FactDeclaration, type Facts } from '../contracts/permission.ts';
import { packName } from '../policy/compile.ts';
import type { PolicyPack } from '../policy/pack.ts';
import { defaultBudget, none, type Diagram } from './diagram.ts';
import { judge, withinBudget, type Judgement } from './judgement.ts';
import type { ProofOptions } from './verify-pack.ts';

/** Requests that are decided otherwise. */
export interface Change {
  readonly valuations: bigint;
  /** The plainest of them; what it leaves out is unknown. */
  readonly example: Facts;
}

/** What changes for an action. */
export interface ActionDiff {
  readonly action: Action;
  /** Denied before, permitted after. */
  readonly opened?: Change;
  /** Permitted before, denied after. */
  readonly closed?: Change;
}

/** The difference of two packs. */
export interface PackDiff {
  /** `id@version`. */
  readonly before: string;
  readonly after: string;
  /** Requests that were compared: each action with every valuation. */
  readonly valuations: bigint;
  /** Actions with a change; empty when the packs decide everything alike. */
  readonly actions: readonly ActionDiff[];
}

/**
 * Compares two packs over every valuation of the facts of both. Throws `PACK_INVALID` for a pack that the engine would refuse, and
 * when the comparison is more than `budget` allows.
 */
export function diffPacks(before: PolicyPack, after: PolicyPack, catalogue: readonly FactDeclaration[], { budget = defaultBudget }: ProofOptions = {}): PackDiff {
  return withinBudget(after, () => {
    const [one, other] = judge([before, after], catalogue, budget) as [Judgement, Judgement];
    const { space } = one;
    const change = (set: Diagram): Change | undefined => (set === none ? undefined : { valuations: space.count(set), example: space.example(set)! });
    const diffs = actions.map((action): ActionDiff => {
      const [permitted, permits] = [one.permits(action), other.permits(action)];
      const [opened, closed] = [change(space.diagrams.except(permits, permitted)), change(space.diagrams.except(permitted, permits))];
      return { action, ...(opened && { opened }), ...(closed && { closed }) };
    });
    return {
      before: packName(before),
      after: packName(after),
      valuations: space.count(space.possible) * BigInt(actions.length),
      actions: diffs.filter(({ opened, closed }) => opened ?? closed),
    };
  });
}
