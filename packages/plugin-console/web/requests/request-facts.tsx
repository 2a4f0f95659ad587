// What was asked, in one compact block: the same in one's own list and in the inbox.
import type { ReactNode } from 'react';
import type { AccessRequest } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Status, type Tone } from '../kit/status.tsx';
import type { IconName } from '../kit/icon.tsx';

/** Cameras, range, actions, purpose, reason. */
export function RequestFacts({ request }: { readonly request: AccessRequest }) {
  const { words } = useApp();
  const { campus, formats } = useDesk();
  const cameras = useCameras();
  const { scope } = request;
  return (
    <dl className="facts">
      <Fact name={words.t('request.cameras')}>{words.list(scope.cameras.map((id) => cameras.name(id)))}</Fact>
      <Fact name={words.t('request.range')}>
        <span className="figures">{formats.range(scope.range)}</span> <span className="faint">{formats.length(scope.range.toMs - scope.range.fromMs)}</span>
      </Fact>
      <Fact name={words.t('request.purpose')}>
        {words.text(campus.purposes[scope.purpose])}
        {request.caseNumber && <span className="faint"> · {request.caseNumber}</span>}
      </Fact>
      {request.destination && <Fact name={words.t('request.destination')}>{request.destination}</Fact>}
      <Fact name={words.t('request.reason')}>{request.reason}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Actions as chips. */
export function ActionChips({ actions }: { readonly actions: readonly string[] }) {
  const { words } = useApp();
  return (
    <span className="row tight">
      {actions.map((action) => (
        <span className="chip" key={action}>
          {words.has(`action.${action}`, action)}
        </span>
      ))}
    </span>
  );
}

const looks: Readonly<Record<AccessRequest['state'], readonly [Tone, IconName]>> = {
  submitted: ['waiting', 'clock'],
  approved: ['good', 'check'],
  denied: ['refused', 'cross'],
  withdrawn: ['plain', 'back'],
  expired: ['plain', 'clock'],
};

/** The state of a request. */
export function RequestStatus({ request }: { readonly request: AccessRequest }) {
  const { words } = useApp();
  const [tone, icon] = looks[request.state];
  return (
    <Status tone={tone} icon={icon}>
      {words.t(`request-state.${request.state}`)}
    </Status>
  );
}

/** Who has judged and who is waited for, in order. */
export function ReviewPath({ request }: { readonly request: AccessRequest }) {
  const { words } = useApp();
  const { unitName, formats } = useDesk();
  return (
    <ol className="review-path">
      {request.needs.map((unit) => {
        const review = request.reviews.find((candidate) => candidate.unit === unit);
        const look: readonly [Tone, IconName] = !review ? ['waiting', 'clock'] : review.verdict === 'approve' ? ['good', 'check'] : ['refused', 'cross'];
        return (
          <li key={unit}>
            <Status tone={look[0]} icon={look[1]}>
              {unitName(unit)} {words.t(review ? `verdict.${review.verdict}` : 'verdict.waiting')}
              {review && <span className="faint figures"> {formats.time(review.atMs)}</span>}
            </Status>
            {review?.reason && <span className="faint">{review.reason}</span>}
          </li>
        );
      })}
    </ol>
  );
}
