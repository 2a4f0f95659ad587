// How long a request has waited, how often its units were reminded, and when it expires.
import type { AccessRequest } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { Status } from '../kit/status.tsx';

/** A waiting request's clock; amber once somebody had to be reminded. */
export function WaitLine({ request }: { readonly request: AccessRequest }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const nowMs = useNow(10_000);
  return (
    <span title={words.t('wait.expires', { moment: formats.moment(request.expiresMs) })}>
      <Status tone={request.reminders > 0 ? 'waiting' : 'plain'} icon="clock">
        {words.t('wait.since', { length: formats.length(nowMs - request.createdMs) })}
        {request.reminders > 0 && ` · ${words.t('wait.reminded', { count: request.reminders })}`}
      </Status>
    </span>
  );
}
