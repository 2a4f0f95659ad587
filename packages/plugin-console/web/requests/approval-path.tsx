// Which units will be asked, in order, before anybody sends anything.
import type { Action } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { Icon } from '../kit/icon.tsx';

/** Units whose approval these actions need, each once, in order. */
export function unitsAsked(actions: readonly Action[], approvals: Readonly<Partial<Record<Action, readonly string[]>>>): readonly string[] {
  return [...new Set(actions.flatMap((action) => approvals[action] ?? []))];
}

/** Shows the way of a request. */
export function ApprovalPath({ actions }: { readonly actions: readonly Action[] }) {
  const { words } = useApp();
  const { campus, unitName } = useDesk();
  const units = unitsAsked(actions, campus.approvals);
  if (units.length === 0) return undefined;
  return (
    <p className="approval-path">
      <span className="faint">{words.t('request.path')}</span>
      {units.map((unit, index) => (
        <span key={unit} className="row tight">
          {index > 0 && <Icon name="forward" size={14} />}
          <span className="chip">{unitName(unit)}</span>
        </span>
      ))}
    </p>
  );
}
