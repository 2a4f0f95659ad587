// One request of one's own, with what can be done about it now.
import { useState } from 'react';
import type { AccessRequest, Grant, Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import { useNow } from '../app/use-now.ts';
import { Button } from '../kit/button.tsx';
import { Failure } from '../kit/states.tsx';
import { ReceiptButton } from '../receipts/receipt-button.tsx';
import { GrantLine } from './grant-line.tsx';
import { isUsable } from './grant-state.ts';
import { GrantTools } from './grant-tools.tsx';
import { ActionChips, RequestFacts, RequestStatus } from './request-facts.tsx';
import { ReviewPath } from './review-path.tsx';
import { WaitLine } from './wait-line.tsx';

interface RequestCardProps {
  readonly request: AccessRequest;
  readonly grant: Grant | undefined;
  readonly people: readonly Person[];
  readonly onChanged: (changes: { readonly request?: AccessRequest; readonly grant?: Grant }) => void;
}

/** Shows a request as an item of a list. */
export function RequestCard({ request, grant, people, onChanged }: RequestCardProps) {
  const { formats } = useDesk();
  return (
    <li className="card" data-testid="request-item" data-request={request.id} data-state={request.state} tabIndex={-1}>
      <header className="row">
        <RequestStatus request={request} />
        <ActionChips actions={request.scope.actions} />
        <div className="grow" />
        {grant && <GrantLine grant={grant} />}
        {request.state === 'submitted' && <WaitLine request={request} />}
        <time className="faint figures">{formats.moment(request.createdMs)}</time>
      </header>
      <RequestFacts request={request} people={people} />
      <ReviewPath request={request} people={people} />
      <RequestTools request={request} grant={grant} onChanged={onChanged} />
    </li>
  );
}

function RequestTools({ request, grant, onChanged }: Pick<RequestCardProps, 'request' | 'grant' | 'onChanged'>) {
  const { words, client } = useApp();
  const [sure, setSure] = useState(false);
  const act = useAct();
  const waiting = request.state === 'submitted';
  const withdraw = () => act.run(async () => onChanged({ request: await client.call('request.withdraw', { request: request.id }) }));
  return (
    <>
      {act.problem && <Failure problem={act.problem} />}
      <footer className="row end">
        {request.call !== undefined && <ReceiptButton of={{ call: request.call }} label={words.t('receipt.of-request')} />}
        {request.visit && (
          <>
            <Button look="quiet" icon="print" onClick={() => navigate(`/requests/${request.id}/form`)}>
              {words.t('page.paper-form')}
            </Button>
            {request.state === 'approved' && (
              <Button look="quiet" icon="print" onClick={() => navigate(`/requests/${request.id}/receipt`)}>
                {words.t('page.paper-receipt')}
              </Button>
            )}
          </>
        )}
        {waiting && !request.visit && (
          <Button onClick={() => navigate(`/requests/${request.id}/amend`)} data-testid="request-amend">
            {words.t('request.amend')}
          </Button>
        )}
        {waiting && (
          <Button look={sure ? 'danger' : 'plain'} busy={act.busy} onClick={() => (sure || request.reviews.length === 0 ? void withdraw() : setSure(true))} data-testid="request-withdraw">
            {words.t(sure ? 'request.withdraw-sure' : 'request.withdraw')}
          </Button>
        )}
        {grant && <PlayTools request={request} grant={grant} />}
        {grant && <GrantTools grant={grant} onChanged={(changed) => onChanged({ grant: changed })} />}
      </footer>
    </>
  );
}

function PlayTools({ request, grant }: { readonly request: AccessRequest; readonly grant: Grant }) {
  const { words } = useApp();
  const { cameras, range, actions } = request.scope;
  if (!isUsable(grant, useNow(1000))) return undefined;
  return (
    <>
      {actions.includes('live') && (
        <Button icon="wall" onClick={() => navigate(`/wall?cams=${cameras.join(',')}`)}>
          {words.t('grant.watch')}
        </Button>
      )}
      {actions.includes('playback') && (
        <Button look="primary" icon="play" data-testid="request-play" onClick={() => navigate(`/playback?camera=${cameras[0]}&from=${range.fromMs}&to=${range.toMs}`)}>
          {words.t('grant.play')}
        </Button>
      )}
    </>
  );
}
