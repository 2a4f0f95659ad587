// The most urgent alarm that nobody has taken on stands over every page, and F1 takes it on.
import { useCallback, useEffect } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { useAlarms } from './alarms-provider.tsx';
import { isWaiting } from './urgency.ts';

/** Shows it, with the way to it. */
export function AlarmBanner() {
  const { words, client } = useApp();
  const { formats, session } = useDesk();
  const { alarms, took, mute } = useAlarms();
  const act = useAct();
  const alarm = alarms.find(isWaiting);
  const id = alarm?.id;
  const { run } = act;
  const may = session.actions.includes('duty');
  const acknowledge = useCallback((one: string) => void run(async () => (took(await client.call('alarm.acknowledge', { alarm: one })), navigate(`/alarms?alarm=${one}`))), [client, run, took]);
  useEffect(() => {
    if (id === undefined || !may) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F1' && event.key !== 'F8') return;
      event.preventDefault();
      if (event.key === 'F8') mute(id);
      else acknowledge(id);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [id, may, acknowledge, mute]);
  if (!alarm) return undefined;
  return (
    <Notice tone="alarm" icon="warn" role="alert" data-testid="alarm-banner">
      <span className="row">
        <b>{words.t(`alarm-priority.${alarm.priority}`)}</b>
        <span>{words.text(alarm.title)}</span>
        <time className="figures">{formats.moment(alarm.receivedMs)}</time>
        {alarm.count > 1 && <span className="figures">{words.t('alarm.count', { count: String(alarm.count) })}</span>}
        <span className="grow" />
        {may && (
          <>
            <Button busy={act.busy} look="primary" onClick={() => acknowledge(alarm.id)} data-testid="alarm-acknowledge-banner">
              {words.t('alarm.acknowledge')} F1
            </Button>
            <Button icon="mute" onClick={() => mute(alarm.id)}>
              {words.t('alarm.mute')} F8
            </Button>
          </>
        )}
        <Button onClick={() => navigate(`/alarms?alarm=${alarm.id}`)} data-testid="alarm-open">
          {words.t('alarm.open')}
        </Button>
      </span>
      {act.problem && <Failure problem={act.problem} />}
    </Notice>
  );
}
