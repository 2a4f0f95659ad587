// The audit log: who did what, and the proof that no entry was changed. Articles 11 and 12.
import { useCallback, useMemo, useRef, useState } from 'react';
import { useApp } from '../app/context.ts';
import { usePeopleNames } from '../app/people-names.ts';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { useOperationNames } from '../app/use-operation-names.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure, Loading } from '../kit/states.tsx';
import { PrintHead } from '../papers/print-head.tsx';
import { usePrint } from '../papers/use-print.ts';
import { AuditFiltersBar } from './audit-filters.tsx';
import { auditQueryOf, readAuditFilters, readEntry } from './audit-query.ts';
import { AuditTable, type EntryNames } from './audit-table.tsx';
import { ChainStrip } from './chain-strip.tsx';
import { CheckBar } from './check-bar.tsx';
import { useLogCheck } from './check/use-log-check.ts';
import { EntryPanel } from './entry-panel.tsx';
import { useAuditList } from './use-audit-list.ts';

/** Reads, checks, prints and takes out the audit log. */
export default function AuditPage() {
  const { words } = useApp();
  const place = usePlace();
  const filters = useMemo(() => readAuditFilters(place.query), [place.query]);
  const entry = readEntry(place.query);
  const list = useAuditList(filters);
  const status = useOperation('audit.status', {});
  const people = usePeopleNames();
  const operations = useOperationNames();
  const pack = usePackWords(entry !== undefined);
  const check = useLogCheck();
  const paper = usePrint();
  const { nameOf } = people;
  const names = useMemo<EntryNames>(() => ({ nameOf, operations, pack }), [nameOf, operations, pack]);
  const found = check.state.kind === 'done' ? check.state.check : undefined;
  // The same function for good: hundreds of rows hold it.
  const now = useRef({ place, entry });
  now.current = { place, entry };
  const open = useCallback((seq: number) => navigate(withQuery(now.current.place, { entry: String(seq) }), { replace: now.current.entry !== undefined }), []);
  const close = () => {
    navigate(withQuery(place, { entry: undefined }), { replace: true });
    document.querySelector<HTMLElement>(`[data-testid="audit-row"][data-seq="${entry}"]`)?.focus();
  };
  return (
    <div className={entry === undefined ? 'page wide audit' : 'page wide audit with-entry'}>
      <header className="page-head row">
        <h1>{words.t('page.audit')}</h1>
        <span className="faint screen-only">{words.t('audit.intro')}</span>
        <div className="grow" />
        <Button look="quiet" icon="retry" onClick={list.first.reload} busy={list.first.loading}>
          {words.t('button.reload')}
        </Button>
      </header>
      <ChainStrip status={status} check={found} onJump={open} />
      <CheckBar check={check} filters={filters} onPrint={paper.print} printing={paper.busy} canPrint={list.records.length > 0} />
      {paper.problem && <Failure problem={paper.problem} onRetry={paper.print} />}
      <PrintHead newest={paper.newest} count={list.records.length} />
      <div className="audit-body">
        <div className="audit-list">
          <AuditFiltersBar filters={filters} people={people} operations={operations} onChange={(changes) => navigate(withQuery(place, auditQueryOf(changes)), { replace: true })} />
          {list.problem && <Failure problem={list.problem} onRetry={list.older} />}
          <Loading loaded={list.first}>
            {() =>
              list.records.length === 0 ? (
                <Empty icon="audit" title={words.t('audit.empty')}>
                  <p>{words.t('audit.empty-hint')}</p>
                </Empty>
              ) : (
                <AuditTable records={list.records} names={names} chosen={entry} folded={filters.kind === undefined} broken={found?.broken?.seq} onOpen={open} />
              )
            }
          </Loading>
          {!list.complete && list.records.length > 0 && (
            <div className="row center screen-only">
              <Button onClick={list.older} busy={list.busy} data-testid="audit-older">
                {words.t('button.older')}
              </Button>
            </div>
          )}
        </div>
        {entry !== undefined && <EntryPanel key={entry} seq={entry} listed={list.records.find(({ seq }) => seq === entry)} names={names} check={found} onOpen={open} onClose={close} />}
      </div>
    </div>
  );
}

/** The rules in words, read once an entry is opened, and not again. */
function usePackWords(wanted: boolean): EntryNames['pack'] {
  const [asked, setAsked] = useState(wanted);
  if (wanted && !asked) setAsked(true);
  const { data } = useOperation('policy.read', asked ? {} : undefined);
  return useMemo(() => data && { sha256: data.inForce.sha256, rules: data.rules }, [data]);
}
