// What the same person asked for before: the reviewer sees it without looking for it.
import type { AccessRequest } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { ActionChips, RequestStatus } from '../requests/request-facts.tsx';

/** A closed list of the last requests. */
export function RecentRequests({ recent }: { readonly recent: readonly AccessRequest[] }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  return (
    <details className="recent" data-testid="inbox-recent">
      <summary>{words.t('inbox.recent', { count: recent.length })}</summary>
      <ul className="lines">
        {recent.map((request) => (
          <li key={request.id} className="row">
            <time className="faint figures">{formats.moment(request.createdMs)}</time>
            <RequestStatus request={request} />
            <ActionChips actions={request.scope.actions} />
            <span>{words.list(request.scope.cameras.map((id) => cameras.name(id)))}</span>
            <span className="faint">{request.reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
