// Who has judged and who is waited for, in order.
import type { AccessRequest, ApprovalStep, Person, Review } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import type { IconName } from '../kit/icon.tsx';
import { Status, type Tone } from '../kit/status.tsx';
import { reviewerOf } from './request-facts.tsx';
import { approvalsOf } from './request-state.ts';

interface ReviewPathProps {
  readonly request: AccessRequest;
  readonly people?: readonly Person[];
}

/** The steps of a request with their judgements. */
export function ReviewPath({ request, people }: ReviewPathProps) {
  return (
    <ol className="review-path">
      {request.needs.map((step) => (
        <Step key={step.unit} step={step} request={request} people={people} />
      ))}
    </ol>
  );
}

function Step({ step, request, people }: { readonly step: ApprovalStep; readonly request: AccessRequest; readonly people: readonly Person[] | undefined }) {
  const { words } = useApp();
  const { unitName } = useDesk();
  const { unit, count = 1 } = step;
  const reviews = request.reviews.filter((review) => review.unit === unit);
  const given = approvalsOf(request, unit);
  const verdict = reviews.some((review) => review.verdict === 'deny') ? 'deny' : given >= count ? 'approve' : 'waiting';
  const [tone, icon] = ({ deny: ['refused', 'cross'], approve: ['good', 'check'], waiting: ['waiting', 'clock'] } as const satisfies Record<string, readonly [Tone, IconName]>)[verdict];
  return (
    <li>
      <Status tone={tone} icon={icon}>
        {unitName(unit)} {verdict === 'waiting' && request.state !== 'submitted' ? words.t('verdict.not-asked') : words.t(`verdict.${verdict}`)}
        {count > 1 && <span className="figures"> {words.t('verdict.count', { given, count })}</span>}
      </Status>
      {reviews.map((review) => (
        <Judged key={`${review.reviewer} ${review.atMs}`} review={review} people={people} />
      ))}
    </li>
  );
}

function Judged({ review, people }: { readonly review: Review; readonly people: readonly Person[] | undefined }) {
  const { words } = useApp();
  const { formats } = useDesk();
  return (
    <span className="faint">
      {reviewerOf(review, people, words)} <span className="figures">{formats.time(review.atMs)}</span>
      {review.reason && ` · ${review.reason}`}
    </span>
  );
}
