// Takes the receipt of a call at once, and shows it.
import { useApp } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { Dialog } from '../kit/dialog.tsx';
import { Loading } from '../kit/states.tsx';
import { ReceiptDialog } from './receipt-dialog.tsx';

/** Shows the receipt of a call. */
export default function TakeReceiptDialog({ call, onClose }: { readonly call: string; readonly onClose: () => void }) {
  const { words } = useApp();
  const loaded = useOperation('audit.receipt', { call });
  if (loaded.data) return <ReceiptDialog receipt={loaded.data} onClose={onClose} />;
  return (
    <Dialog title={words.t('receipt.title')} onClose={onClose}>
      <Loading loaded={loaded} rows={3}>
        {() => undefined}
      </Loading>
    </Dialog>
  );
}
