// The registered workstations: where they are known from, and the codes that bind a browser to one. Article 9(4).
import { useState } from 'react';
import type { Workstation } from '@wanglou/plugin-access/contract';
import type { OutputOf } from '../api/operations.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useAct, useOperation } from '../app/use-operation.ts';
import { shortHash } from '../i18n/format.ts';
import { ReasonDialog } from '../inbox/reason-dialog.tsx';
import { Button } from '../kit/button.tsx';
import { CardTable } from '../kit/card-table.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Empty, Failure, Loading } from '../kit/states.tsx';
import { Status } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { StationDialog } from './station-dialog.tsx';

/** Lists, registers, invites and removes workstations. */
export function StationsTab() {
  const { words } = useApp();
  const loaded = useOperation('workstation.list', {});
  const [editing, setEditing] = useState<Workstation | 'new'>();
  const names = { name: words.t('stations.name'), known: words.t('stations.known-by'), tools: words.t('table.actions') };
  return (
    <div className="stack">
      <div className="row end">
        <Button look="primary" icon="plus" onClick={() => setEditing('new')} data-testid="station-new">
          {words.t('stations.new')}
        </Button>
      </div>
      <Loading loaded={loaded}>
        {({ workstations }) =>
          workstations.length === 0 ? (
            <Empty icon="keyboard" title={words.t('stations.empty')}>
              <p>{words.t('stations.empty-hint')}</p>
            </Empty>
          ) : (
            <CardTable caption={words.t('people-tab.stations')} names={names}>
              {workstations.map((station) => (
                <tr key={station.id} tabIndex={0} data-testid="station-row">
                  <td data-label={names.name}>
                    <b>{station.name}</b> <span className="faint">{station.id}</span>
                  </td>
                  <td data-label={names.known}>
                    <KnownBy station={station} />
                  </td>
                  <td data-label={names.tools}>
                    <StationTools station={station} onEdit={() => setEditing(station)} onChanged={loaded.reload} />
                  </td>
                </tr>
              ))}
            </CardTable>
          )
        }
      </Loading>
      {editing && <StationDialog station={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} onSaved={() => (setEditing(undefined), loaded.reload())} />}
    </div>
  );
}

function KnownBy({ station }: { readonly station: Workstation }) {
  const { words } = useApp();
  const { formats } = useDesk();
  if (station.removedMs !== undefined) return <Status tone="refused">{words.t('stations.removed-at', { moment: formats.moment(station.removedMs) })}</Status>;
  const ways = [...station.addresses, ...(station.certificateSha256 ? [words.t('stations.certificate', { hash: shortHash(station.certificateSha256) })] : []), ...(station.enrolled ? [words.t('stations.key')] : [])];
  return ways.length > 0 ? <span className="figures">{words.list(ways)}</span> : <Status tone="waiting">{words.t('stations.unknown')}</Status>;
}

function StationTools({ station, onEdit, onChanged }: { readonly station: Workstation; readonly onEdit: () => void; readonly onChanged: () => void }) {
  const { words, client } = useApp();
  const [invitation, setInvitation] = useState<OutputOf<'workstation.invite'>>();
  const [removing, setRemoving] = useState(false);
  const act = useAct();
  const say = useToast();
  const invite = () => act.run(async () => setInvitation(await client.call('workstation.invite', { workstation: station.id })));
  const remove = async (reason: string) => {
    await client.call('workstation.remove', { workstation: station.id, reason });
    setRemoving(false);
    say(words.t('stations.removed'));
    onChanged();
  };
  if (station.removedMs !== undefined) return <Button onClick={onEdit}>{words.t('stations.again')}</Button>;
  return (
    <span className="row">
      <Button onClick={onEdit}>{words.t('stations.edit')}</Button>
      <Button icon="lock" busy={act.busy} onClick={() => void invite()} data-testid="station-invite">
        {words.t('stations.invite')}
      </Button>
      <Button look="danger" onClick={() => setRemoving(true)}>
        {words.t('stations.remove')}
      </Button>
      {act.problem && <Failure problem={act.problem} />}
      {invitation && <Invitation station={station} invitation={invitation} onClose={() => (setInvitation(undefined), onChanged())} />}
      {removing && <ReasonDialog title={words.t('stations.remove')} confirm={words.t('stations.remove')} testId="station-remove" hint={words.t('stations.remove-hint')} onConfirm={remove} onClose={() => setRemoving(false)} />}
    </span>
  );
}

function Invitation({ station, invitation, onClose }: { readonly station: Workstation; readonly invitation: OutputOf<'workstation.invite'>; readonly onClose: () => void }) {
  const { words } = useApp();
  const { formats } = useDesk();
  return (
    <Dialog title={words.t('stations.invite')} onClose={onClose}>
      <p>{words.t('stations.code-told', { name: station.name, moment: formats.moment(invitation.expiresMs) })}</p>
      <p className="codes">
        <code data-testid="station-invite-code">{invitation.code}</code>
      </p>
    </Dialog>
  );
}
