// One's own delegations: heads are away, requests are not. Article 8.
import { useState } from 'react';
import type { Delegation } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { Status, type Tone } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { DelegationDialog } from './delegation-dialog.tsx';
import { delegationState, type DelegationState } from './delegation-state.ts';

/** Lists, makes and revokes delegations. */
export function Delegations() {
  const { words } = useApp();
  const loaded = useOperation('delegation.list', {});
  const [making, setMaking] = useState(false);
  return (
    <>
      <p className="hint">{words.t('delegation.intro')}</p>
      <Loading loaded={loaded} rows={2}>
        {({ delegations, people }) => (
          <>
            {delegations.length === 0 && <p className="faint">{words.t('delegation.empty')}</p>}
            <ul className="lines">
              {delegations.map((delegation) => (
                <Line key={delegation.id} delegation={delegation} nameOf={(id) => people.find((person) => person.id === id)?.name ?? id} onChanged={loaded.reload} />
              ))}
            </ul>
            <div className="row">
              <Button icon="plus" onClick={() => setMaking(true)} data-testid="delegation-new">
                {words.t('delegation.new')}
              </Button>
            </div>
            {making && <DelegationDialog people={people} onClose={() => setMaking(false)} onMade={() => (setMaking(false), loaded.reload())} />}
          </>
        )}
      </Loading>
    </>
  );
}

const tones: Readonly<Record<DelegationState, Tone>> = { coming: 'waiting', open: 'good', ended: 'plain', revoked: 'refused' };

function Line({ delegation, nameOf, onChanged }: { readonly delegation: Delegation; readonly nameOf: (id: string) => string; readonly onChanged: () => void }) {
  const { words, client, now } = useApp();
  const { session, formats, roleName } = useDesk();
  const act = useAct();
  const say = useToast();
  const state = delegationState(delegation, now());
  const given = delegation.from === session.person.id;
  const revoke = () =>
    act.run(async () => {
      await client.call('delegation.revoke', { delegation: delegation.id });
      say(words.t('delegation.revoked'));
      onChanged();
    });
  return (
    <li data-testid="delegation" data-state={state}>
      <div className="row">
        <Status tone={tones[state]}>{words.t(`delegation-state.${state}`)}</Status>
        <b>{given ? words.t('delegation.given', { to: nameOf(delegation.to), role: roleName(delegation.role) }) : words.t('delegation.received', { from: nameOf(delegation.from), role: roleName(delegation.role) })}</b>
        <span className="faint figures">{formats.range(delegation)}</span>
        <div className="grow" />
        {given && (state === 'open' || state === 'coming') && (
          <Button busy={act.busy} onClick={() => void revoke()} data-testid="delegation-revoke">
            {words.t('delegation.revoke')}
          </Button>
        )}
      </div>
      <p className="faint">{delegation.reason}</p>
      {act.problem && <Failure problem={act.problem} />}
    </li>
  );
}
