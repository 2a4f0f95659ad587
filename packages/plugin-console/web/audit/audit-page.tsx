// The audit log: every decision and outcome, and the proof that none was changed. Articles 11 and 12.
import { useEffect, useState } from 'react';
import type { AuditRecord } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure, Loading } from '../kit/states.tsx';
import { AuditFiltersBar } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { VerifyPanel } from './verify-panel.tsx';

const pageSize = 100;

/** Reads and verifies the audit log. */
export default function AuditPage() {
  const { words, client } = useApp();
  const place = usePlace();
  const person = place.query.get('person') ?? '';
  const camera = place.query.get('camera') ?? '';
  const operation = place.query.get('operation') ?? '';
  const query = { limit: pageSize, ...(person && { person }), ...(camera && { camera }), ...(operation && { operation }) };
  const first = useOperation('audit.list', query);
  const [older, setOlder] = useState<readonly AuditRecord[]>([]);
  const [complete, setComplete] = useState(false);
  const more = useAct();
  useEffect(() => {
    setOlder([]);
    setComplete(first.data !== undefined && first.data.records.length < pageSize);
  }, [first.data]);
  const all = [...(first.data?.records ?? []), ...older];
  const loadMore = () =>
    more.run(async () => {
      const beforeSeq = all.at(-1)?.seq;
      if (beforeSeq === undefined) return;
      const { records } = await client.call('audit.list', { ...query, beforeSeq });
      setOlder([...older, ...records]);
      setComplete(records.length < pageSize);
    });
  return (
    <div className="page wide">
      <header className="page-head row">
        <h1>{words.t('page.audit')}</h1>
        <span className="faint">{words.t('audit.intro')}</span>
        <div className="grow" />
        <Button look="quiet" icon="retry" onClick={first.reload} busy={first.loading}>
          {words.t('button.reload')}
        </Button>
      </header>
      <VerifyPanel />
      <AuditFiltersBar person={person} camera={camera} operation={operation} onChange={(changes) => navigate(withQuery(place, changes), { replace: true })} />
      {more.problem && <Failure problem={more.problem} />}
      <Loading loaded={first}>
        {() =>
          all.length === 0 ? (
            <Empty icon="audit" title={words.t('audit.empty')}>
              <p>{words.t('audit.empty-hint')}</p>
            </Empty>
          ) : (
            <AuditTable records={all} />
          )
        }
      </Loading>
      {!complete && all.length > 0 && (
        <div className="row center">
          <Button onClick={() => void loadMore()} busy={more.busy}>
            {words.t('button.older')}
          </Button>
        </div>
      )}
    </div>
  );
}
