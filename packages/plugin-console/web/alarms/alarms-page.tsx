// The alarm desk: what is open, the most urgent first, and one alarm at hand with its picture, what can be done, and what was done. Article 17(3).
import { useApp } from '../app/context.ts';
import { navigate, usePlace } from '../app/router.tsx';
import { Empty, Failure, Skeleton } from '../kit/states.tsx';
import { Status } from '../kit/status.tsx';
import { AlarmPanel } from './alarm-panel.tsx';
import { toneOf } from './alarm-words.ts';
import { useAlarms } from './alarms-provider.tsx';

/** The page. */
export default function AlarmsPage() {
  const { words } = useApp();
  const { query } = usePlace();
  const { alarms, problem, loading, reload } = useAlarms();
  const wanted = query.get('alarm');
  const chosen = alarms.find(({ id }) => id === wanted) ?? alarms[0];
  return (
    <div className="page">
      <header className="page-head row">
        <h1>{words.t('page.alarms')}</h1>
      </header>
      {problem && <Failure problem={problem} onRetry={reload} />}
      {alarms.length === 0 && loading && <Skeleton />}
      {alarms.length === 0 && !loading && !problem && (
        <Empty icon="check" title={words.t('alarm.none')}>
          <p>{words.t('alarm.none-hint')}</p>
        </Empty>
      )}
      {chosen && (
        <div className="alarm-desk">
          <nav aria-label={words.t('alarm.queue')}>
            <ul className="alarm-queue">
              {alarms.map((alarm) => (
                <li key={alarm.id}>
                  <button type="button" aria-current={alarm.id === chosen.id} onClick={() => navigate(`/alarms?alarm=${alarm.id}`, { replace: true })} data-testid="alarm" data-state={alarm.state} data-priority={alarm.priority}>
                    <Status tone={toneOf(alarm)} icon={alarm.priority === 'fire' ? 'bolt' : 'warn'}>
                      {words.t(`alarm-priority.${alarm.priority}`)} · {words.t(`alarm-state.${alarm.state}`)}
                    </Status>
                    <b>{words.text(alarm.title)}</b>
                    {alarm.count > 1 && <span className="faint figures">{words.t('alarm.count', { count: String(alarm.count) })}</span>}
                  </button>
                </li>
              ))}
            </ul>
          </nav>
          <AlarmPanel key={chosen.id} alarm={chosen} />
        </div>
      )}
    </div>
  );
}
