// A disk of recordings: where it is, how it is, and how many cameras record to it.
import type { RecordingDiskState, RecordingDiskStatus } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { size } from '../i18n/format.ts';
import { Fact } from '../kit/fact.tsx';
import { Notice, Status, type Tone } from '../kit/status.tsx';

const tones: Readonly<Record<RecordingDiskState, Tone>> = { healthy: 'good', full: 'waiting', failed: 'refused', missing: 'refused' };

/** Shows a disk. */
export function DiskCard({ disk: { path, state, problem, freeBytes, totalBytes, cameras } }: { readonly disk: RecordingDiskStatus }) {
  const { words } = useApp();
  return (
    <li className={state === 'healthy' ? 'card' : 'card waiting'} data-testid="disk" data-state={state}>
      <header className="row">
        <h3 className="figures">{path}</h3>
        <div className="grow" />
        <Status tone={tones[state]}>{words.t(`disk-state.${state}`)}</Status>
      </header>
      <dl className="facts">
        {freeBytes !== undefined && totalBytes !== undefined && <Fact name={words.t('storage.free')}>{words.t('disk.free-of', { free: size(freeBytes), total: size(totalBytes) })}</Fact>}
        <Fact name={words.t('disk.cameras')}>{String(cameras.length)}</Fact>
      </dl>
      {problem && (
        <Notice tone="waiting" icon="warn">
          {words.text(problem.text)}
        </Notice>
      )}
    </li>
  );
}
