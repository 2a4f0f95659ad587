// One entry beside the list: everything it says, in words, and its place in the log.
import { useEffect, useRef } from 'react';
import type { AuditRecord } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { IconButton } from '../kit/button.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Fact } from '../kit/fact.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { ReceiptButton } from '../receipts/receipt-button.tsx';
import type { EntryNames } from './audit-table.tsx';
import { CallEntries } from './call-entries.tsx';
import { EntryDecision } from './entry-decision.tsx';
import { EntryFacts } from './entry-facts.tsx';
import type { LogCheck } from './check/log-check.ts';

interface EntryPanelProps {
  readonly seq: number;
  /** The record, where the list has it; it is read otherwise. */
  readonly listed: AuditRecord | undefined;
  readonly names: EntryNames;
  readonly check: LogCheck | undefined;
  readonly onOpen: (seq: number) => void;
  readonly onClose: () => void;
}

/** Shows the entry of the address. Esc closes. */
export function EntryPanel({ seq, listed, names, check, onOpen, onClose }: EntryPanelProps) {
  const { words } = useApp();
  const panel = useRef<HTMLElement>(null);
  const read = useOperation('audit.list', listed ? undefined : { beforeSeq: seq + 1, limit: 1 });
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    // On a narrow screen it stands where the list was, below the strip.
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, [seq]);
  const found = (records: readonly AuditRecord[]) => records.find((record) => record.seq === seq);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className="entry-panel card"
      aria-label={words.t('audit.entry', { seq })}
      data-testid="entry-panel"
      data-seq={seq}
      onKeyDown={(event) => {
        // A dialog over the panel closes by itself.
        if (event.key !== 'Escape' || (event.target as Element).closest('dialog')) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="row">
        <h2>{words.t('audit.entry', { seq })}</h2>
        <div className="grow" />
        <IconButton icon="cross" name={words.t('button.close')} onClick={onClose} data-testid="entry-close" />
      </header>
      {check?.broken?.seq === seq && (
        <Notice tone="waiting" icon="warn" role="alert" data-testid="entry-broken">
          {words.text(check.broken.reason)}
        </Notice>
      )}
      {listed ? (
        <Content record={listed} names={names} onOpen={onOpen} />
      ) : (
        <Loading loaded={read}>
          {({ records }) => {
            const record = found(records);
            return record ? <Content record={record} names={names} onOpen={onOpen} /> : <Empty icon="audit" title={words.t('audit.no-entry', { seq })} />;
          }}
        </Loading>
      )}
    </aside>
  );
}

function Content({ record, names, onOpen }: Pick<EntryPanelProps, 'names' | 'onOpen'> & { readonly record: AuditRecord }) {
  const { words } = useApp();
  const { entry, seq, hash } = record;
  return (
    <>
      {record.erased && (
        <Notice icon="person" data-testid="entry-erased">
          {words.t('audit.erased-about')}
        </Notice>
      )}
      <EntryFacts record={record} names={names} />
      {entry.decision && <EntryDecision decision={entry.decision} pack={names.pack} />}
      {entry.open && <OpenFacts open={entry.open} />}
      <section className="stack">
        <h3>{words.t('audit.place')}</h3>
        <p className="figures">{words.t('audit.place-of', { seq })}</p>
        <p className="row">
          <code className="leaf-hash" data-testid="entry-hash">
            {hash}
          </code>
          <CopyButton label={words.t('button.copy')} text={() => hash} />
        </p>
      </section>
      {entry.call !== undefined && <CallEntries key={entry.call} call={entry.call} own={seq} names={names} onOpen={onOpen} />}
      <details>
        <summary>{words.t('audit.raw')}</summary>
        <CopyButton label={words.t('button.copy')} text={() => JSON.stringify(record, undefined, 2)} />
        <pre tabIndex={0} aria-label={words.t('audit.raw')}>
          {JSON.stringify(record, undefined, 2)}
        </pre>
      </details>
      <footer className="row end">
        <ReceiptButton of={{ seq }} look="plain" />
      </footer>
    </>
  );
}

/** What the entry states for everybody who checks the log: roots, counts, times. */
function OpenFacts({ open }: { readonly open: NonNullable<AuditRecord['entry']['open']> }) {
  const { words } = useApp();
  return (
    <section className="stack" data-testid="entry-open">
      <h3>{words.t('audit.open')}</h3>
      <dl className="facts fact-list">
        {Object.entries(open).map(([name, value]) => (
          <Fact key={name} name={name}>
            <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
          </Fact>
        ))}
      </dl>
    </section>
  );
}
