// What was asked, as lines of a paper's table.
import type { AccessRequest, Person } from '@wanglou/core';
import { useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { nameOf } from '../requests/request-facts.tsx';
import { Both, bothLanguages } from './both.tsx';
import { PaperRow } from './paper.tsx';

/** Who, what, when, what for, where it goes. */
export function RequestRows({ request, people }: { readonly request: AccessRequest; readonly people: readonly Person[] }) {
  const { campus, formats } = useDesk();
  const cameras = useCameras();
  const { scope, visit } = request;
  const purpose = campus.purposes[scope.purpose];
  const nameOfCamera = (id: string) => cameras.list?.find(({ info }) => info.id === id)?.info.name.zh ?? id;
  return (
    <>
      {visit && (
        <PaperRow name="visit.organisation">
          {visit.organisation} · <Both text={`visit-body.${visit.body}`} />
        </PaperRow>
      )}
      <PaperRow name="paper.requester">
        {nameOf(request.requester, people)} ({request.requester})
      </PaperRow>
      <PaperRow name="request.what">
        {scope.actions.map((action) => (
          <span key={action} className="part">
            <Both text={`action.${action}`} />
          </span>
        ))}
      </PaperRow>
      <PaperRow name="request.cameras">{scope.cameras.map((id) => `${nameOfCamera(id)} (${id})`).join('、')}</PaperRow>
      <PaperRow name="request.range">
        <span className="figures">{formats.range(scope.range)}</span>
      </PaperRow>
      <PaperRow name="request.purpose">
        {purpose.zh} <small lang="en">{purpose.en}</small>
      </PaperRow>
      {request.caseNumber && <PaperRow name="request.case-number">{request.caseNumber}</PaperRow>}
      <PaperRow name="request.reason">{request.reason}</PaperRow>
      {request.destination && <PaperRow name="request.destination">{request.destination}</PaperRow>}
      {request.companions.length > 0 && <PaperRow name="request.companions">{request.companions.map((id) => nameOf(id, people)).join('、')}</PaperRow>}
    </>
  );
}

/** The units with what they judged, or an empty place for it. */
export function ReviewRows({ request, people }: { readonly request: AccessRequest; readonly people: readonly Person[] }) {
  const { campus, formats } = useDesk();
  return request.needs.map(({ unit }) => {
    const name = campus.units.find(({ id }) => id === unit)?.name;
    const reviews = request.reviews.filter((review) => review.unit === unit);
    return (
      <tr key={unit}>
        <th scope="row">
          {name ? name.zh : unit} {name && <small lang="en">{name.en}</small>}
        </th>
        <td>
          {reviews.map((review) => (
            <p key={`${review.reviewer} ${review.atMs}`}>
              <Both text={`verdict.${review.verdict}`} /> · {nameOf(review.reviewer, people)}
              {review.onBehalfOf && ` (${bothLanguages.map((words) => words.t('verdict.on-behalf', { person: '', of: nameOf(review.onBehalfOf!, people) }).replace(/[()（）]/g, '').trim()).join(' / ')})`}
              {' · '}
              <span className="figures">{formats.moment(review.atMs)}</span> {review.reason}
            </p>
          ))}
          {reviews.length === 0 && <Both text="request-state.submitted" />}
        </td>
      </tr>
    );
  });
}
