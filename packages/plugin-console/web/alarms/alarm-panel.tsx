// One alarm at hand: its picture at once, what comes next, and everything that was done.
import { useState } from 'react';
import type { Alarm } from '@wanglou/core';
import { useCameras } from '../app/cameras.tsx';
import { useApp, useDesk } from '../app/context.ts';
import { usePeopleNames } from '../app/people-names.ts';
import { Fact } from '../kit/fact.tsx';
import { Notice, Status } from '../kit/status.tsx';
import { Tile } from '../wall/tile.tsx';
import { AlarmTools } from './alarm-tools.tsx';
import { stepText, toneOf } from './alarm-words.ts';

/** Shows an alarm. */
export function AlarmPanel({ alarm }: { readonly alarm: Alarm }) {
  const { words } = useApp();
  const { formats, session } = useDesk();
  const cameras = useCameras();
  const names = usePeopleNames();
  const [shown, setShown] = useState(alarm.cameras[0]);
  const { cameras: linked, restoredMs, closing, steps } = alarm;
  return (
    <section className="card alarm-panel" aria-label={words.text(alarm.title)} data-testid="alarm-panel" data-state={alarm.state}>
      <header className="row">
        <Status tone={toneOf(alarm)} icon={alarm.priority === 'fire' ? 'bolt' : 'warn'}>
          {words.t(`alarm-priority.${alarm.priority}`)}
        </Status>
        <h2>{words.text(alarm.title)}</h2>
      </header>
      {shown !== undefined && session.onDuty && (
        <div className="alarm-picture">
          <Tile camera={shown} number={1} focused selected single={false} onSelect={() => undefined} onFocus={() => undefined} onRemove={() => undefined} />
        </div>
      )}
      {linked.length > 1 && (
        <div className="row" role="group" aria-label={words.t('request.cameras')}>
          {linked.map((camera) => (
            <button key={camera} type="button" className="button" aria-pressed={camera === shown} onClick={() => setShown(camera)}>
              {cameras.name(camera)}
            </button>
          ))}
        </div>
      )}
      <dl className="facts">
        <Fact name={words.t('alarm.state')}>{words.t(`alarm-state.${alarm.state}`)}</Fact>
        <Fact name={words.t('alarm.received')}>
          <span className="figures">{formats.moment(alarm.receivedMs)}</span>
        </Fact>
        <Fact name={words.t('alarm.restored')}>{restoredMs === undefined ? words.t('alarm.not-restored') : <span className="figures">{formats.moment(restoredMs)}</span>}</Fact>
        <Fact name={words.t('alarm.source')}>
          <code>{alarm.source}</code>
        </Fact>
      </dl>
      {closing && (
        <Notice tone="waiting" icon="clock">
          {words.t('alarm.closing', { person: names.nameOf(closing.by) ?? closing.by })}
          {closing.reason !== undefined && <p>{closing.reason}</p>}
        </Notice>
      )}
      <AlarmTools alarm={alarm} />
      <ol className="alarm-steps">
        {steps.map((step, index) => (
          <li key={index}>
            <time className="figures">{formats.moment(step.atMs)}</time> <span>{stepText(step, words)}</span> {step.person !== undefined && <b>{names.nameOf(step.person) ?? step.person}</b>}
            {step.note !== undefined && <p>{step.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
