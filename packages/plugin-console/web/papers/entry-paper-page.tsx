// The audit receipt on paper: what the entry says, its place in the log, and the checkpoint that vouches for it.
import type { AuditEntry, Receipt } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { usePlace } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { readTime } from '../audit/audit-query.ts';
import { rootStart } from '../audit/chain-state.ts';
import { factsOf, resultOf } from '../audit/entry-words.ts';
import type { MessageKey } from '../i18n/language.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { downloadText } from '../register/download.ts';
import { entryOfReceipt, receiptFileName } from '../receipts/receipt-content.ts';
import { Both, bothLanguages } from './both.tsx';
import { Paper, PaperRow, Signatures } from './paper.tsx';

/** Shows the receipt of the entry of the address. */
export default function EntryPaperPage() {
  const { words } = useApp();
  const seq = readTime(usePlace().path.split('/')[2] ?? '');
  const loaded = useOperation('audit.receipt', seq === undefined ? undefined : { seq });
  if (seq === undefined) return <Empty icon="receipt" title={words.t('not-found.title')} />;
  return (
    <Loading loaded={loaded}>
      {(receipt) => (
        <Paper
          title="page.paper-entry"
          number={receipt.code}
          path={`/receipts/${receipt.seq}`}
          tools={
            <Button icon="download" onClick={() => downloadText(receiptFileName(receipt), 'text/plain;charset=utf-8', receipt.text)} data-testid="receipt-download">
              {words.t('receipt.download')}
            </Button>
          }
        >
          <Content receipt={receipt} entry={entryOfReceipt(receipt)} />
        </Paper>
      )}
    </Loading>
  );
}

function Content({ receipt: { seq, code, checkpoint }, entry }: { readonly receipt: Receipt; readonly entry: AuditEntry | undefined }) {
  const { formats } = useDesk();
  return (
    <>
      <table>
        <tbody>
          <PaperRow name="receipt.code">
            <code className="receipt-code">{code}</code>
          </PaperRow>
          <PaperRow name="receipt.place">
            <span className="figures">{seq}</span>
          </PaperRow>
          {entry && <EntryRows entry={entry} />}
        </tbody>
      </table>
      <h2>
        <Both text="receipt.vouched" />
      </h2>
      <table>
        <tbody>
          <PaperRow name="audit.checkpoint">
            <Both text="audit.checkpoint-size" params={{ size: checkpoint.size }} /> · <code>{rootStart(checkpoint.root)}</code> · <span className="figures">{formats.moment(checkpoint.atMs)}</span>
          </PaperRow>
          <PaperRow name="chain.witnesses">{checkpoint.cosigned.length > 0 ? checkpoint.cosigned.join('、') : <Both text="chain.no-witness" />}</PaperRow>
        </tbody>
      </table>
      <p>
        <Both text="receipt.how" />
      </p>
      <Signatures names={['paper.sign-receiver', 'paper.sign-date']} />
    </>
  );
}

function EntryRows({ entry }: { readonly entry: AuditEntry }) {
  const { campus, formats, session } = useDesk();
  const cameras = useCameras();
  const { purpose, caseNumber, reason, destination } = factsOf(entry);
  const { principal, operation, action, resource, decision } = entry;
  const purposeName = purpose !== undefined && (campus.purposes as Readonly<Record<string, { readonly zh: string; readonly en: string }>>)[purpose];
  return (
    <>
      <PaperRow name="audit.at">
        <span className="figures">{formats.moment(entry.atMs)}</span>
      </PaperRow>
      <PaperRow name="audit.who">{principal.id === session.person.id ? `${session.person.name} (${principal.id})` : principal.id}</PaperRow>
      <PaperRow name="audit.operation">
        {action && bothLanguages.map((words) => words.has(`action.${action}`, action)).join(' / ')} <code>{operation}</code>
      </PaperRow>
      {resource?.cameras && <PaperRow name="request.cameras">{resource.cameras.map((id) => `${cameras.name(id)} (${id})`).join('、')}</PaperRow>}
      {resource?.range && (
        <PaperRow name="request.range">
          <span className="figures">{formats.range(resource.range)}</span>
        </PaperRow>
      )}
      {purposeName && <TextRow name="request.purpose" value={`${purposeName.zh} / ${purposeName.en}`} />}
      {caseNumber !== undefined && <TextRow name="request.case-number" value={caseNumber} />}
      {reason !== undefined && <TextRow name="request.reason" value={reason} />}
      {destination !== undefined && <TextRow name="request.destination" value={destination} />}
      <PaperRow name="audit.result">
        {bothLanguages.map((words) => resultOf(entry, words)).join(' / ')}
        {decision && ` · ${decision.articles.map((article) => bothLanguages[0]!.t('article.cite', { article })).join('、')} · ${decision.pack}`}
      </PaperRow>
    </>
  );
}

function TextRow({ name, value }: { readonly name: MessageKey; readonly value: string }) {
  return <PaperRow name={name}>{value}</PaperRow>;
}
