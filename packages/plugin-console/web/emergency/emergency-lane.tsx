// Emergencies in the inbox: each is answered for, by a deadline, before different persons. Articles 8 and 17.
import { useEffect, useState } from 'react';
import type { Grant, Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { useNow } from '../app/use-now.ts';
import { useOperation } from '../app/use-operation.ts';
import { ReasonDialog } from '../inbox/reason-dialog.tsx';
import { Button } from '../kit/button.tsx';
import { Countdown } from '../kit/countdown.tsx';
import { Fact } from '../kit/fact.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { Notice, Status, type Tone } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { useCardKeys } from '../kit/use-card-keys.ts';
import { GrantLine } from '../requests/grant-line.tsx';
import { nameOf, reviewerOf } from '../requests/request-facts.tsx';
import { mayReview, reviewState, type ReviewState } from './open-emergencies.ts';

/** Lists emergencies, newest first. */
export function EmergencyLane() {
  const { words } = useApp();
  const { feed } = useDesk();
  const loaded = useOperation('emergency.list', {});
  const { reload } = loaded;
  const onKeyDown = useCardKeys();
  useEffect(() => feed.on('emergency', reload), [feed, reload]);
  return (
    <Loading loaded={loaded}>
      {({ grants, people }) =>
        grants.length === 0 ? (
          <Empty icon="bolt" title={words.t('emergency.empty')}>
            <p>{words.t('emergency.empty-hint')}</p>
          </Empty>
        ) : (
          <ul className="cards" onKeyDown={onKeyDown}>
            {grants.map((grant) => (
              <EmergencyCard key={grant.id} grant={grant} people={people} onChanged={reload} />
            ))}
          </ul>
        )
      }
    </Loading>
  );
}

const tones: Readonly<Record<ReviewState, Tone>> = { waiting: 'waiting', late: 'waiting', upheld: 'good', violated: 'refused' };

function EmergencyCard({ grant, people, onChanged }: { readonly grant: Grant; readonly people: readonly Person[]; readonly onChanged: () => void }) {
  const { words } = useApp();
  const { campus, session, formats } = useDesk();
  const cameras = useCameras();
  const state = reviewState(grant, useNow(10_000));
  const { emergency } = grant;
  if (!emergency) return undefined;
  const waits = state === 'waiting' || state === 'late';
  return (
    <li className={waits ? 'card waiting' : 'card'} data-testid="emergency-item" data-state={state} tabIndex={0}>
      <header className="row">
        <Status tone={tones[state]} icon={state === 'upheld' ? 'check' : 'warn'}>
          {words.t(`emergency-state.${state}`, { given: emergency.reviews.length, count: emergency.reviewers })}
        </Status>
        <b>{nameOf(grant.holder, people)}</b>
        <div className="grow" />
        <GrantLine grant={grant} />
        {state === 'waiting' && <Countdown endsMs={emergency.reviewByMs} label={words.t('emergency.review-by')} />}
        <time className="faint figures">{formats.moment(grant.startsMs)}</time>
      </header>
      <dl className="facts">
        <Fact name={words.t('emergency.kind')}>{words.text(campus.emergency?.reasons[emergency.kind] ?? { zh: emergency.kind, en: emergency.kind })}</Fact>
        <Fact name={words.t('request.reason')}>{emergency.reason}</Fact>
        <Fact name={words.t('request.cameras')}>{words.list(grant.scope.cameras.map((id) => cameras.name(id)))}</Fact>
      </dl>
      {emergency.reviews.length > 0 && (
        <ul className="lines">
          {emergency.reviews.map((review) => (
            <li key={review.reviewer} className="row">
              <Status tone={review.verdict === 'upheld' ? 'good' : 'refused'}>{words.t(`emergency-verdict.${review.verdict}`)}</Status>
              <span>{reviewerOf(review, people, words)}</span>
              <span className="faint figures">{formats.moment(review.atMs)}</span>
              <span className="faint">{review.reason}</span>
            </li>
          ))}
        </ul>
      )}
      {waits && (mayReview(grant, session.person.id) ? <ReviewTools grant={grant} onChanged={onChanged} /> : <Notice tone="refused">{words.t(grant.holder === session.person.id ? 'emergency.own' : 'emergency.reviewed')}</Notice>)}
    </li>
  );
}

function ReviewTools({ grant, onChanged }: { readonly grant: Grant; readonly onChanged: () => void }) {
  const { words, client } = useApp();
  const [verdict, setVerdict] = useState<'upheld' | 'violated'>();
  const say = useToast();
  const review = async (reason: string) => {
    if (!verdict) return;
    await client.call('emergency.review', { grant: grant.id, verdict, reason });
    setVerdict(undefined);
    say(words.t('emergency.review-kept'));
    onChanged();
  };
  return (
    <footer className="row end">
      <Button look="danger" onClick={() => setVerdict('violated')} data-testid="emergency-violated">
        {words.t('emergency-verdict.violated')}
      </Button>
      <Button look="primary" icon="check" onClick={() => setVerdict('upheld')} data-testid="emergency-upheld">
        {words.t('emergency-verdict.upheld')}
      </Button>
      {verdict && <ReasonDialog title={words.t('emergency.review')} confirm={words.t(`emergency-verdict.${verdict}`)} testId="emergency-review" hint={words.t(`emergency-hint.${verdict}`)} look={verdict === 'upheld' ? 'primary' : 'danger'} onConfirm={review} onClose={() => setVerdict(undefined)} />}
    </footer>
  );
}
