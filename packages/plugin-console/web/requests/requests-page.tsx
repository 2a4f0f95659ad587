// One's own requests and the grants that came of them.
import { useApp } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { Button } from '../kit/button.tsx';
import { MyRequests } from './my-requests.tsx';

/** Lists one's own requests, and begins others. */
export default function RequestsPage() {
  const { words } = useApp();
  return (
    <div className="page">
      <header className="page-head row">
        <h1>{words.t('page.requests')}</h1>
        <div className="grow" />
        <Button icon="visit" onClick={() => navigate('/visits/new')} data-testid="visit-new">
          {words.t('page.visit')}
        </Button>
        <Button look="primary" icon="plus" onClick={() => navigate('/requests/new')} data-testid="request-new">
          {words.t('request.new')}
        </Button>
      </header>
      <MyRequests />
    </div>
  );
}
