// A grant in one line: how it stands, how long still.
import type { Grant } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { Countdown } from '../kit/countdown.tsx';
import { Status } from '../kit/status.tsx';
import { grantState } from './request-state.ts';

/** How a grant stands. */
export function GrantLine({ grant }: { readonly grant: Grant }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const state = grantState(grant, useNow(1000));
  if (state === 'open') return <Countdown endsMs={grant.endsMs} label={words.t('grant.open')} data-testid="grant-countdown" />;
  const atMs = state === 'revoked' ? (grant.revokedMs ?? grant.endsMs) : state === 'coming' ? grant.startsMs : grant.endsMs;
  return (
    <Status tone={state === 'revoked' ? 'refused' : 'plain'} icon={state === 'revoked' ? 'cross' : 'clock'}>
      {words.t(`grant.${state}`)} <span className="figures">{formats.moment(atMs)}</span>
    </Status>
  );
}
