// What was asked, in one compact block: the same in one's own list, in the inbox and on the record's page.
import type { AccessRequest, Person, Review } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Link } from '../app/router.tsx';
import { Fact } from '../kit/fact.tsx';
import { Status, type Tone } from '../kit/status.tsx';
import type { Words } from '../i18n/language.ts';
import type { IconName } from '../kit/icon.tsx';

/** Name of a person where it is known, the id otherwise. */
export function nameOf(id: string, people: readonly Person[] | undefined): string {
  return people?.find((person) => person.id === id)?.name ?? id;
}

/** Who judged, and by whose power. */
export function reviewerOf({ reviewer, onBehalfOf }: Pick<Review, 'reviewer' | 'onBehalfOf'>, people: readonly Person[] | undefined, words: Words): string {
  const person = nameOf(reviewer, people);
  return onBehalfOf === undefined ? person : words.t('verdict.on-behalf', { person, of: nameOf(onBehalfOf, people) });
}

/** Cameras, range, purpose, reason, companions, and the outside visit where it is one. */
export function RequestFacts({ request, people }: { readonly request: AccessRequest; readonly people?: readonly Person[] }) {
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
        {request.caseNumber && <span className="faint"> · {words.t('request.case', { number: request.caseNumber })}</span>}
      </Fact>
      {request.destination && <Fact name={words.t('request.destination')}>{request.destination}</Fact>}
      <Fact name={words.t('request.reason')}>{request.reason}</Fact>
      {request.companions.length > 0 && <Fact name={words.t('request.companions')}>{words.list(request.companions.map((id) => nameOf(id, people)))}</Fact>}
      {request.concerned && <Fact name={words.t('request.concerned')}>{words.t('request.concerned-check')}</Fact>}
      {request.visit && <VisitFacts visit={request.visit} />}
      {request.extends && <Fact name={words.t('request.extends')}>{words.t('request.extends-grant')}</Fact>}
    </dl>
  );
}

function VisitFacts({ visit }: { readonly visit: NonNullable<AccessRequest['visit']> }) {
  const { words } = useApp();
  return (
    <>
      <Fact name={words.t('visit.organisation')}>
        {visit.organisation} <span className="faint">{words.t(`visit-body.${visit.body}`)}</span>
      </Fact>
      <Fact name={words.t('visit.visitors')}>{words.list(visit.visitors.map(({ name, idKind, idLast4 }) => words.t('visit.visitor', { name, kind: words.t(`id-kind.${idKind}`), last: idLast4 })))}</Fact>
      <Fact name={words.t('visit.terms')}>{words.t(visit.termsAccepted ? 'visit.terms-accepted' : 'visit.terms-missing')}</Fact>
    </>
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

/** The state of a request, which leads to its record. */
export function RequestStatus({ request }: { readonly request: AccessRequest }) {
  const { words } = useApp();
  const [tone, icon] = looks[request.state];
  return (
    <Link className="record-link" to={`/requests/${request.id}`} title={words.t('page.request')}>
      <Status tone={tone} icon={icon}>
        {words.t(`request-state.${request.state}`)}
      </Status>
    </Link>
  );
}
