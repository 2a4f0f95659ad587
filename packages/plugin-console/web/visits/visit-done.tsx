// The visit is registered: its codes are told once, here and on the printed form.
import type { OutputOf } from '../api/operations.ts';
import { useApp } from '../app/context.ts';
import { Link, navigate } from '../app/router.tsx';
import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/status.tsx';

/** Codes, and where to go from here. */
export function VisitDone({ request }: { readonly request: OutputOf<'request.submit'> }) {
  const { words } = useApp();
  const nameOf = (visitor: string) => request.visit?.visitors.find(({ id }) => id === visitor)?.name ?? visitor;
  return (
    <div className="page narrow" data-testid="visit-done">
      <header className="page-head">
        <h1>{words.t('visit.done')}</h1>
        <p className="faint">{words.t('visit.done-next')}</p>
      </header>
      <div className="stack">
        <Notice tone="waiting" icon="warn">
          {words.t('visit.codes-once')}
        </Notice>
        <ul className="codes">
          {request.codes?.map(({ visitor, code }) => (
            <li key={visitor} className="card" data-testid="visit-code">
              <b>{nameOf(visitor)}</b>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div className="row end">
          <Link className="button quiet" to="/requests">
            {words.t('page.requests')}
          </Link>
          <Button look="primary" icon="print" onClick={() => navigate(`/requests/${request.id}/form`)} data-testid="visit-print">
            {words.t('page.paper-form')}
          </Button>
        </div>
      </div>
    </div>
  );
}
