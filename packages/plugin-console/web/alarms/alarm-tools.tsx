// What can be done with an alarm now. The server decides; this only leaves out what cannot come next.
import { useEffect, useState } from 'react';
import type { Alarm } from '@wanglou/core';
import type { InputOf } from '../api/operations.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { useAlarms } from './alarms-provider.tsx';
import { CloseDialog, JudgeDialog, MeasureDialog, NoteDialog } from './alarm-dialogs.tsx';
import { isWaiting } from './urgency.ts';

type Act = 'alarm.acknowledge' | 'alarm.verify' | 'alarm.judge' | 'alarm.handle' | 'alarm.close' | 'alarm.confirm-close' | 'alarm.keep-open' | 'alarm.note';
type DialogName = 'false' | 'measure' | 'close' | 'keep-open' | 'note';

/** Buttons, F-keys and forms. */
export function AlarmTools({ alarm }: { readonly alarm: Alarm }) {
  const { words, client } = useApp();
  const { session } = useDesk();
  const { alarms, took, mute, isMuted } = useAlarms();
  const [dialog, setDialog] = useState<DialogName>();
  const act = useAct();
  const { id, state, verdict, closing } = alarm;
  const isTaken = !isWaiting(alarm);
  // The keys of the banner go to the most urgent alarm that waits, which may be another one.
  const [takes, mutes] = alarms.find(isWaiting)?.id === id ? [' F1', ' F8'] : ['', ''];
  const canJudge = isTaken && verdict === undefined;
  const isOwn = closing?.by === session.person.id;
  const call = async <Id extends Act>(operation: Id, input: Omit<InputOf<Id>, 'alarm'>): Promise<void> => {
    took((await client.call(operation, { alarm: id, ...input } as InputOf<Id>)) as Alarm);
  };
  const from = async <Id extends Act>(own: DialogName, operation: Id, input: Omit<InputOf<Id>, 'alarm'>): Promise<void> => {
    await call(operation, input);
    // Another one may have been opened by its key meanwhile.
    setDialog((now) => (now === own ? undefined : now));
  };
  const run = <Id extends Act>(operation: Id, input: Omit<InputOf<Id>, 'alarm'>) => void act.run(() => call(operation, input));
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const wanted: DialogName | undefined = event.key === 'F2' && isTaken ? 'measure' : event.key === 'F3' && canJudge ? 'false' : undefined;
      if (wanted === undefined) return;
      event.preventDefault();
      setDialog(wanted);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isTaken, canJudge]);
  if (!session.actions.includes('duty') && !session.actions.includes('review')) return undefined;
  return (
    <>
      {act.problem && <Failure problem={act.problem} />}
      <div className="row alarm-tools">
        {!isTaken && (
          <>
            <Button look="primary" busy={act.busy} onClick={() => run('alarm.acknowledge', {})} data-testid="alarm-acknowledge">
              {words.t('alarm.acknowledge')}
              {takes}
            </Button>
            <Button icon="mute" disabled={isMuted(id)} onClick={() => mute(id)} data-testid="alarm-mute">
              {words.t('alarm.mute')}
              {mutes}
            </Button>
          </>
        )}
        {state === 'acknowledged' && (
          <>
            <Button onClick={() => run('alarm.verify', { means: 'video' })} data-testid="alarm-verify-video">
              {words.t('alarm.verify-video')}
            </Button>
            <Button onClick={() => run('alarm.verify', { means: 'on-site' })} data-testid="alarm-verify-on-site">
              {words.t('alarm.verify-on-site')}
            </Button>
          </>
        )}
        {isTaken && verdict !== 'confirmed' && (
          <Button look="danger" busy={act.busy} onClick={() => run('alarm.judge', { verdict: 'confirmed' })} data-testid="alarm-confirm">
            {words.t('alarm.confirm')}
          </Button>
        )}
        {canJudge && (
          <>
            <Button onClick={() => setDialog('false')} data-testid="alarm-false">
              {words.t('alarm.false')} F3
            </Button>
            <Button onClick={() => run('alarm.judge', { verdict: 'test' })}>{words.t('alarm-state.test')}</Button>
            <Button onClick={() => run('alarm.judge', { verdict: 'drill' })}>{words.t('alarm-state.drill')}</Button>
          </>
        )}
        {isTaken && (
          <Button onClick={() => setDialog('measure')} data-testid="alarm-measure">
            {words.t('alarm.measure')} F2
          </Button>
        )}
        <Button onClick={() => setDialog('note')} data-testid="alarm-note">
          {words.t('alarm.note')}
        </Button>
        {verdict !== undefined && !closing && (
          <Button onClick={() => setDialog('close')} data-testid="alarm-close">
            {words.t('alarm.close')}
          </Button>
        )}
        {closing && !isOwn && (
          <>
            <Button look="primary" busy={act.busy} onClick={() => run('alarm.confirm-close', {})} data-testid="alarm-confirm-close">
              {words.t('alarm.confirm-close')}
            </Button>
            <Button onClick={() => setDialog('keep-open')} data-testid="alarm-keep-open">
              {words.t('alarm.keep-open')}
            </Button>
          </>
        )}
      </div>
      {dialog === 'false' && <JudgeDialog onClose={() => setDialog(undefined)} onJudge={(input) => from('false', 'alarm.judge', { verdict: 'false', ...input })} />}
      {dialog === 'measure' && <MeasureDialog onClose={() => setDialog(undefined)} onRecord={(input) => from('measure', 'alarm.handle', input)} />}
      {dialog === 'note' && <NoteDialog title="alarm.note" testId="alarm-note" onClose={() => setDialog(undefined)} onNote={(note) => from('note', 'alarm.note', { note })} />}
      {dialog === 'keep-open' && <NoteDialog title="alarm.keep-open" testId="alarm-keep-open" onClose={() => setDialog(undefined)} onNote={(note) => from('keep-open', 'alarm.keep-open', { note })} />}
      {dialog === 'close' && <CloseDialog alarm={alarm} onClose={() => setDialog(undefined)} onConfirm={(reason) => from('close', 'alarm.close', reason === '' ? {} : { reason })} />}
    </>
  );
}
