// Dialogs that a refusal opens, wherever it shows. They are seldom wanted, so they come when they are.
import { lazy, Suspense } from 'react';
import type { AskedAct } from './context.ts';

const TraceDialog = lazy(() => import('../access/trace-dialog.tsx'));
const PresenceDialog = lazy(() => import('../presence/presence-dialog.tsx'));
const TakeReceiptDialog = lazy(() => import('../receipts/take-receipt-dialog.tsx'));

/** Which dialog is open. */
export type DeskDialog = { readonly kind: 'explain'; readonly asked: AskedAct } | { readonly kind: 'receipt'; readonly call: string } | { readonly kind: 'presence'; readonly asked: AskedAct | undefined; readonly resolve: (complete: boolean) => void };

interface DialogHostProps {
  readonly dialog: DeskDialog;
  readonly onClose: () => void;
}

/** Shows the open dialog. */
export function DialogHost(props: DialogHostProps) {
  return (
    <Suspense>
      <OpenDialog {...props} />
    </Suspense>
  );
}

function OpenDialog({ dialog, onClose }: DialogHostProps) {
  if (dialog.kind === 'explain') return <TraceDialog question={dialog.asked} onClose={onClose} />;
  if (dialog.kind === 'receipt') return <TakeReceiptDialog call={dialog.call} onClose={onClose} />;
  const settle = (complete: boolean) => {
    dialog.resolve(complete);
    onClose();
  };
  return <PresenceDialog asked={dialog.asked} onClose={() => settle(false)} onComplete={() => settle(true)} />;
}
