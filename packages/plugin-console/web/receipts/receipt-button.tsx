// Takes the audit receipt of an act: proof for whoever acted that the act stands in the log. Article 11.
import { useState } from 'react';
import { createPortal } from 'react-dom';
import type { Receipt } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button, type ButtonProps } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Failure } from '../kit/states.tsx';
import { ReceiptDialog } from './receipt-dialog.tsx';

interface ReceiptButtonProps {
  /** The entry, or the call that it belongs to. */
  readonly of: { readonly seq: number } | { readonly call: string };
  readonly look?: NonNullable<ButtonProps['look']>;
  /** What the button says; "audit receipt" unless said. */
  readonly label?: string;
}

/** A button that takes a receipt and shows it. */
export function ReceiptButton({ of, look = 'quiet', label }: ReceiptButtonProps) {
  const { words, client } = useApp();
  const [receipt, setReceipt] = useState<Receipt>();
  const act = useAct();
  const take = () => act.run(async () => setReceipt(await client.call('audit.receipt', of)));
  return (
    <>
      <Button className="receipt-button" look={look} icon="receipt" busy={act.busy} onClick={() => void take()} data-testid="receipt-take">
        {label ?? words.t('receipt.take')}
      </Button>
      {receipt && createPortal(<ReceiptDialog receipt={receipt} onClose={() => setReceipt(undefined)} />, document.body)}
      {act.problem &&
        createPortal(
          <Dialog title={words.t('receipt.title')} onClose={act.clear}>
            <Failure problem={act.problem} onRetry={() => void take()} />
          </Dialog>,
          document.body,
        )}
    </>
  );
}
