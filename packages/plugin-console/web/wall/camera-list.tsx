// All cameras beside the wall, by place, with how they are.
import { useState } from 'react';
import type { CameraSummary, RecordingStatus } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { Link } from '../app/router.tsx';
import { watchedAddress } from '../audit/watched/watched-query.ts';
import { IconButton } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';

interface CameraListProps {
  readonly cameras: readonly CameraSummary[];
  readonly statuses: ReadonlyMap<string, RecordingStatus>;
  readonly onWall: readonly string[];
  /** On narrow screens the list is a drawer. */
  readonly open: boolean;
  readonly onPick: (camera: string) => void;
  readonly onClose: () => void;
}

/** Picks cameras for the wall. */
export function CameraList({ cameras, statuses, onWall, open, onPick, onClose }: CameraListProps) {
  const { words } = useApp();
  const mayAudit = useDesk().session.actions.includes('audit');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const shown = cameras.filter(({ info }) => [info.id, info.name.zh, info.name.en, info.place ?? ''].some((part) => part.toLowerCase().includes(wanted)));
  const online = cameras.filter(({ state }) => state === 'online' || state === 'degraded').length;
  return (
    <aside className={open ? 'camera-list open' : 'camera-list'} aria-label={words.t('wall.cameras')}>
      <header>
        <h2>{words.t('wall.cameras')}</h2>
        <span className="faint figures">{words.t('wall.online', { online, total: cameras.length })}</span>
        <IconButton icon="cross" name={words.t('button.close')} className="narrow-only" onClick={onClose} />
      </header>
      <label className="search">
        <Icon name="search" size={16} />
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} placeholder={words.t('wall.search')} aria-label={words.t('wall.search')} />
      </label>
      <ul>
        {shown.map((camera) => (
          <li key={camera.info.id}>
            <button type="button" onClick={() => onPick(camera.info.id)} aria-pressed={onWall.includes(camera.info.id)} data-testid={`camera-${camera.info.id}`}>
              <StateIcon camera={camera} />
              <span className="name">{words.text(camera.info.name)}</span>
              {statuses.get(camera.info.id)?.state === 'recording' ? <span className="recording">{words.t('recording.recording')}</span> : <span className="faint">{words.t(`camera.${camera.state}`)}</span>}
            </button>
            {mayAudit && (
              <Link className="button quiet square" to={watchedAddress(camera.info.id)} aria-label={words.t('watched.of', { camera: words.text(camera.info.name) })} title={words.t('watched.of', { camera: words.text(camera.info.name) })} data-testid={`camera-watched-${camera.info.id}`}>
                <Icon name="eye" size={16} />
              </Link>
            )}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="faint">{words.t('wall.none-found')}</p>}
    </aside>
  );
}

function StateIcon({ camera }: { readonly camera: CameraSummary }) {
  const { words } = useApp();
  const good = camera.state === 'online';
  return (
    <span className={good ? 'state-icon' : 'state-icon waiting'} title={words.t(`camera.${camera.state}`)}>
      <Icon name={good || camera.state === 'degraded' ? 'camera' : 'cameraOff'} size={16} />
    </span>
  );
}
