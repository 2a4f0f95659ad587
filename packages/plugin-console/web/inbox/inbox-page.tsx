// The review inbox. Article 10: a unit judges; nobody judges their own request.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AccessRequest, Grant } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useNow } from '../app/use-now.ts';
import { useOperation } from '../app/use-operation.ts';
import type { OutputOf } from '../api/operations.ts';
import { EmergencyLane } from '../emergency/emergency-lane.tsx';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useCardKeys } from '../kit/use-card-keys.ts';
import { MyRequests } from '../requests/my-requests.tsx';
import { grantOf, judgement, waitingFirst } from '../requests/request-state.ts';
import { useLiveRequests } from '../requests/use-live-requests.ts';
import { InboxCard } from './inbox-card.tsx';
import { judgeOf, laneOf, lanes, readLane, recentOf, type Lane } from './lanes.ts';

const every = () => true;

/** Lists what one's units judge, by lane. */
export default function InboxPage() {
  const { words } = useApp();
  const { session, campus } = useDesk();
  const place = usePlace();
  const lane = readLane(place.query);
  const { patch, ...loaded } = useLiveRequests(useOperation('request.list-inbox', { limit: 100 }), every);
  const judge = judgeOf(session, loaded.data?.people ?? []);
  const waiting = loaded.data?.requests.filter((request) => judgement(request, judge) === 'mine').length ?? 0;
  const shownLanes = lanes.filter((name) => name !== 'emergency' || campus.emergency);
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
      <Tabs label={words.t('inbox.lanes')} testId="lane" tabs={shownLanes.map((name) => ({ id: name, title: words.t(`lane.${name}`) }))} chosen={lane} onChoose={(name) => navigate(withQuery(place, { lane: name === 'waiting' ? undefined : name }), { replace: true })}>
        {lane === 'mine' ? <MyRequests /> : lane === 'emergency' ? <EmergencyLane /> : <Loading loaded={loaded}>{(lists) => <RequestLane key={lane} lane={lane} lists={lists} onChanged={patch} />}</Loading>}
      </Tabs>
    </div>
  );
}

interface RequestLaneProps {
  readonly lane: Exclude<Lane, 'mine' | 'emergency'>;
  readonly lists: OutputOf<'request.list-inbox'>;
  readonly onChanged: (changes: { readonly request?: AccessRequest; readonly grant?: Grant | undefined }) => void;
}

function RequestLane({ lane, lists, onChanged }: RequestLaneProps) {
  const { words } = useApp();
  const { session } = useDesk();
  const { requests, grants, people, recent } = lists;
  const nowMs = useNow(10_000);
  const stayed = useStayed(lists, lane, nowMs);
  const onKeyDown = useCardKeys();
  const shown = waitingFirst(
    requests.filter((request) => laneOf(request, grants, nowMs) === lane || stayed.has(request.id)),
    judgeOf(session, people),
  );
  if (shown.length === 0) {
    return (
      <Empty icon="inbox" title={words.t(`lane-empty.${lane}`)}>
        <p>{words.t('inbox.empty-hint')}</p>
      </Empty>
    );
  }
  return (
    <ul className="cards" onKeyDown={onKeyDown}>
      {shown.map((request) => (
        <InboxCard key={request.id} request={request} grant={grantOf(request, grants)} people={people} recent={recentOf(request, recent)} onChanged={onChanged} />
      ))}
    </ul>
  );
}

/** A card that was judged stays in its lane while the lane is open: it would vanish under the reader's eyes otherwise. */
function useStayed(lists: OutputOf<'request.list-inbox'>, lane: Lane, nowMs: number): ReadonlySet<string> {
  const first = useRef<ReadonlySet<string>>(new Set());
  const [stayed, setStayed] = useState<ReadonlySet<string>>(first.current);
  const note = useCallback((now: ReadonlySet<string>) => setStayed((before) => (now.size === before.size ? before : now)), []);
  useEffect(() => {
    const here = lists.requests.filter((request) => laneOf(request, lists.grants, nowMs) === lane).map(({ id }) => id);
    first.current = new Set([...first.current, ...here]);
    note(first.current);
  }, [lists, lane, nowMs, note]);
  return stayed;
}
