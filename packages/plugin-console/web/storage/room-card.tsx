// The room for footage on all disks together: what is free, what comes in, and for how many days that goes on.
import type { StorageState, StorageStatus } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { size } from '../i18n/format.ts';
import { Fact } from '../kit/fact.tsx';
import { Notice, Status, type Tone } from '../kit/status.tsx';

const tones: Readonly<Record<StorageState, Tone>> = { room: 'good', tight: 'waiting', full: 'waiting', away: 'waiting' };

/** Shows the room. */
export function RoomCard({ storage }: { readonly storage: StorageStatus }) {
  const { words } = useApp();
  const cameras = useCameras();
  const { state, totalBytes, freeBytes, reserveBytes, bytesPerDay, daysLeft, stopped } = storage;
  return (
    <section className={state === 'room' ? 'card' : 'card waiting'} data-testid="room" data-state={state}>
      <header className="row">
        <h2>{words.t('storage.room')}</h2>
        <div className="grow" />
        <Status tone={tones[state]}>{words.t(`storage-state.${state}`)}</Status>
      </header>
      <meter className="room" min={0} max={Math.max(1, totalBytes)} value={totalBytes - freeBytes} aria-label={words.t('storage.used')} />
      <dl className="facts">
        <Fact name={words.t('storage.free')}>{words.t('storage.free-of', { free: size(freeBytes), total: size(totalBytes), reserve: size(reserveBytes) })}</Fact>
        <Fact name={words.t('storage.rate')}>{words.t('storage.per-day', { size: size(bytesPerDay) })}</Fact>
        <Fact name={words.t('storage.days-left')}>
          <span data-testid="room-days">{daysLeft === undefined ? words.t(bytesPerDay === 0 ? 'storage.no-forecast' : 'storage.lasts') : words.t('storage.days', { days: String(Math.floor(daysLeft)) })}</span>
        </Fact>
      </dl>
      {daysLeft !== undefined && <p className="hint">{words.t('storage.days-hint')}</p>}
      {stopped.length > 0 && (
        <Notice tone="waiting" icon="cameraOff">
          {words.t('storage.stopped', { cameras: words.list(stopped.map((camera) => cameras.name(camera))) })}
        </Notice>
      )}
    </section>
  );
}
