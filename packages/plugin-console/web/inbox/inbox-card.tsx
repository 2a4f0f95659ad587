// One request in the inbox: everything that was asked, and the judgement.
import { useState } from 'react';
import type { AccessRequest, Grant, Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { GrantLine } from '../requests/grant-line.tsx';
import { ActionChips, RequestFacts, RequestStatus, ReviewPath } from '../requests/request-facts.tsx';
import { awaitedUnit, grantState, judgement } from '../requests/request-state.ts';
import { useNow } from '../app/use-now.ts';
import { ReasonDialog } from './reason-dialog.tsx';

interface InboxCardProps {
  readonly request: AccessRequest;
  readonly grant: Grant | undefined;
  readonly requester: Person | undefined;
  readonly onChanged: (changes: { readonly request?: AccessRequest; readonly grant?: Grant | undefined }) => void;
}

/** How long a grant may be used; the longest is what the operation takes. */
const minutesChoices = [10, 30, 60, 120, 480, 1440, 4320, 10_080, 20_160] as const;

/** Judges one request. */
export function InboxCard({ request, grant, requester, onChanged }: InboxCardProps) {
  const { words } = useApp();
  const { session, formats, unitName } = useDesk();
  const standing = judgement(request, session.person);
  return (
    <li className={standing === 'mine' ? 'card waiting' : 'card'} data-testid="inbox-item" data-request={request.id} data-state={request.state}>
      <header className="row">
        <RequestStatus request={request} />
        <b>{requester?.name ?? request.requester}</b>
        {requester && <span className="faint">{unitName(requester.unit)}</span>}
        <ActionChips actions={request.scope.actions} />
        <div className="grow" />
        {grant && <GrantLine grant={grant} />}
        <time className="faint figures">{formats.moment(request.createdMs)}</time>
      </header>
      <RequestFacts request={request} />
      <ReviewPath request={request} />
      {standing === 'mine' && <Judge request={request} onChanged={onChanged} />}
      {standing === 'own' && (
        <Notice tone="refused" data-testid="inbox-own">
          {words.t('inbox.own')}
        </Notice>
      )}
      {standing === 'other-unit' && <Notice>{words.t('inbox.other-unit', { unit: unitName(awaitedUnit(request) ?? '') })}</Notice>}
      {grant && <Revoke grant={grant} onChanged={onChanged} />}
    </li>
  );
}

function Judge({ request, onChanged }: Pick<InboxCardProps, 'request' | 'onChanged'>) {
  const { words, client } = useApp();
  const { formats } = useDesk();
  const [minutes, setMinutes] = useState(60);
  const [denying, setDenying] = useState(false);
  const act = useAct();
  const say = useToast();
  const approve = () =>
    act.run(async () => {
      onChanged(await client.call('request.approve', { request: request.id, sha256: request.sha256, minutes }));
      say(words.t('inbox.approved'));
    });
  const deny = async (reason: string) => {
    onChanged({ request: await client.call('request.deny', { request: request.id, reason }) });
    setDenying(false);
    say(words.t('inbox.denied'));
  };
  return (
    <>
      {act.problem && <Failure problem={act.problem} />}
      <footer className="row end">
        <label className="row tight">
          <span className="faint">{words.t('inbox.minutes')}</span>
          <select className="slim figures" data-testid="inbox-minutes" value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
            {minutesChoices.map((choice) => (
              <option key={choice} value={choice}>
                {formats.length(choice * 60_000)}
              </option>
            ))}
          </select>
        </label>
        <Button onClick={() => setDenying(true)} data-testid="inbox-deny">
          {words.t('inbox.deny')}
        </Button>
        <Button look="primary" icon="check" busy={act.busy} onClick={() => void approve()} data-testid="inbox-approve">
          {words.t('inbox.approve')}
        </Button>
      </footer>
      {denying && <ReasonDialog title={words.t('inbox.deny-title')} confirm={words.t('inbox.deny')} testId="inbox-deny" onConfirm={deny} onClose={() => setDenying(false)} />}
    </>
  );
}

function Revoke({ grant, onChanged }: { readonly grant: Grant; readonly onChanged: InboxCardProps['onChanged'] }) {
  const { words, client } = useApp();
  const [revoking, setRevoking] = useState(false);
  const say = useToast();
  const open = ['open', 'coming'].includes(grantState(grant, useNow(1000)));
  const revoke = async (reason: string) => {
    onChanged({ grant: await client.call('grant.revoke', { grant: grant.id, reason }) });
    setRevoking(false);
    say(words.t('inbox.revoked'));
  };
  if (!open) return undefined;
  return (
    <footer className="row end">
      <Button look="danger" icon="cross" onClick={() => setRevoking(true)} data-testid="grant-revoke">
        {words.t('inbox.revoke')}
      </Button>
      {revoking && <ReasonDialog title={words.t('inbox.revoke-title')} confirm={words.t('inbox.revoke')} testId="grant-revoke" onConfirm={revoke} onClose={() => setRevoking(false)} />}
    </footer>
  );
}
