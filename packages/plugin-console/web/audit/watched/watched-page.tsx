// Who watched this camera? By person: when, what, what for, how long, and what was refused. Articles 11 and 12.
import { useMemo, useState } from 'react';
import type { TimeRange } from '@wanglou/core';
import { useApp, useDesk } from '../../app/context.ts';
import { useCameras } from '../../app/cameras.tsx';
import { usePeopleNames } from '../../app/people-names.ts';
import { navigate, usePlace, withQuery } from '../../app/router.tsx';
import { Button } from '../../kit/button.tsx';
import { Field } from '../../kit/field.tsx';
import { Empty, Failure, Loading } from '../../kit/states.tsx';
import { Notice } from '../../kit/status.tsx';
import { PrintHead } from '../../papers/print-head.tsx';
import { usePrint } from '../../papers/use-print.ts';
import { MomentInput } from '../../playback/moment-input.tsx';
import { useWatched } from './use-watched.ts';
import { lastDays, readWatched, watchedDays } from './watched-query.ts';
import { WatchedTable } from './watched-table.tsx';

/** Answers for the camera of the address. */
export default function WatchedPage() {
  const { words, now } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const people = usePeopleNames();
  const place = usePlace();
  // Fixed at first, so that the default range does not slide while the page is open.
  const [openedMs] = useState(now);
  const { camera, range } = useMemo(() => readWatched(place.query, openedMs), [place.query, openedMs]);
  const loaded = useWatched(camera, range);
  const paper = usePrint();
  const by = loaded.data?.by ?? [];
  const setRange = ({ fromMs, toMs }: TimeRange) => navigate(withQuery(place, { from: String(fromMs), to: String(Math.max(toMs, fromMs + 1000)) }), { replace: true });
  return (
    <div className="page wide watched">
      <header className="page-head row">
        <h1>{words.t('watched.title')}</h1>
        {camera !== undefined && <b className="watched-camera">{cameras.name(camera)}</b>}
        <span className="faint screen-only">{words.t('watched.intro')}</span>
        <div className="grow" />
        <Button look="quiet" icon="retry" onClick={loaded.reload} busy={camera !== undefined && loaded.loading}>
          {words.t('button.reload')}
        </Button>
        <Button icon="print" onClick={paper.print} busy={paper.busy} disabled={by.length === 0} data-testid="watched-print">
          {words.t('button.print')}
        </Button>
      </header>
      <div className="filters audit-filters shown screen-only" role="search" aria-label={words.t('filter.name')}>
        <Field label={words.t('filter.camera')}>
          <select value={camera ?? ''} onChange={(event) => navigate(withQuery(place, { camera: event.target.value }), { replace: true })} data-testid="watched-camera">
            <option value="">{words.t('request.choose')}</option>
            {camera !== undefined && !cameras.list?.some(({ info }) => info.id === camera) && <option value={camera}>{camera}</option>}
            {cameras.list?.map(({ info }) => (
              <option key={info.id} value={info.id}>
                {words.text(info.name)}
              </option>
            ))}
          </select>
        </Field>
        <MomentInput label={words.t('request.from')} testId="watched-from" valueMs={range.fromMs} onChange={(fromMs) => setRange({ ...range, fromMs })} />
        <MomentInput label={words.t('request.to')} testId="watched-to" valueMs={range.toMs} onChange={(toMs) => setRange({ ...range, toMs })} />
        <div className="chips filter-buttons" role="group" aria-label={words.t('playback.quick')}>
          {watchedDays.map((days) => (
            <button type="button" className="chip" key={days} onClick={() => setRange(lastDays(days, now()))} data-testid={`watched-days-${days}`}>
              {words.t('playback.last', { length: formats.length(days * 86_400_000) })}
            </button>
          ))}
        </div>
      </div>
      <PrintHead newest={paper.newest} count={by.reduce((sum, { acts }) => sum + acts.length, 0)}>
        <p className="figures">{formats.range(range)}</p>
      </PrintHead>
      {paper.problem && <Failure problem={paper.problem} onRetry={paper.print} />}
      {loaded.data?.truncated && (
        <Notice tone="waiting" icon="warn" role="status">
          {words.t('watched.truncated')}
        </Notice>
      )}
      {camera === undefined ? (
        <Empty icon="eye" title={words.t('watched.choose')}>
          <p>{words.t('watched.choose-hint')}</p>
        </Empty>
      ) : (
        <Loading loaded={loaded}>
          {(watched) =>
            watched.by.length === 0 ? (
              <Empty icon="eye" title={words.t('watched.nobody')}>
                <p>{words.t('watched.nobody-hint')}</p>
              </Empty>
            ) : (
              <WatchedTable by={watched.by} people={people} />
            )
          }
        </Loading>
      )}
    </div>
  );
}
