// The recorder does not believe its clock: nothing is erased until somebody says what time it is.
import { useState } from 'react';
import type { RetentionPause } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { ActForm } from '../kit/act-form.tsx';
import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { MomentInput } from '../playback/moment-input.tsx';

interface ClockNoticeProps {
  readonly pause: RetentionPause;
  readonly onConfirmed: () => void;
}

/** Says so, and lets those who maintain the system confirm the time. */
export function ClockNotice({ pause, onConfirmed }: ClockNoticeProps) {
  const { words } = useApp();
  const { session, formats } = useDesk();
  const [confirming, setConfirming] = useState(false);
  return (
    <Notice tone="waiting" icon="warn" role="status" data-testid="clock-ahead">
      <p>{words.t('clock.ahead', { believed: formats.moment(pause.believedMs) })}</p>
      {session.actions.includes('maintain') && (
        <Button onClick={() => setConfirming(true)} data-testid="clock-ask">
          {words.t('clock.confirm')}
        </Button>
      )}
      {confirming && <ClockDialog onClose={() => setConfirming(false)} onConfirmed={() => (setConfirming(false), onConfirmed())} />}
    </Notice>
  );
}

function ClockDialog({ onClose, onConfirmed }: { readonly onClose: () => void; readonly onConfirmed: () => void }) {
  const { words, client } = useApp();
  // Left empty on purpose: what stood there would be the clock in question.
  const [nowMs, setNow] = useState<number>();
  const [wasWrong, setWasWrong] = useState(false);
  const [wrongSinceMs, setWrongSince] = useState<number>();
  const say = useToast();
  const confirm = async () => {
    if (nowMs === undefined) return;
    await client.call('recording.confirm-clock', { nowMs, ...(wasWrong && wrongSinceMs !== undefined && { wrongSinceMs }) });
    say(words.t('clock.confirmed'));
    onConfirmed();
  };
  return (
    <ActForm title={words.t('clock.confirm')} confirm={words.t('clock.confirm')} testId="clock" ready={nowMs !== undefined && (!wasWrong || wrongSinceMs !== undefined)} onConfirm={confirm} onClose={onClose}>
      <p>{words.t('clock.hint')}</p>
      <MomentInput label={words.t('clock.now')} testId="clock-now" valueMs={nowMs} onChange={setNow} />
      <label className="check">
        <input type="checkbox" checked={wasWrong} onChange={(event) => setWasWrong(event.target.checked)} data-testid="clock-was-wrong" />
        {words.t('clock.was-wrong')}
      </label>
      {wasWrong && <MomentInput label={words.t('clock.since')} testId="clock-since" valueMs={wrongSinceMs} onChange={setWrongSince} />}
    </ActForm>
  );
}
