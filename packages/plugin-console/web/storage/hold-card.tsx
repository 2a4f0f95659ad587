// A hold: what it keeps and why, and letting it go, which takes two persons.
import { useState } from 'react';
import type { Hold } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import type { PeopleNames } from '../app/people-names.ts';
import { useAct } from '../app/use-operation.ts';
import { ReasonDialog } from '../inbox/reason-dialog.tsx';
import { Button } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice, Status, type Tone } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { ExtendDialog } from './extend-dialog.tsx';

const tones: Readonly<Record<Hold['state'], Tone>> = { 'in-force': 'accent', ended: 'plain', lifted: 'plain' };

interface HoldCardProps {
  readonly hold: Hold;
  readonly names: PeopleNames;
  readonly onChanged: () => void;
}

/** Shows a hold. */
export function HoldCard({ hold, names, onChanged }: HoldCardProps) {
  const { words } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const { state, lift, endsMs } = hold;
  const name = (id: string) => names.nameOf(id) ?? id;
  return (
    <li className={lift && state === 'in-force' ? 'card waiting' : 'card'} data-testid="hold" data-state={state}>
      <header className="row">
        <Status tone={tones[state]} icon={state === 'in-force' ? 'lock' : 'check'}>
          {words.t(`hold-state.${state}`)}
        </Status>
        <b>{hold.caseNumber ?? hold.reason}</b>
        <div className="grow" />
        <time className="faint figures">{formats.moment(hold.placedMs)}</time>
      </header>
      <dl className="facts">
        <Fact name={words.t('request.cameras')}>{words.list(hold.cameras.map((id) => cameras.name(id)))}</Fact>
        <Fact name={words.t('hold.range')}>
          <span className="figures">{formats.range(hold)}</span>
        </Fact>
        <Fact name={words.t('inbox.reason')}>{hold.reason}</Fact>
        <Fact name={words.t('hold.placed-by')}>{name(hold.placedBy)}</Fact>
        <Fact name={words.t('hold.ends')}>
          <span className="figures">{endsMs === undefined ? words.t('hold.endless') : formats.moment(endsMs)}</span>
        </Fact>
      </dl>
      {lift && (
        <Notice tone={state === 'in-force' ? 'waiting' : 'plain'} data-testid="hold-lift">
          {words.t('hold.lift-proposed', { person: name(lift.proposedBy), moment: formats.moment(lift.proposedMs), reason: lift.reason })}
          {lift.confirmedBy !== undefined && lift.confirmedMs !== undefined && <> {words.t('hold.lift-confirmed', { person: name(lift.confirmedBy), moment: formats.moment(lift.confirmedMs) })}</>}
        </Notice>
      )}
      {state === 'in-force' && <HoldTools hold={hold} onChanged={onChanged} />}
    </li>
  );
}

type Asked = 'lift' | 'keep' | 'extend';

function HoldTools({ hold, onChanged }: { readonly hold: Hold; readonly onChanged: () => void }) {
  const { words, client } = useApp();
  const { session } = useDesk();
  const [asked, setAsked] = useState<Asked>();
  const act = useAct();
  const say = useToast();
  const done = (message: Parameters<typeof words.t>[0]) => {
    setAsked(undefined);
    say(words.t(message));
    onChanged();
  };
  const confirm = () =>
    act.run(async () => {
      await client.call('recording.confirm-lift', { hold: hold.id });
      done('hold.lifted');
    });
  const isOwn = hold.lift?.proposedBy === session.person.id;
  return (
    <>
      {act.problem && <Failure problem={act.problem} />}
      <footer className="row end">
        {hold.endsMs !== undefined && (
          <Button onClick={() => setAsked('extend')} data-testid="hold-extend">
            {words.t('hold.extend')}
          </Button>
        )}
        {hold.lift ? (
          <Button onClick={() => setAsked('keep')} data-testid="hold-keep">
            {words.t('hold.keep')}
          </Button>
        ) : (
          <Button onClick={() => setAsked('lift')} data-testid="hold-lift-propose">
            {words.t('hold.lift')}
          </Button>
        )}
        {hold.lift && !isOwn && session.actions.includes('review') && (
          <Button look="danger" busy={act.busy} onClick={() => void confirm()} data-testid="hold-confirm-lift">
            {words.t('hold.confirm-lift')}
          </Button>
        )}
      </footer>
      {hold.lift && isOwn && <p className="hint">{words.t('hold.own')}</p>}
      {asked === 'lift' && (
        <ReasonDialog title={words.t('hold.lift')} confirm={words.t('hold.lift')} hint={words.t('hold.lift-hint')} testId="hold-lift" look="primary" onConfirm={async (reason) => (await client.call('recording.lift-hold', { hold: hold.id, reason }), done('hold.proposed'))} onClose={() => setAsked(undefined)} />
      )}
      {asked === 'keep' && (
        <ReasonDialog title={words.t('hold.keep')} confirm={words.t('hold.keep')} testId="hold-keep" look="primary" onConfirm={async (reason) => (await client.call('recording.keep-hold', { hold: hold.id, reason }), done('hold.kept'))} onClose={() => setAsked(undefined)} />
      )}
      {asked === 'extend' && <ExtendDialog hold={hold} onClose={() => setAsked(undefined)} onExtended={() => done('hold.extended')} />}
    </>
  );
}
