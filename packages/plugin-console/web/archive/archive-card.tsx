// An archive: what is in it, how it goes, and what can be done with it.
import { useState } from 'react';
import type { Archive, ArchiveState, Text } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import type { PeopleNames } from '../app/people-names.ts';
import { useAct } from '../app/use-operation.ts';
import { size } from '../i18n/format.ts';
import { Button } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice, Status, type Tone } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { RestoreDialog } from './restore-dialog.tsx';

const tones: Readonly<Record<ArchiveState, Tone>> = { waiting: 'waiting', copying: 'accent', verifying: 'accent', restoring: 'accent', stored: 'good', damaged: 'refused', cancelled: 'plain' };

interface ArchiveCardProps {
  readonly archive: Archive;
  /** Where it lies; absent when this storage is not configured any more. */
  readonly target: { readonly title: Text } | undefined;
  readonly names: PeopleNames;
  readonly onChanged: () => void;
}

/** Shows an archive. */
export function ArchiveCard({ archive, target, names, onChanged }: ArchiveCardProps) {
  const { words } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const { state, title, record, caseNumber, orderedBy, orderedMs, doneBytes, totalBytes, files, missingMs, reason, verifiedMs } = archive;
  const isRunning = state === 'copying' || state === 'verifying' || state === 'restoring';
  return (
    <li className={state === 'damaged' || state === 'waiting' ? 'card waiting' : 'card'} data-testid="archive" data-state={state}>
      <header className="row">
        <Status tone={tones[state]}>{words.t(`archive-state.${state}`)}</Status>
        <b>{title}</b>
        <div className="grow" />
        <time className="faint figures">{formats.moment(orderedMs)}</time>
      </header>
      {isRunning && <progress className="whole" max={Math.max(1, totalBytes)} value={doneBytes} aria-label={words.t(`archive-state.${state}`)} />}
      <dl className="facts">
        <Fact name={words.t('request.cameras')}>{words.list(archive.cameras.map((id) => cameras.name(id)))}</Fact>
        <Fact name={words.t('archive.range')}>
          <span className="figures">{formats.range(archive)}</span>
        </Fact>
        {caseNumber !== undefined && <Fact name={words.t('hold.case')}>{caseNumber}</Fact>}
        <Fact name={words.t('archive.target')}>{target === undefined ? archive.target : words.text(target.title)}</Fact>
        <Fact name={words.t('archive.ordered-by')}>{names.nameOf(orderedBy) ?? orderedBy}</Fact>
        {files > 0 && (
          <Fact name={words.t('archive.content')}>
            <span className="figures">{words.t('archive.files', { files: String(files), size: size(totalBytes / 2) })}</span>
          </Fact>
        )}
        {missingMs > 0 && <Fact name={words.t('archive.missing')}>{formats.length(missingMs)}</Fact>}
        {verifiedMs !== undefined && (
          <Fact name={words.t('archive.verified')}>
            <span className="figures">{formats.moment(verifiedMs)}</span>
          </Fact>
        )}
      </dl>
      <details>
        <summary>{words.t('archive.record')}</summary>
        <p className="written">{record}</p>
      </details>
      {reason && (
        <Notice tone="waiting" icon="warn">
          {words.text(reason)}
        </Notice>
      )}
      <ArchiveTools archive={archive} onChanged={onChanged} />
    </li>
  );
}

function ArchiveTools({ archive, onChanged }: Pick<ArchiveCardProps, 'archive' | 'onChanged'>) {
  const { words, client } = useApp();
  const [restoring, setRestoring] = useState(false);
  const act = useAct();
  const say = useToast();
  const { id, state, files } = archive;
  const isStored = files > 0 && (state === 'stored' || state === 'damaged');
  const isOpen = state === 'waiting' || state === 'copying';
  if (!isStored && !(isOpen && files === 0)) return undefined;
  const cancel = () => act.run(async () => (await client.call('recording.cancel-archive', { archive: id }), onChanged()));
  const verify = () => act.run(async () => (await client.call('recording.verify-archive', { archive: id }), onChanged()));
  return (
    <>
      {act.problem && <Failure problem={act.problem} />}
      <footer className="row end">
        {isStored ? (
          <>
            <Button busy={act.busy} onClick={() => void verify()} data-testid="archive-verify">
              {words.t('archive.verify')}
            </Button>
            <Button onClick={() => setRestoring(true)} data-testid="archive-restore">
              {words.t('archive.restore')}
            </Button>
          </>
        ) : (
          <Button busy={act.busy} onClick={() => void cancel()} data-testid="archive-cancel">
            {words.t('archive.cancel')}
          </Button>
        )}
      </footer>
      {restoring && (
        <RestoreDialog
          archive={archive}
          onClose={() => setRestoring(false)}
          onRestored={({ files: restored, present }) => {
            setRestoring(false);
            say(words.t('archive.restored', { files: String(restored), present: String(present) }));
            onChanged();
          }}
        />
      )}
    </>
  );
}
