// One camera on the wall: its picture, or in words why there is none.
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { navigate } from '../app/router.tsx';
import { watchedAddress } from '../audit/watched/watched-query.ts';
import { mediaUrl } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { IconButton } from '../kit/button.tsx';
import { startPlayer, type Player } from '../player/hls-player.ts';
import { startStreamPlayer } from '../player/stream-player.ts';
import { useFrameWatch } from '../player/use-frame-watch.ts';
import { usePauseWatch } from '../player/use-pause-watch.ts';
import { useLease } from '../player/use-lease.ts';
import { ViewerMark } from '../player/viewer-mark.tsx';
import { TileCurtain, TileStatus } from './tile-curtain.tsx';
import { isOffline, tileState, type TileState } from './tile-state.ts';
import { useIsSmall } from './use-is-small.ts';
import { useOnScreen } from './use-on-screen.ts';

/** What a tile takes. */
export interface TileProps {
  readonly camera: string;
  readonly number: number;
  readonly focused: boolean;
  readonly selected: boolean;
  /** The only picture: played by its playlist, which bridges a bad network better than the wall's link. */
  readonly single: boolean;
  readonly onSelect: () => void;
  readonly onFocus: () => void;
  readonly onRemove: () => void;
}

/** Pauses before a picture is asked for again by itself. */
const retryMs = { failed: 4000, offline: 10_000, ended: 500 } as const;

/** Live view of one camera. */
export function Tile({ camera: id, number, focused, selected, single, onSelect, onFocus, onRemove }: TileProps) {
  const { client, words } = useApp();
  const cameras = useCameras();
  const { session, feed, wall } = useDesk();
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<Player>(undefined);
  const [failure, setFailure] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  const [byPlaylist, setByPlaylist] = useState(false);
  const camera = cameras.list?.find(({ info }) => info.id === id);
  const offline = isOffline(camera);
  // Duty is part of the key: it opens and closes live view.
  const { state: lease, reopen, end } = useLease(offline ? undefined : `${id} ${session.onDuty}`, (signal) => client.call('recording.live', { camera: id }, signal));
  const opened = lease.kind === 'open' ? lease.lease : undefined;
  const url = opened && mediaUrl(opened.lease, opened.path);
  const { paused, onPaused, attempt: resumed } = usePauseWatch(opened?.lease);
  const frames = useFrameWatch(video, url !== undefined);
  const onScreen = useOnScreen(frame);
  const isSmall = useIsSmall(frame);
  const byLink = !single && !byPlaylist;
  const small = byLink ? isSmall : false;
  const state = tileState({ camera, status: cameras.statuses.get(id), lease, frames, failure, paused });

  useEffect(() => {
    const element = video.current;
    if (!opened || !url || !element || small === undefined) return undefined;
    setFailure(undefined);
    const events = { onLeaseOver: end, onPaused, onFailed: setFailure };
    const started = byLink ? startStreamPlayer(element, { link: wall, lease: opened.lease, small, onUnavailable: () => setByPlaylist(true), ...events }) : startPlayer(element, { url, live: true, lowLatency: single, ...events });
    player.current = started;
    return () => {
      player.current = undefined;
      started.destroy();
    };
  }, [opened, url, single, byLink, small, wall, end, onPaused, attempt, resumed]);
  useEffect(() => player.current?.setFetching(onScreen), [onScreen, url, small, attempt, resumed]);
  const retry = useCallback(() => {
    setFailure(undefined);
    // While the lease lives only the player begins anew: a new lease is another act in the register.
    if (url === undefined) reopen();
    else setAttempt((count) => count + 1);
  }, [reopen, url]);
  useRetry(state, retry);
  // A new grant may open what was refused.
  const refused = state.kind === 'refused';
  useEffect(() => (refused ? feed.on('grant', ({ holder, scope }) => holder === session.person.id && scope.cameras.includes(id) && retry()) : undefined), [refused, feed, session.person.id, id, retry]);

  const name = cameras.name(id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.key !== 'Enter') return;
    event.preventDefault();
    onFocus();
  };
  return (
    <div
      ref={frame}
      className={`tile ${focused ? 'focused' : ''} ${selected ? 'selected' : ''}`}
      data-testid={`tile-${id}`}
      data-state={state.kind}
      role="group"
      aria-label={words.t('wall.tile', { name, state: words.t(`tile.${state.kind}`) })}
      tabIndex={0}
      onClick={onSelect}
      onFocus={onSelect}
      onDoubleClick={onFocus}
      onKeyDown={onKeyDown}
    >
      <video ref={video} muted autoPlay playsInline disablePictureInPicture aria-hidden="true" tabIndex={-1} />
      {url !== undefined && (state.kind === 'live' || state.kind === 'frozen') && <ViewerMark />}
      <TileCurtain state={state} onRetry={retry} />
      <footer>
        <span className="number figures">{number}</span>
        <span className="name">{name}</span>
        <TileStatus state={state} />
        <span className="tools">
          {session.actions.includes('audit') && <IconButton icon="eye" name={words.t('watched.of', { camera: name })} onClick={() => navigate(watchedAddress(id))} data-testid={`tile-watched-${id}`} />}
          <IconButton icon={focused ? 'minus' : 'full'} name={words.t(focused ? 'wall.unfocus' : 'wall.focus', { name })} onClick={onFocus} />
          {!focused && <IconButton icon="cross" name={words.t('wall.remove', { name })} onClick={onRemove} />}
        </span>
      </footer>
    </div>
  );
}

/** Asks again after a while where that may help; never after a refusal. */
function useRetry(state: TileState, retry: () => void): void {
  const waitMs = state.kind in retryMs ? retryMs[state.kind as keyof typeof retryMs] : undefined;
  const again = useRef(0);
  if (state.kind === 'live') again.current = 0;
  useEffect(() => {
    if (waitMs === undefined) return undefined;
    const timer = setTimeout(retry, waitMs * 2 ** Math.min(again.current++, 4));
    return () => clearTimeout(timer);
  }, [waitMs, state.kind, retry]);
}
