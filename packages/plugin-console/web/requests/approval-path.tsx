// Which units will be asked, in order, before anybody sends anything.
import type { Action, ApprovalStep } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { Icon } from '../kit/icon.tsx';

/** Steps that these actions need: each unit once, in order, with the largest number of its people. */
export function stepsAsked(actions: readonly Action[], approvals: Readonly<Partial<Record<Action, readonly ApprovalStep[]>>>): readonly ApprovalStep[] {
  const counts = new Map<string, number>();
  for (const { unit, count = 1 } of actions.flatMap((action) => approvals[action] ?? [])) counts.set(unit, Math.max(count, counts.get(unit) ?? 0));
  return [...counts].map(([unit, count]) => ({ unit, count }));
}

/** Shows the way of a request. */
export function ApprovalPath({ steps }: { readonly steps: readonly ApprovalStep[] }) {
  const { words } = useApp();
  const { unitName } = useDesk();
  if (steps.length === 0) return undefined;
  return (
    <p className="approval-path">
      <span className="faint">{words.t('request.path')}</span>
      {steps.map(({ unit, count = 1 }, index) => (
        <span key={unit} className="row tight">
          {index > 0 && <Icon name="forward" size={14} />}
          <span className="chip">{count > 1 ? words.t('request.step-of', { unit: unitName(unit), count }) : unitName(unit)}</span>
        </span>
      ))}
    </p>
  );
}
