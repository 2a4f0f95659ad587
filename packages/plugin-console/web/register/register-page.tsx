// The register of article 11: who retrieved what, when, for what purpose, where it went. Filled by acts, never by hand.
import { useEffect, useState } from 'react';
import type { Checkpoint } from '@wanglou/core';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure, Loading } from '../kit/states.tsx';
import { shortHash } from '../i18n/format.ts';
import { downloadText, toCsv } from './csv.ts';
import { cellsOf, columns, filterRows, readFilters, type RowNames } from './register-rows.ts';
import { RegisterFiltersBar } from './register-filters.tsx';
import { RegisterTable } from './register-table.tsx';

const pageSize = 100;

/** Shows, filters, prints and downloads the register. */
export default function RegisterPage() {
  const { words, client, now } = useApp();
  const { campus, formats, unitName, session } = useDesk();
  const cameras = useCameras();
  const place = usePlace();
  const filters = readFilters(place.query);
  const query = { limit: pageSize, ...(filters.person && { person: filters.person }), ...(filters.camera && { camera: filters.camera }) };
  const first = useOperation('register.list', query);
  const [older, setOlder] = useState<readonly RegisterRow[]>([]);
  const [complete, setComplete] = useState(false);
  const [checkpoint, setCheckpoint] = useState<Checkpoint>();
  const more = useAct();
  useEffect(() => {
    setOlder([]);
    setComplete(first.data !== undefined && first.data.rows.length < pageSize);
  }, [first.data]);
  // Printing waits until the checkpoint stands on the page.
  useEffect(() => {
    if (checkpoint) print();
  }, [checkpoint]);

  const names: RowNames = { words, formats, purposes: campus.purposes, camera: (id) => cameras.name(id), unit: unitName };
  const all = [...(first.data?.rows ?? []), ...older];
  const shown = filterRows(all, filters);
  const loadMore = () =>
    more.run(async () => {
      const beforeSeq = all.at(-1)?.seq;
      if (beforeSeq === undefined) return;
      const { rows } = await client.call('register.list', { ...query, beforeSeq });
      setOlder([...older, ...rows]);
      setComplete(rows.length < pageSize);
    });
  const download = () => {
    const header = columns.map((column) => words.t(`register.${column}`));
    const rows = shown.map((row) => Object.values(cellsOf(row, names)));
    downloadText(`${words.t('page.register')}-${formats.date(now())}.csv`, 'text/csv;charset=utf-8', toCsv(header, rows));
  };
  const printIt = () => more.run(async () => setCheckpoint(await client.call('audit.checkpoint', {})));
  return (
    <div className="page wide register">
      <header className="page-head row">
        <h1>{words.t('page.register')}</h1>
        <span className="faint screen-only">{words.t('register.intro')}</span>
        <div className="grow" />
        <Button look="quiet" icon="retry" onClick={first.reload} busy={first.loading}>
          {words.t('button.reload')}
        </Button>
        <Button icon="download" onClick={download} disabled={shown.length === 0} data-testid="register-csv">
          {words.t('button.csv')}
        </Button>
        <Button icon="print" onClick={() => void printIt()} disabled={shown.length === 0}>
          {words.t('button.print')}
        </Button>
      </header>
      <RegisterFiltersBar filters={filters} onChange={(changes) => navigate(withQuery(place, changes), { replace: true })} />
      <p className="print-only">
        {words.text(campus.name)} · {words.text(campus.pack.title)} · {words.t('register.printed', { person: session.person.name, moment: formats.moment(now()), count: shown.length })}
        {checkpoint && ` · ${words.t('audit.checkpoint')} ${checkpoint.size} ${shortHash(checkpoint.hash)}`}
      </p>
      {more.problem && <Failure problem={more.problem} />}
      <Loading loaded={first}>
        {() =>
          shown.length === 0 ? (
            <Empty icon="register" title={words.t(all.length === 0 ? 'register.empty' : 'register.none-match')}>
              <p>{words.t('register.empty-hint')}</p>
            </Empty>
          ) : (
            <RegisterTable rows={shown} names={names} />
          )
        }
      </Loading>
      {!complete && all.length > 0 && (
        <div className="row center screen-only">
          <Button onClick={() => void loadMore()} busy={more.busy}>
            {words.t('button.older')}
          </Button>
        </div>
      )}
    </div>
  );
}
