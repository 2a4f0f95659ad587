// One's own requests and the grants that came of them.
import { useCallback } from 'react';
import type { AccessRequest, Grant } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { useAct, useOperation } from '../app/use-operation.ts';
import { useNow } from '../app/use-now.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure, Loading } from '../kit/states.tsx';
import { GrantLine } from './grant-line.tsx';
import { ActionChips, RequestFacts, RequestStatus, ReviewPath } from './request-facts.tsx';
import { grantOf, grantState } from './request-state.ts';
import { useLiveRequests } from './use-live-requests.ts';

/** Lists one's own requests. */
export default function RequestsPage() {
  const { words } = useApp();
  const { session } = useDesk();
  const mine = useCallback((request: AccessRequest) => request.requester === session.person.id, [session.person.id]);
  const { patch, ...loaded } = useLiveRequests(useOperation('request.list-mine', { limit: 100 }), mine);
  return (
    <div className="page">
      <header className="page-head row">
        <h1>{words.t('page.requests')}</h1>
        <div className="grow" />
        <Button icon="retry" look="quiet" onClick={loaded.reload} busy={loaded.loading}>
          {words.t('button.reload')}
        </Button>
        <Button look="primary" icon="plus" onClick={() => navigate('/requests/new')} data-testid="request-new">
          {words.t('request.new')}
        </Button>
      </header>
      <Loading loaded={loaded}>
        {({ requests, grants }) =>
          requests.length === 0 ? (
            <Empty icon="request" title={words.t('requests.empty')}>
              <p>{words.t('requests.empty-hint')}</p>
            </Empty>
          ) : (
            <ul className="cards">
              {requests.map((request) => (
                <RequestCard key={request.id} request={request} grant={grantOf(request, grants)} onChanged={(changed) => patch({ request: changed })} />
              ))}
            </ul>
          )
        }
      </Loading>
    </div>
  );
}

function RequestCard({ request, grant, onChanged }: { readonly request: AccessRequest; readonly grant: Grant | undefined; readonly onChanged: (request: AccessRequest) => void }) {
  const { words, client } = useApp();
  const { formats } = useDesk();
  const act = useAct();
  const nowMs = useNow(1000);
  const open = grant && grantState(grant, nowMs) === 'open';
  const withdraw = () => act.run(async () => onChanged(await client.call('request.withdraw', { request: request.id })));
  const { cameras, range, actions } = request.scope;
  return (
    <li className="card" data-testid="request-item" data-request={request.id} data-state={request.state}>
      <header className="row">
        <RequestStatus request={request} />
        <ActionChips actions={actions} />
        <div className="grow" />
        {grant && <GrantLine grant={grant} />}
        <time className="faint figures">{formats.moment(request.createdMs)}</time>
      </header>
      <RequestFacts request={request} />
      <ReviewPath request={request} />
      {act.problem && <Failure problem={act.problem} />}
      <footer className="row end">
        {request.state === 'submitted' && (
          <Button busy={act.busy} onClick={() => void withdraw()} data-testid="request-withdraw">
            {words.t('request.withdraw')}
          </Button>
        )}
        {open && actions.includes('live') && <Button icon="wall" onClick={() => navigate(`/wall?cams=${cameras.join(',')}`)}>{words.t('grant.watch')}</Button>}
        {open && actions.includes('playback') && (
          <Button look="primary" icon="play" data-testid="request-play" onClick={() => navigate(`/playback?camera=${cameras[0]}&from=${range.fromMs}&to=${range.toMs}`)}>
            {words.t('grant.play')}
          </Button>
        )}
      </footer>
    </li>
  );
}
