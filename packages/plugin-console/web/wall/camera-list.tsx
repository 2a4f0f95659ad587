// All cameras beside the wall, by place, with how they are.
import { useState } from 'react';
import type { CameraSummary, RecordingHealth, RecordingStatus } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { Link } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import { watchedAddress } from '../audit/watched/watched-query.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { blindnessOf, concernsOf, figuresOf, type Concern } from './concerns.ts';

interface CameraListProps {
  readonly cameras: readonly CameraSummary[];
  readonly statuses: ReadonlyMap<string, RecordingStatus>;
  readonly healths: ReadonlyMap<string, RecordingHealth>;
  readonly onWall: readonly string[];
  /** On narrow screens the list is a drawer. */
  readonly open: boolean;
  readonly onPick: (camera: string) => void;
  readonly onClose: () => void;
}

/** Picks cameras for the wall. */
export function CameraList({ cameras, statuses, healths, onWall, open, onPick, onClose }: CameraListProps) {
  const { words } = useApp();
  const { session, formats } = useDesk();
  const mayAudit = session.actions.includes('audit');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const shown = cameras.filter(({ info }) => [info.id, info.name.zh, info.name.en, info.place ?? ''].some((part) => part.toLowerCase().includes(wanted)));
  const online = cameras.filter(({ state }) => state === 'online' || state === 'degraded').length;
  const blindness = blindnessOf(healths);
  const figures = (id: string): string | undefined => {
    const health = healths.get(id);
    return health && figuresOf(health, words, formats);
  };
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
      {blindness && (
        <Notice tone="waiting" icon="warn" data-testid="snapshots-blind">
          {words.text(blindness)}
        </Notice>
      )}
      <ul>
        {shown.map((camera) => (
          <li key={camera.info.id}>
            <button type="button" onClick={() => onPick(camera.info.id)} aria-pressed={onWall.includes(camera.info.id)} title={figures(camera.info.id)} data-testid={`camera-${camera.info.id}`}>
              <StateIcon camera={camera} />
              <span className="name">{words.text(camera.info.name)}</span>
              {statuses.get(camera.info.id)?.state === 'recording' ? <span className="recording">{words.t('recording.recording')}</span> : <span className="faint">{words.t(`camera.${camera.state}`)}</span>}
            </button>
            {mayAudit && (
              <Link className="button quiet square" to={watchedAddress(camera.info.id)} aria-label={words.t('watched.of', { camera: words.text(camera.info.name) })} title={words.t('watched.of', { camera: words.text(camera.info.name) })} data-testid={`camera-watched-${camera.info.id}`}>
                <Icon name="eye" size={16} />
              </Link>
            )}
            <Concerns camera={camera.info.id} concerns={concernsOf(statuses.get(camera.info.id), healths.get(camera.info.id))} />
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="faint">{words.t('wall.none-found')}</p>}
    </aside>
  );
}

/** What should be looked at, below the camera. */
function Concerns({ camera, concerns }: { readonly camera: string; readonly concerns: readonly Concern[] }) {
  const { words } = useApp();
  const mayRenew = useDesk().session.actions.includes('maintain');
  if (concerns.length === 0) return undefined;
  return (
    <ul className="concerns" aria-label={words.t('wall.concerns')} data-testid={`concerns-${camera}`}>
      {concerns.map(({ code, text }) => (
        <li key={code}>
          <Icon name="warn" size={14} />
          <div>
            {words.text(text)}
            {code === 'PICTURE_MOVED' && mayRenew && <Renew camera={camera} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A camera was moved on purpose. */
function Renew({ camera }: { readonly camera: string }) {
  const { client, words } = useApp();
  const act = useAct();
  const say = useToast();
  const renew = () =>
    act.run(async () => {
      await client.call('recording.renew-reference', { camera });
      say(words.t('health.renewed'));
    });
  return (
    <>
      <Button busy={act.busy} onClick={() => void renew()} data-testid={`renew-${camera}`}>
        {words.t('health.renew')}
      </Button>
      {act.problem && (
        <Dialog title={words.t('health.renew')} onClose={act.clear}>
          <Failure problem={act.problem} onRetry={() => void renew()} />
        </Dialog>
      )}
    </>
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
