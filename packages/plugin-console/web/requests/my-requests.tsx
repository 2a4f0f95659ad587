// One's own requests as a list that the server's events keep up: a page of its own, and a lane of the inbox.
import { useCallback } from 'react';
import type { AccessRequest } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { useCardKeys } from '../kit/use-card-keys.ts';
import { RequestCard } from './request-card.tsx';
import { grantOf } from './request-state.ts';
import { useLiveRequests } from './use-live-requests.ts';

/** Lists one's own requests, newest first. */
export function MyRequests() {
  const { words } = useApp();
  const { session } = useDesk();
  const mine = useCallback((request: AccessRequest) => request.requester === session.person.id, [session.person.id]);
  const { patch, ...loaded } = useLiveRequests(useOperation('request.list-mine', { limit: 100 }), mine);
  const onKeyDown = useCardKeys();
  return (
    <Loading loaded={loaded}>
      {({ requests, grants }) =>
        requests.length === 0 ? (
          <Empty icon="request" title={words.t('requests.empty')}>
            <p>{words.t('requests.empty-hint')}</p>
          </Empty>
        ) : (
          <>
            <ul className="cards" onKeyDown={onKeyDown}>
              {requests.map((request) => (
                <RequestCard key={request.id} request={request} grant={grantOf(request, grants)} people={[session.person]} onChanged={patch} />
              ))}
            </ul>
            <div className="row center">
              <Button icon="retry" look="quiet" onClick={loaded.reload} busy={loaded.loading}>
                {words.t('button.reload')}
              </Button>
            </div>
          </>
        )
      }
    </Loading>
  );
}
