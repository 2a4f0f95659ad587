// A grant in one line: which of its clocks runs, how long still.
import type { Grant } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { Countdown } from '../kit/countdown.tsx';
import { Status } from '../kit/status.tsx';
import { grantState, runningClock } from './grant-state.ts';

/** How a grant stands. */
export function GrantLine({ grant }: { readonly grant: Grant }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const nowMs = useNow(1000);
  const state = grantState(grant, nowMs);
  const running = runningClock(grant, nowMs);
  if (running) {
    return (
      <span className="row tight" title={words.t('grant.clocks', { begin: formats.moment(grant.beginByMs), use: formats.length(grant.useMs) })}>
        <Countdown endsMs={running.endsMs} label={words.t(`grant.clock.${running.clock}`)} data-testid="grant-countdown" />
        {state === 'ready' && <span className="faint">{words.t('grant.then', { length: formats.length(grant.useMs) })}</span>}
      </span>
    );
  }
  const moments: Partial<Record<typeof state, number | undefined>> = { revoked: grant.revokedMs, 'given-back': grant.endedMs, coming: grant.startsMs, unused: grant.beginByMs };
  return (
    <Status tone={state === 'revoked' ? 'refused' : 'plain'} icon={state === 'revoked' ? 'cross' : 'clock'}>
      {words.has(`grant.${state}`, state)} <span className="figures">{formats.moment(moments[state] ?? grant.endsMs)}</span>
    </Status>
  );
}
