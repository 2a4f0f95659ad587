// Who is on duty here, since when; the way on and off.
import { lazy, Suspense, useState } from 'react';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Failure } from '../kit/states.tsx';
import { Status } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { useApp, useDesk } from './context.ts';
import { useAct } from './use-operation.ts';

// Few need it, and it brings its own words: not a part of the first paint.
const ReceiptButton = lazy(async () => ({ default: (await import('../receipts/receipt-button.tsx')).ReceiptButton }));

/** Begins and ends duty. Empty for people whose work knows no duty. */
export function DutyBar() {
  const { words } = useApp();
  const { session, formats, beginDuty, endDuty } = useDesk();
  const [leaving, setLeaving] = useState(false);
  /** The call that ended duty; its receipt can be taken until the next duty. */
  const [ended, setEnded] = useState<string>();
  const act = useAct();
  const say = useToast();
  const begin = () =>
    act.run(async () => {
      await beginDuty();
      say(words.t('duty.begun'));
    });
  const end = () =>
    act.run(async () => {
      setEnded(await endDuty());
      setLeaving(false);
      say(words.t('duty.ended'));
    });
  if (!session.actions.includes('duty') && !session.onDuty) return undefined;
  return (
    <div className="duty" data-testid="duty-bar">
      {session.onDuty ? (
        <>
          <Status tone="good" icon="check">
            {words.t('duty.on')}
            {session.dutySinceMs !== undefined && <span className="figures wide-only"> {words.t('duty.since', { time: formats.time(session.dutySinceMs) })}</span>}
          </Status>
          <Button look="quiet" onClick={() => setLeaving(true)} data-testid="duty-end">
            {words.t('duty.end')}
          </Button>
        </>
      ) : (
        <>
          <Status tone="waiting">{words.t('duty.off')}</Status>
          {ended !== undefined && (
            <Suspense>
              <ReceiptButton of={{ call: ended }} label={words.t('receipt.of-duty-end')} />
            </Suspense>
          )}
          <Button look="primary" icon="clock" busy={act.busy} onClick={() => void begin()} data-testid="duty-begin">
            {words.t('duty.begin')}
          </Button>
        </>
      )}
      {leaving && (
        <Dialog title={words.t('duty.end')} onClose={() => setLeaving(false)}>
          <p>{words.t('duty.end-warning')}</p>
          {act.problem && <Failure problem={act.problem} />}
          <div className="row end">
            <Button onClick={() => setLeaving(false)}>{words.t('button.cancel')}</Button>
            <Button look="primary" busy={act.busy} onClick={() => void end()} data-testid="duty-end-confirm">
              {words.t('duty.end')}
            </Button>
          </div>
        </Dialog>
      )}
      {act.problem && !leaving && (
        <Dialog title={words.t('duty.begin')} onClose={act.clear}>
          <Failure problem={act.problem} onRetry={() => void begin()} />
        </Dialog>
      )}
    </div>
  );
}
