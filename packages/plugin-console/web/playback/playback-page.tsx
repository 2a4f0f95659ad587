// Playback under a lease. Article 10: without a grant it is refused, with the way to one.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TimeRange } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { navigate, usePlace } from '../app/router.tsx';
import { watchedAddress } from '../audit/watched/watched-query.ts';
import type { OutputOf } from '../api/operations.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Failure, Skeleton } from '../kit/states.tsx';
import { Status } from '../kit/status.tsx';
import { useLease } from '../player/use-lease.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { recordedMs, reveal, windowAround, type Footage, type TimeWindow } from '../timeline/timeline-math.ts';
import { TimelineTable } from '../timeline/timeline-table.tsx';
import { useTimeline } from '../timeline/use-timeline.ts';
import { PresencePanel } from '../presence/presence-panel.tsx';
import { mediaUrl } from '../api/client.ts';
import { CompanionStage } from './companion-stage.tsx';
import { CopyDialog } from './copy-dialog.tsx';
import { GrantBar } from './grant-bar.tsx';
import { PlaybackEnded } from './playback-ended.tsx';
import { choiceAddress, readChoice, type PlaybackChoice } from './playback-query.ts';
import { PresenceBar } from './presence-bar.tsx';
import { RangeControls } from './range-controls.tsx';
import { Stage, type StageControls } from './stage.tsx';
import { useCoveringGrant } from './use-covering-grant.ts';

