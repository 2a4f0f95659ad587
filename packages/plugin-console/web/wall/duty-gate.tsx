// Before duty, and for those who may not watch now, the wall does not ask for pictures by itself: a page that opens is no act, and must not fill the register with refusals.
import { useState, type ReactNode } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure } from '../kit/states.tsx';

/** Offers duty, or a request, first; who wants to may ask for the pictures all the same, and is answered by the rules. */
export function DutyGate({ children }: { readonly children: ReactNode }) {
  const { words } = useApp();
  const { session, beginDuty } = useDesk();
  const [asked, setAsked] = useState(false);
  const act = useAct();
  const duty = session.actions.includes('duty');
  if (asked) return children;
  if (act.problem) return <Failure problem={act.problem} onRetry={act.clear} />;
  return (
    <Empty icon={duty ? 'clock' : 'lock'} title={words.t(duty ? 'duty.first' : 'wall.request-first')}>
      <p>{words.t(duty ? 'duty.first-hint' : 'wall.request-hint')}</p>
      <div className="row">
        {duty ? (
          <Button look="primary" icon="clock" busy={act.busy} onClick={() => void act.run(beginDuty)} data-testid="wall-duty-begin">
            {words.t('duty.begin')}
          </Button>
        ) : (
          <Button look="primary" icon="request" onClick={() => navigate('/requests/new?actions=live')} data-testid="wall-request">
            {words.t('denial.request')}
          </Button>
        )}
        <Button look="quiet" onClick={() => setAsked(true)} data-testid="wall-without-duty">
          {words.t(duty ? 'duty.without' : 'wall.ask-anyway')}
        </Button>
      </div>
    </Empty>
  );
}
