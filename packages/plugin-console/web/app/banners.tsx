// What stands over every page: an account that is suspended, an emergency that is open.
import { useOpenEmergencies } from '../emergency/use-emergencies.ts';
import { nameOf } from '../requests/request-facts.tsx';
import { GrantLine } from '../requests/grant-line.tsx';
import { Notice } from '../kit/status.tsx';
import { useCameras } from './cameras.tsx';
import { useApp, useDesk } from './context.ts';
import { Link } from './router.tsx';

/** Banners of the session and the campus. */
export function Banners() {
  const { words } = useApp();
  const { session, campus } = useDesk();
  const cameras = useCameras();
  const { emergencies, people } = useOpenEmergencies();
  const { person, suspended, actions } = session;
  if (!suspended && emergencies.length === 0) return undefined;
  return (
    <div className="banners">
      {suspended && (
        <Notice tone="waiting" icon="warn" role="status" data-testid="suspended">
          {words.t('shell.suspended')}
        </Notice>
      )}
      {emergencies.map((grant) => (
        <Notice key={grant.id} tone="waiting" icon="bolt" role="alert" data-testid="emergency-banner">
          <span className="row">
            <b>{words.t(grant.holder === person.id ? 'emergency.yours' : 'emergency.open-by', { person: nameOf(grant.holder, people) })}</b>
            <span>{words.list(grant.scope.cameras.map((id) => cameras.name(id)))}</span>
            <span>{grant.emergency && words.text(campus.emergency?.reasons[grant.emergency.kind] ?? { zh: grant.emergency.kind, en: grant.emergency.kind })}</span>
            <GrantLine grant={grant} />
            {actions.includes('review') && (
              <Link className="text-link" to="/inbox?lane=emergency">
                {words.t('emergency.review')}
              </Link>
            )}
          </span>
        </Notice>
      ))}
    </div>
  );
}