/** Chooses footage and plays it. */
export default function PlaybackPage() {
  const { words, client, now } = useApp();
  const { formats, session } = useDesk();
  const cameras = useCameras();
  const place = usePlace();
  // Fixed at first, so that the default range does not slide while the page is open.
  const [openedMs] = useState(now);
  const choice = useMemo(() => readChoice(place.query, cameras.list?.map(({ info }) => info.id) ?? [], openedMs), [place.query, cameras.list, openedMs]);
  const [window, setWindow] = useState<TimeWindow>(() => firstWindow(choice.range));
  const [asked, setAsked] = useState<{ readonly choice: PlaybackChoice; readonly count: number }>();
  const [atMs, setAtMs] = useState(choice.range.fromMs);
  const [table, setTable] = useState(false);
  const [copying, setCopying] = useState(false);
  const stage = useRef<StageControls>(null);
  const timeline = useTimeline(choice.camera, window);

  const key = asked?.choice.camera === undefined ? undefined : JSON.stringify(asked);
  const { state, end } = useLease<OutputOf<'recording.playback'>>(key, (signal) => client.call('recording.playback', { camera: asked?.choice.camera ?? '', ...(asked?.choice.range ?? choice.range) }, signal));
  const covered = useCoveringGrant(choice.camera === undefined ? undefined : { camera: choice.camera, action: 'playback', range: choice.range }, state.kind === 'open' ? state.lease.lease : undefined);
  const visit = covered?.request?.visit && covered.request.id;
  const play = useCallback(() => setAsked((before) => ({ choice, count: (before?.count ?? 0) + 1 })), [choice]);
  const change = useCallback((next: Partial<PlaybackChoice>) => navigate(choiceAddress(place, next), { replace: true }), [place]);
  // Another camera or range is another act: what was open is given back.
  useEffect(() => setAsked((before) => (before && (before.choice.camera !== choice.camera || before.choice.range.fromMs !== choice.range.fromMs || before.choice.range.toMs !== choice.range.toMs) ? undefined : before)), [choice]);
  useEffect(() => {
    setAtMs(choice.range.fromMs);
    setWindow((shown) => (choice.range.fromMs < shown.fromMs || choice.range.toMs > shown.toMs ? firstWindow(choice.range) : shown));
  }, [choice.range]);
  const openLease = state.kind === 'open' ? state.lease.lease : undefined;
  const { fromMs, toMs } = choice.range;
  const stillUrl = useCallback((moment: number) => (openLease !== undefined && moment >= fromMs && moment < toMs ? mediaUrl(openLease, `t/${Math.round(moment)}.mp4`) : undefined), [openLease, fromMs, toMs]);
  const seek = (moment: number) => {
    const inside = moment >= choice.range.fromMs && moment < choice.range.toMs;
    if (state.kind === 'open' && inside) stage.current?.seek(moment);
    else if (!inside) change({ range: { fromMs: Math.floor(moment / 1000) * 1000, toMs: Math.floor(moment / 1000) * 1000 + (choice.range.toMs - choice.range.fromMs) } });
    setAtMs(moment);
  };
  const onMoment = useCallback((moment: number) => {
    setAtMs(moment);
    setWindow((shown) => reveal(shown, moment));
  }, []);

  if (!cameras.list) return cameras.problem ? <Failure problem={cameras.problem} onRetry={cameras.reload} /> : <Skeleton rows={8} />;
  return (
    <div className="playback">
      <h1 className="off-screen">{words.t('page.playback')}</h1>
      <RangeControls choice={choice} playing={state.kind === 'open'} onCamera={(camera) => change({ camera, beside: choice.beside.filter((id) => id !== camera), range: choice.range })} onBeside={(beside) => change({ beside, range: choice.range })} onRange={(range) => change({ range })} onPlay={play} onCopy={() => setCopying(true)} />
      {copying && <CopyDialog choice={choice} onClose={() => setCopying(false)} />}
      <div className="playback-stage">
        {state.kind === 'open' && (
          <div className={`stages stages-${choice.beside.length + 1}`}>
            <Stage key={state.lease.lease} ref={stage} lease={state.lease} onMoment={onMoment} onLeaseOver={end} onRetry={play} top={covered && <GrantBar grant={covered.grant} />} pausedHelp={visit && <PresencePanel request={visit} />} />
            {choice.beside.map((camera) => (
              <CompanionStage key={camera} camera={camera} range={choice.range} round={asked?.count ?? 0} leader={stage} onRemove={() => change({ beside: choice.beside.filter((id) => id !== camera), range: choice.range })} />
            ))}
          </div>
        )}
        {visit && <PresenceBar request={visit} />}
        {state.kind === 'refused' && <Failure problem={state.problem} onRetry={play} />}
        {state.kind === 'ended' && <PlaybackEnded reason={state.reason} choice={asked?.choice ?? choice} onPlay={play} />}
        {state.kind === 'opening' && <Skeleton rows={5} />}
        {state.kind === 'idle' && (
          <Empty icon="playback" title={words.t('playback.idle', { camera: cameras.name(choice.camera ?? ''), range: formats.range(choice.range) })}>
            <p>{timeline.data ? words.t('playback.idle-recorded', { length: formats.length(recordedMs(choice.range, timeline.data.recorded)) }) : words.t('playback.idle-hint')}</p>
          </Empty>
        )}
      </div>
      <section className="playback-time" aria-label={words.t('timeline.name')}>
        <div className="toolbar">
          <span className="faint figures">{formats.date(window.fromMs)}</span>
          <Legend />
          <div className="grow" />
          {timeline.problem && (
            <>
              <Status tone="waiting" icon="warn">
                {words.text(timeline.problem.facts.text)}
              </Status>
              <Button look="quiet" icon="retry" onClick={timeline.reload}>
                {words.t('button.retry')}
              </Button>
            </>
          )}
          {session.actions.includes('audit') && choice.camera !== undefined && (
            <Button look="quiet" icon="eye" onClick={() => navigate(watchedAddress(choice.camera!))} data-testid="playback-watched">
              {words.t('watched.title')}
            </Button>
          )}
          <Button look="quiet" icon="minus" onClick={() => setWindow(windowAround(atMs, Math.min(86_400_000, (window.toMs - window.fromMs) * 2)))} aria-label={words.t('timeline.zoom-out')} />
          <Button look="quiet" icon="plus" onClick={() => setWindow(windowAround(atMs, Math.max(60_000, (window.toMs - window.fromMs) / 2)))} aria-label={words.t('timeline.zoom-in')} />
          <Button look="quiet" icon="list" aria-pressed={table} onClick={() => setTable(!table)} data-testid="timeline-as-table">
            {words.t('timeline.as-table')}
          </Button>
        </div>
        <Timeline window={window} onWindow={setWindow} footage={timeline.data ?? nothing} range={choice.range} onRange={(range) => change({ range })} atMs={atMs} onSeek={seek} stillUrl={stillUrl} />
        {table && timeline.data && <TimelineTable timeline={timeline.data} onChoose={seek} />}
      </section>
    </div>
  );
}

function Legend() {
  const { words } = useApp();
  return (
    <span className="legend">
      <i className="recorded" />
      {words.t('timeline.recorded')}
      <i className="gap" />
      {words.t('timeline.gap-word')}
      <i className="deleted" />
      {words.t('timeline.deleted')}
      <i className="range" />
      {words.t('timeline.range')}
    </span>
  );
}

const nothing: Footage = { recorded: [], gaps: [], deleted: [] };

/** A window that shows the range with as much around it, an hour at least. */
function firstWindow(range: TimeRange): TimeWindow {
  const lengthMs = Math.min(86_400_000, Math.max(3_600_000, (range.toMs - range.fromMs) * 2));
  return windowAround((range.fromMs + range.toMs) / 2, lengthMs);
}
