// Before duty the wall does not ask for pictures by itself: a page that opens is no act, and must not fill the register with refusals.
import { useState, type ReactNode } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure } from '../kit/states.tsx';

/** Offers duty first; who wants to may ask for the pictures all the same, and is answered by the rules. */
export function DutyGate({ children }: { readonly children: ReactNode }) {
  const { words } = useApp();
  const { beginDuty } = useDesk();
  const [asked, setAsked] = useState(false);
  const act = useAct();
  if (asked) return children;
  if (act.problem) return <Failure problem={act.problem} onRetry={act.clear} />;
  return (
    <Empty icon="clock" title={words.t('duty.first')}>
      <p>{words.t('duty.first-hint')}</p>
      <div className="row">
        <Button look="primary" icon="clock" busy={act.busy} onClick={() => void act.run(beginDuty)} data-testid="wall-duty-begin">
          {words.t('duty.begin')}
        </Button>
        <Button look="quiet" onClick={() => setAsked(true)} data-testid="wall-without-duty">
          {words.t('duty.without')}
        </Button>
      </div>
    </Empty>
  );
}
