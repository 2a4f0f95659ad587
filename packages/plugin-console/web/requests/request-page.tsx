// The record of one request: where the codes on papers and the links of lists lead.
import type { AccessRequest } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { Link, usePlace } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { Fact } from '../kit/fact.tsx';
import { Loading } from '../kit/states.tsx';
import { ReceiptButton } from '../receipts/receipt-button.tsx';
import { GrantLine } from './grant-line.tsx';
import { ActionChips, nameOf, RequestFacts, RequestStatus } from './request-facts.tsx';
import { ReviewPath } from './review-path.tsx';
import { WaitLine } from './wait-line.tsx';

/** Shows the request of the address. */
export default function RequestPage() {
  const { words } = useApp();
  const { formats } = useDesk();
  const id = usePlace().path.split('/')[2] ?? '';
  const loaded = useOperation('request.read', { request: id });
  return (
    <div className="page">
      <header className="page-head">
        <h1>{words.t('page.request')}</h1>
      </header>
      <Loading loaded={loaded}>
        {({ request, grant, people }) => (
          <article className="card" data-testid="request-record">
            <header className="row">
              <RequestStatus request={request} />
              <b>{nameOf(request.requester, people)}</b>
              <ActionChips actions={request.scope.actions} />
              <div className="grow" />
              {grant && <GrantLine grant={grant} />}
              {request.state === 'submitted' && <WaitLine request={request} />}
            </header>
            <RequestFacts request={request} people={people} />
            <ReviewPath request={request} people={people} />
            <dl className="facts">
              <Fact name={words.t('request.made')}>
                <span className="figures">{formats.moment(request.createdMs)}</span>
              </Fact>
              <Fact name={words.t('request.hash')}>
                <code>{request.sha256}</code>
              </Fact>
            </dl>
            <Papers request={request} />
          </article>
        )}
      </Loading>
    </div>
  );
}

function Papers({ request }: { readonly request: AccessRequest }) {
  const { words } = useApp();
  const { session } = useDesk();
  return (
    <footer className="row end">
      {request.call !== undefined && (request.requester === session.person.id || session.actions.includes('audit')) && <ReceiptButton of={{ call: request.call }} label={words.t('receipt.of-request')} />}
      <Link className="button quiet" to={`/requests/${request.id}/form`}>
        {words.t('page.paper-form')}
      </Link>
      {request.state === 'approved' && (
        <Link className="button quiet" to={`/requests/${request.id}/receipt`}>
          {words.t('page.paper-receipt')}
        </Link>
      )}
    </footer>
  );
}
