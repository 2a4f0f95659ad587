// The picture of playback with its controls, the viewer's mark and the time the lease has left.
import { useEffect, useImperativeHandle, useRef, useState, type ReactNode, type Ref } from 'react';
import type { MediaLease } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useShortcuts } from '../app/shortcuts.ts';
import { mediaUrl } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { IconButton } from '../kit/button.tsx';
import { Countdown } from '../kit/countdown.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import type { Lead } from '../player/follow.ts';
import { startPlayer, type Player } from '../player/hls-player.ts';
import { toMediaTime, toWallClock } from '../player/media-clock.ts';
import { useFrameSteps } from '../player/use-frame-steps.ts';
import { usePauseWatch } from '../player/use-pause-watch.ts';
import { ViewerMark } from '../player/viewer-mark.tsx';

/** What others may ask of the stage. */
export interface StageControls {
  /** Goes to a moment of the footage; moments in a gap go to the first picture after it. */
  seek(atMs: number): void;
  /** Where it is, for cameras that keep the same moment; `undefined` before the first picture. */
  position(): Lead | undefined;
}

interface StageProps {
  readonly lease: MediaLease;
  readonly ref: Ref<StageControls>;
  readonly onMoment: (atMs: number) => void;
  readonly onLeaseOver: (reason: string) => void;
  readonly onRetry: () => void;
  /** What the holder of the grant can see and do of it, beside the lease's clock. */
  readonly top?: ReactNode;
  /** What brings the missing persons, while the lease pauses. */
  readonly pausedHelp?: ReactNode;
}

const speeds = [0.5, 1, 2, 4, 8, 16] as const;

/** Plays the footage of a lease. */
export function Stage({ lease, ref, onMoment, onLeaseOver, onRetry, top, pausedHelp }: StageProps) {
  const { words } = useApp();
  const { formats } = useDesk();
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<Player>(undefined);
  const [paused, setPaused] = useState(true);
  const [muted, setMuted] = useState(true);
  const [speed, setSpeed] = useState<number>(1);
  const [atMs, setAtMs] = useState<number>();
  const [failure, setFailure] = useState<Problem>();
  const url = mediaUrl(lease.lease, lease.path);
  const { paused: held, onPaused, attempt } = usePauseWatch(lease.lease);

  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    const started = startPlayer(element, { url, live: false, lowLatency: false, onLeaseOver, onPaused, onFailed: setFailure });
    player.current = started;
    element.play().catch(() => undefined);
    return () => started.destroy();
  }, [url, onLeaseOver, onPaused]);
  // Nothing of the buffer is shown while it pauses; afterwards it goes on at the same picture.
  useEffect(() => {
    if (held) video.current?.pause();
  }, [held]);
  useEffect(() => {
    if (attempt === 0) return;
    player.current?.resume();
    video.current?.play().catch(() => undefined);
  }, [attempt]);
  const tell = () => {
    const moment = video.current && toWallClock(player.current?.fragments() ?? [], video.current.currentTime);
    if (typeof moment !== 'number') return;
    setAtMs(moment);
    onMoment(moment);
  };
  const seekBy = (seconds: number) => {
    if (video.current) video.current.currentTime += seconds;
  };
  const togglePlay = () => held || void (video.current?.paused ? video.current.play().catch(() => undefined) : video.current?.pause());
  const step = useFrameSteps(video);
  const chooseSpeed = (next: number) => {
    setSpeed(next);
    if (video.current) video.current.playbackRate = next;
  };
  useImperativeHandle(ref, () => ({
    seek: (moment) => {
      const seconds = toMediaTime(player.current?.fragments() ?? [], moment);
      if (seconds !== undefined && video.current) video.current.currentTime = seconds;
    },
    position: () => {
      const element = video.current;
      const moment = element ? toWallClock(player.current?.fragments() ?? [], element.currentTime) : undefined;
      return element && moment !== undefined ? { atMs: moment, isPlaying: !element.paused && !element.seeking && element.readyState > 2, speed: element.playbackRate } : undefined;
    },
  }));
  useShortcuts([
    { keys: 'k', run: togglePlay },
    { keys: 'j', run: () => seekBy(-10) },
    { keys: 'l', run: () => seekBy(10) },
    { keys: ',', run: () => step(-1) },
    { keys: '.', run: () => step(1) },
  ]);
  const toggleFull = () => void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen().catch(() => undefined));
  return (
    <div className="stage" ref={frame}>
      <div className="picture">
        <video
          ref={video}
          data-testid="playback-video"
          playsInline
          autoPlay
          muted={muted}
          disablePictureInPicture
          aria-label={words.t('playback.picture')}
          onClick={togglePlay}
          onPlay={() => setPaused(false)}
          onPause={() => setPaused(true)}
          onTimeUpdate={tell}
          onSeeked={tell}
        />
        <ViewerMark />
        <div className="stage-top">
          <Countdown endsMs={lease.expiresMs} label={words.t('playback.lease')} data-testid="lease-countdown" />
          {top}
        </div>
        {held && (
          <div className="curtain paused" role="alert" data-testid="playback-paused">
            <Icon name="people" size={26} />
            <h2>{words.t('presence.paused')}</h2>
            <p>{words.t('presence.paused-why')}</p>
            {pausedHelp}
          </div>
        )}
        {failure && (
          <div className="curtain">
            <Failure problem={failure} onRetry={onRetry} />
          </div>
        )}
      </div>
      <div className="stage-bar">
        <IconButton icon={paused ? 'play' : 'pause'} name={words.t(paused ? 'playback.resume' : 'playback.pause')} onClick={togglePlay} data-testid="playback-toggle" />
        <IconButton icon="back" name={words.t('playback.back')} onClick={() => seekBy(-10)} />
        <IconButton icon="forward" name={words.t('playback.forward')} onClick={() => seekBy(10)} />
        <IconButton icon="left" name={words.t('playback.picture-back')} onClick={() => step(-1)} data-testid="playback-step-back" />
        <IconButton icon="right" name={words.t('playback.picture-on')} onClick={() => step(1)} data-testid="playback-step-on" />
        <output className="figures" data-testid="playback-moment">
          {atMs === undefined ? '––' : formats.moment(atMs)}
        </output>
        <div className="grow" />
        <select className="slim" aria-label={words.t('playback.speed')} value={speed} onChange={(event) => chooseSpeed(Number(event.target.value))}>
          {speeds.map((value) => (
            <option key={value} value={value}>
              {value}×
            </option>
          ))}
        </select>
        <IconButton icon={muted ? 'mute' : 'sound'} name={words.t(muted ? 'playback.unmute' : 'playback.mute')} onClick={() => setMuted(!muted)} />
        <IconButton icon="full" name={words.t('playback.full')} onClick={toggleFull} />
      </div>
    </div>
  );
}
