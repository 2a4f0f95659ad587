// Another camera of the same time, kept at the leading picture's moment. Each has a lease of its own: article 10 asks for each camera.
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { TimeRange } from '@wanglou/core';
import { mediaUrl } from '../api/client.ts';
import type { OutputOf } from '../api/operations.ts';
import type { Problem } from '../api/problem.ts';
import { useApp } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { IconButton } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { follow } from '../player/follow.ts';
import { startPlayer, type Player } from '../player/hls-player.ts';
import { toMediaTime, toWallClock } from '../player/media-clock.ts';
import { useLease } from '../player/use-lease.ts';
import { usePauseWatch } from '../player/use-pause-watch.ts';
import { ViewerMark } from '../player/viewer-mark.tsx';
import type { StageControls } from './stage.tsx';

interface CompanionProps {
  readonly camera: string;
  readonly range: TimeRange;
  /** Another round opens another lease. */
  readonly round: number;
  readonly leader: RefObject<StageControls | null>;
  readonly onRemove: () => void;
}

const lookEveryMs = 200;

/** Plays a camera beside the leading one. */
export function CompanionStage({ camera, range, round, leader, onRemove }: CompanionProps) {
  const { words, client } = useApp();
  const cameras = useCameras();
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<Player>(undefined);
  const [failure, setFailure] = useState<Problem>();
  const [isEmpty, setEmpty] = useState(false);
  const { state, end, reopen } = useLease<OutputOf<'recording.playback'>>(`${camera} ${range.fromMs} ${range.toMs} ${round}`, (signal) => client.call('recording.playback', { camera, ...range }, signal));
  const opened = state.kind === 'open' ? state.lease : undefined;
  const url = opened && mediaUrl(opened.lease, opened.path);
  const { paused, onPaused, attempt } = usePauseWatch(opened?.lease);

  useEffect(() => {
    const element = video.current;
    if (!url || !element) return undefined;
    setFailure(undefined);
    const started = startPlayer(element, { url, live: false, lowLatency: false, onLeaseOver: end, onPaused, onFailed: setFailure });
    player.current = started;
    return () => {
      player.current = undefined;
      started.destroy();
    };
  }, [url, end, onPaused, attempt]);
  useEffect(() => {
    const look = () => {
      const element = video.current;
      const lead = leader.current?.position();
      const fragments = player.current?.fragments() ?? [];
      if (!element || !lead || fragments.length === 0) return;
      const targetSeconds = toMediaTime(fragments, lead.atMs) ?? 0;
      const step = follow(lead, { atSeconds: element.currentTime, targetSeconds, targetMs: toWallClock(fragments, targetSeconds) ?? 0 });
      setEmpty(step.kind === 'nothing');
      if (step.kind === 'nothing') {
        element.pause();
        return;
      }
      if (step.seek !== undefined && !element.seeking) element.currentTime = step.seek;
      if (element.playbackRate !== step.rate) element.playbackRate = step.rate;
      if (step.play && element.paused) void element.play().catch(() => undefined);
      else if (!step.play) element.pause();
    };
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }, [leader]);

  const name = cameras.name(camera);
  const curtain = paused || isEmpty;
  return (
    <section className="stage companion" aria-label={words.t('playback.companion', { camera: name })} data-testid={`companion-${camera}`} data-state={curtain && state.kind === 'open' ? 'empty' : state.kind}>
      <div className="picture">
        <video ref={video} muted playsInline disablePictureInPicture aria-label={name} />
        {opened && <ViewerMark />}
        {curtain && state.kind === 'open' && (
          <div className="curtain">
            <Icon name={paused ? 'people' : 'camera'} size={22} />
            <p>{words.t(paused ? 'presence.paused' : 'playback.nothing-then')}</p>
          </div>
        )}
        {(failure ?? (state.kind === 'refused' ? state.problem : undefined)) && (
          <div className="curtain">
            <Failure problem={failure ?? (state as { readonly problem: Problem }).problem} onRetry={reopen} />
          </div>
        )}
        {state.kind === 'ended' && (
          <div className="curtain">
            <Icon name="lock" size={22} />
            <p>{words.has(`lease-end.${state.reason}`, state.reason)}</p>
          </div>
        )}
      </div>
      <footer className="stage-bar">
        <span className="name">{name}</span>
        <div className="grow" />
        <IconButton icon="cross" name={words.t('playback.remove-camera', { camera: name })} onClick={onRemove} />
      </footer>
    </section>
  );
}
