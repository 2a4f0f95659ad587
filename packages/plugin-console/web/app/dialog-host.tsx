// Dialogs that a refusal opens, wherever it shows. They are seldom wanted, so they come when they are.
import { lazy, Suspense } from 'react';
import type { AskedAct } from './context.ts';

const TraceDialog = lazy(() => import('../access/trace-dialog.tsx'));
const PresenceDialog = lazy(() => import('../presence/presence-dialog.tsx'));

/** Which dialog is open. */
export type DeskDialog = { readonly kind: 'explain'; readonly asked: AskedAct } | { readonly kind: 'presence'; readonly asked: AskedAct | undefined; readonly resolve: (complete: boolean) => void };

/** Shows the open dialog. */
export function DialogHost({ dialog, onClose }: { readonly dialog: DeskDialog; readonly onClose: () => void }) {
  const settle = (complete: boolean) => {
    if (dialog.kind === 'presence') dialog.resolve(complete);
    onClose();
  };
  return <Suspense>{dialog.kind === 'explain' ? <TraceDialog question={dialog.asked} onClose={onClose} /> : <PresenceDialog asked={dialog.asked} onClose={() => settle(false)} onComplete={() => settle(true)} />}</Suspense>;
}
