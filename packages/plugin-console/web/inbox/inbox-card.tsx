// One request in the inbox: everything that was asked, and the judgement.
import { useState } from 'react';
import type { AccessRequest, Grant, Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { GrantLine } from '../requests/grant-line.tsx';
import { grantState } from '../requests/grant-state.ts';
import { ActionChips, nameOf, RequestFacts, RequestStatus } from '../requests/request-facts.tsx';
import { awaitedStep, judgement } from '../requests/request-state.ts';
import { ReviewPath } from '../requests/review-path.tsx';
import { WaitLine } from '../requests/wait-line.tsx';
import { Documents } from './documents.tsx';
import { JudgeForm } from './judge-form.tsx';
import { judgeOf, lenderOf } from './lanes.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { RecentRequests } from './recent-requests.tsx';

/** What a card takes. */
export interface InboxCardProps {
  readonly request: AccessRequest;
  readonly grant: Grant | undefined;
  readonly people: readonly Person[];
  /** Other requests of the same person. */
  readonly recent: readonly AccessRequest[];
  readonly onChanged: (changes: { readonly request?: AccessRequest; readonly grant?: Grant | undefined }) => void;
}

/** Judges one request. */
export function InboxCard({ request, grant, people, recent, onChanged }: InboxCardProps) {
  const { words } = useApp();
  const { session, formats, unitName } = useDesk();
  const standing = judgement(request, judgeOf(session, people));
  const unit = awaitedStep(request)?.unit ?? '';
  const requester = people.find(({ id }) => id === request.requester);
  const lender = standing === 'mine' ? lenderOf(session, unit, people) : undefined;
  return (
    <li className={standing === 'mine' ? 'card waiting' : 'card'} data-testid="inbox-item" data-request={request.id} data-state={request.state} tabIndex={0} aria-label={words.t('inbox.item', { person: nameOf(request.requester, people), state: words.t(`request-state.${request.state}`) })}>
      <header className="row">
        <RequestStatus request={request} />
        <b>{nameOf(request.requester, people)}</b>
        {requester && <span className="faint">{unitName(requester.unit)}</span>}
        <ActionChips actions={request.scope.actions} />
        <div className="grow" />
        {grant && <GrantLine grant={grant} />}
        {request.state === 'submitted' && <WaitLine request={request} />}
        <time className="faint figures">{formats.moment(request.createdMs)}</time>
      </header>
      <RequestFacts request={request} people={people} />
      {request.visit && <Documents request={request} documents={request.visit.documents} />}
      <ReviewPath request={request} people={people} />
      {recent.length > 0 && <RecentRequests recent={recent} />}
      {lender && <Notice data-testid="inbox-on-behalf">{words.t('inbox.on-behalf', { person: lender, unit: unitName(unit) })}</Notice>}
      {standing === 'mine' && <JudgeForm request={request} onChanged={onChanged} />}
      {(standing === 'own' || standing === 'companion') && (
        <Notice tone="refused" data-testid="inbox-own">
          {words.t(`inbox.${standing}`)}
        </Notice>
      )}
      {standing === 'done' && <Notice>{words.t('inbox.done')}</Notice>}
      {standing === 'other-unit' && <Notice>{words.t('inbox.other-unit', { unit: unitName(unit) })}</Notice>}
      {grant && <Revoke grant={grant} onChanged={onChanged} />}
    </li>
  );
}

function Revoke({ grant, onChanged }: { readonly grant: Grant; readonly onChanged: InboxCardProps['onChanged'] }) {
  const { words, client } = useApp();
  const [revoking, setRevoking] = useState(false);
  const say = useToast();
  const nowMs = useNow(1000);
  const revoke = async (reason: string) => {
    onChanged({ grant: await client.call('grant.revoke', { grant: grant.id, reason }) });
    setRevoking(false);
    say(words.t('inbox.revoked'));
  };
  if (!['coming', 'ready', 'open'].includes(grantState(grant, nowMs))) return undefined;
  return (
    <footer className="row end">
      <Button look="danger" icon="cross" onClick={() => setRevoking(true)} data-testid="grant-revoke">
        {words.t('inbox.revoke')}
      </Button>
      {revoking && <ReasonDialog title={words.t('inbox.revoke-title')} confirm={words.t('inbox.revoke')} testId="grant-revoke" onConfirm={revoke} onClose={() => setRevoking(false)} />}
    </footer>
  );
}
