// The room for footage, how long it lasts, and what is held beyond its retention. Articles 2, 12(2) and 12(3).
import { useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { usePeopleNames } from '../app/people-names.ts';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { ClockNotice } from './clock-notice.tsx';
import { DiskCard } from './disk-card.tsx';
import { HoldCard } from './hold-card.tsx';
import { HoldDialog } from './hold-dialog.tsx';
import { RoomCard } from './room-card.tsx';

/** Shows the room, the disks and the holds. */
export default function StoragePage() {
  const { words } = useApp();
  const { session } = useDesk();
  const storage = useOperation('recording.storage', {});
  const retention = useOperation('recording.retention', {});
  return (
    <div className="page">
      <header className="page-head row">
        <h1>{words.t('page.storage')}</h1>
      </header>
      <div className="stack">
        {retention.data?.pause && <ClockNotice pause={retention.data.pause} onConfirmed={retention.reload} />}
        <Loading loaded={storage} rows={2}>
          {({ disks, ...room }) => (
            <>
              <RoomCard storage={room} />
              <ul className="cards" aria-label={words.t('storage.disks')}>
                {disks.map((disk) => (
                  <DiskCard key={disk.path} disk={disk} />
                ))}
              </ul>
            </>
          )}
        </Loading>
        {session.actions.includes('hold') && <Holds />}
      </div>
    </div>
  );
}

function Holds() {
  const { words } = useApp();
  const names = usePeopleNames();
  const [all, setAll] = useState(false);
  const [placing, setPlacing] = useState(false);
  const loaded = useOperation('recording.holds', { all });
  const { reload } = loaded;
  return (
    <section className="stack" aria-label={words.t('hold.title')}>
      <div className="row">
        <h2>{words.t('hold.title')}</h2>
        <div className="grow" />
        <label className="check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} data-testid="hold-all" />
          {words.t('hold.all')}
        </label>
        <Button icon="plus" onClick={() => setPlacing(true)} data-testid="hold-new">
          {words.t('hold.new')}
        </Button>
      </div>
      <Loading loaded={loaded}>
        {({ holds }) =>
          holds.length === 0 ? (
            <Empty icon="lock" title={words.t('hold.none')}>
              <p>{words.t('hold.none-hint')}</p>
            </Empty>
          ) : (
            <ul className="cards">
              {holds.map((hold) => (
                <HoldCard key={hold.id} hold={hold} names={names} onChanged={reload} />
              ))}
            </ul>
          )
        }
      </Loading>
      {placing && <HoldDialog onClose={() => setPlacing(false)} onPlaced={() => (setPlacing(false), reload())} />}
    </section>
  );
}
