// A receipt that was taken: its code, its file, its paper.
import type { Receipt } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { Link } from '../app/router.tsx';
import { Button } from '../kit/button.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Fact } from '../kit/fact.tsx';
import { Icon } from '../kit/icon.tsx';
import { downloadText } from '../register/download.ts';
import { rootStart } from '../audit/chain-state.ts';
import { receiptFileName } from './receipt-content.ts';

/** Shows a receipt. */
export function ReceiptDialog({ receipt, onClose }: { readonly receipt: Receipt; readonly onClose: () => void }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const { seq, code, checkpoint } = receipt;
  return (
    <Dialog title={words.t('receipt.title')} onClose={onClose}>
      <div className="stack">
        <p>{words.t('receipt.about')}</p>
        <p className="row">
          <code className="receipt-code" data-testid="receipt-code">
            {code}
          </code>
          <CopyButton label={words.t('button.copy')} text={() => code} />
        </p>
        <dl className="facts">
          <Fact name={words.t('audit.seq')}>
            <span className="figures">{seq}</span>
          </Fact>
          <Fact name={words.t('audit.checkpoint')}>
            <span className="figures">{words.t('audit.checkpoint-size', { size: checkpoint.size })}</span> · <code>{rootStart(checkpoint.root)}</code> · <span className="figures">{formats.moment(checkpoint.atMs)}</span>
          </Fact>
          <Fact name={words.t('chain.witnesses')}>{checkpoint.cosigned.length > 0 ? words.list(checkpoint.cosigned) : words.t('chain.no-witness')}</Fact>
        </dl>
        <div className="row end">
          <Link className="button plain" to={`/receipts/${seq}`} data-testid="receipt-paper">
            <Icon name="print" size={16} />
            <span>{words.t('receipt.paper')}</span>
          </Link>
          <Button look="primary" icon="download" onClick={() => downloadText(receiptFileName(receipt), 'text/plain;charset=utf-8', receipt.text)} data-testid="receipt-download">
            {words.t('receipt.download')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
