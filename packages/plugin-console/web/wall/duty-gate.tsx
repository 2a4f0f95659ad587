// Before duty nothing can be watched live: asked once for the whole wall, said once, with the button that begins duty.
import type { ReactNode } from 'react';
import { useApp } from '../app/context.ts';
import { DenialPanel } from '../denial/denial-panel.tsx';
import { Skeleton } from '../kit/states.tsx';
import { useLease } from '../player/use-lease.ts';

/** Shows the wall when one of its cameras opens, and the refusal when it does not. */
export function DutyGate({ camera, children }: { readonly camera: string; readonly children: ReactNode }) {
  const { client } = useApp();
  const { state, reopen } = useLease(`gate ${camera}`, (signal) => client.call('recording.live', { camera }, signal));
  if (state.kind === 'idle' || state.kind === 'opening') return <Skeleton rows={4} />;
  if (state.kind === 'refused' && state.problem.denied) return <DenialPanel problem={state.problem} onRetry={reopen} />;
  return children;
}
