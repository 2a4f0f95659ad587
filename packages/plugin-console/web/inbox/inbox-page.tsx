// The review inbox. Article 10: a unit judges; nobody judges their own request.
import { useCallback } from 'react';
import type { AccessRequest, Grant, Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { grantOf, judgement, waitingFirst } from '../requests/request-state.ts';
import { useLiveRequests } from '../requests/use-live-requests.ts';
import { InboxCard } from './inbox-card.tsx';

const every = () => true;

/** Lists what one's unit judges, waiting first. */
export default function InboxPage() {
  const { words } = useApp();
  const { person } = useDesk().session;
  const { patch, ...loaded } = useLiveRequests(useOperation('request.list-inbox', { limit: 100 }), every);
  const changed = useCallback((changes: { readonly request?: AccessRequest; readonly grant?: Grant | undefined }) => patch(changes), [patch]);
  const waiting = loaded.data?.requests.filter((request) => judgement(request, person) === 'mine').length ?? 0;
  return (
    <div className="page">
      <header className="page-head row">
        <h1>{words.t('page.inbox')}</h1>
        {waiting > 0 && <span className="count figures">{words.t('inbox.waiting', { count: waiting })}</span>}
        <div className="grow" />
        <Button icon="retry" look="quiet" onClick={loaded.reload} busy={loaded.loading}>
          {words.t('button.reload')}
        </Button>
      </header>
      <Loading loaded={loaded}>
        {({ requests, grants, people }) =>
          requests.length === 0 ? (
            <Empty icon="inbox" title={words.t('inbox.empty')}>
              <p>{words.t('inbox.empty-hint')}</p>
            </Empty>
          ) : (
            <ul className="cards">
              {waitingFirst(requests, person).map((request) => (
                <InboxCard key={request.id} request={request} grant={grantOf(request, grants)} requester={personOf(request, people)} onChanged={changed} />
              ))}
            </ul>
          )
        }
      </Loading>
    </div>
  );
}

function personOf(request: AccessRequest, people: readonly Person[]): Person | undefined {
  return people.find(({ id }) => id === request.requester);
}
