// The register of article 11: who recorded, who retrieved what, when, for what purpose, where it went. Filled by acts, never by hand.
import { useEffect, useState } from 'react';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import type { OutputOf } from '../api/operations.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure, Loading } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { PrintHead } from '../papers/print-head.tsx';
import { usePrint } from '../papers/use-print.ts';
import { downloadText, registerFileName } from './download.ts';
import { readFilters, type RowNames } from './register-rows.ts';
import { RegisterFiltersBar } from './register-filters.tsx';
import { RegisterTable } from './register-table.tsx';

const pageSize = 100;

/** Shows, filters, prints and exports the register. */
export default function RegisterPage() {
  const { words, client, now } = useApp();
  const { campus, formats, unitName } = useDesk();
  const cameras = useCameras();
  const place = usePlace();
  const filters = readFilters(place.query);
  const first = useOperation('register.list', { ...filters, limit: pageSize });
  const [older, setOlder] = useState<readonly RegisterRow[]>([]);
  const [complete, setComplete] = useState(false);
  const [exported, setExported] = useState<OutputOf<'register.export'>>();
  const more = useAct();
  useEffect(() => {
    setOlder([]);
    setComplete(first.data !== undefined && first.data.rows.length < pageSize);
  }, [first.data]);
  const paper = usePrint();

  const names: RowNames = { words, formats, purposes: campus.purposes, camera: (id) => cameras.name(id), unit: unitName };
  const rows = [...(first.data?.rows ?? []), ...older];
  const filtered = Object.keys(filters).length > 0;
  const loadMore = () =>
    more.run(async () => {
      const beforeSeq = rows.at(-1)?.seq;
      if (beforeSeq === undefined) return;
      const answer = await client.call('register.list', { ...filters, limit: pageSize, beforeSeq });
      setOlder([...older, ...answer.rows]);
      setComplete(answer.rows.length < pageSize);
    });
  const download = () =>
    more.run(async () => {
      const answer = await client.call('register.export', { ...filters, language: words.language });
      downloadText(registerFileName(words.t('page.register'), formats.date(now())), 'text/csv;charset=utf-8', answer.csv);
      setExported(answer);
    });
  return (
    <div className="page wide register">
      <header className="page-head row">
        <h1>{words.t('page.register')}</h1>
        <span className="faint screen-only">{words.t('register.intro')}</span>
        <div className="grow" />
        <Button look="quiet" icon="retry" onClick={first.reload} busy={first.loading}>
          {words.t('button.reload')}
        </Button>
        <Button icon="download" onClick={() => void download()} busy={more.busy} disabled={rows.length === 0} data-testid="register-csv">
          {words.t('button.csv')}
        </Button>
        <Button icon="print" onClick={paper.print} busy={paper.busy} disabled={rows.length === 0}>
          {words.t('button.print')}
        </Button>
      </header>
      <RegisterFiltersBar filters={filters} onChange={(changes) => navigate(withQuery(place, changes), { replace: true })} />
      <PrintHead newest={paper.newest} count={rows.length} />
      {paper.problem && <Failure problem={paper.problem} onRetry={paper.print} />}
      {exported && <ExportedNotice exported={exported} />}
      {more.problem && <Failure problem={more.problem} />}
      <Loading loaded={first}>
        {() =>
          rows.length === 0 ? (
            <Empty icon="register" title={words.t(filtered ? 'register.none-match' : 'register.empty')}>
              <p>{words.t('register.empty-hint')}</p>
            </Empty>
          ) : (
            <RegisterTable rows={rows} names={names} />
          )
        }
      </Loading>
      {!complete && rows.length > 0 && (
        <div className="row center screen-only">
          <Button onClick={() => void loadMore()} busy={more.busy}>
            {words.t('button.older')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What left, and that its leaving is recorded. */
function ExportedNotice({ exported }: { readonly exported: OutputOf<'register.export'> }) {
  const { words } = useApp();
  return (
    <Notice role="status" tone={exported.truncated ? 'waiting' : 'good'} icon={exported.truncated ? 'warn' : 'check'} data-testid="register-exported">
      <p>
        {words.t('register.exported', { count: exported.rows })} {exported.truncated && words.t('register.truncated')}
      </p>
      <code>SHA-256 {exported.sha256}</code>
    </Notice>
  );
}
