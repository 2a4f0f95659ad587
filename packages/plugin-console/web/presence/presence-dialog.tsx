// Presence where something was refused or paused for want of it, such as a tile of the wall.
import { useApp, type AskedAct } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Loading } from '../kit/states.tsx';
import { PresencePanel } from './presence-panel.tsx';
import { visitRequestOf } from './visit-request.ts';

interface PresenceDialogProps {
  /** The act that was refused. */
  readonly asked: AskedAct | undefined;
  readonly onClose: () => void;
  readonly onComplete: () => void;
}

/** Finds the visit that the act belongs to and lets its persons confirm. */
export default function PresenceDialog({ asked, onClose, onComplete }: PresenceDialogProps) {
  const { words, now } = useApp();
  const mine = useOperation('request.list-mine', { limit: 100 });
  return (
    <Dialog title={words.t('presence.title')} onClose={onClose}>
      <Loading loaded={mine} rows={2}>
        {(lists) => {
          const request = visitRequestOf(lists, asked, now());
          return request ? <PresencePanel request={request} onComplete={onComplete} /> : <p>{words.t('presence.no-visit')}</p>;
        }}
      </Loading>
      <div className="row end">
        <Button onClick={onClose}>{words.t('button.close')}</Button>
      </div>
    </Dialog>
  );
}
