// A copy that leaves the system. Articles 10 and 11: approved by the right unit, and never without a destination.
import { useState, type FormEvent } from 'react';
import type { OutputOf } from '../api/operations.ts';
import type { Done } from '../api/client.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field, FieldGroup } from '../kit/field.tsx';
import { Failure } from '../kit/states.tsx';
import { ReceiptButton } from '../receipts/receipt-button.tsx';
import { grantedDestination } from '../requests/grant-state.ts';
import { CopyResult, DownloadLink } from './copy-result.tsx';
import type { PlaybackChoice } from './playback-query.ts';
import { useExportStatus } from './use-export-status.ts';

/** Asks where the copy goes, makes it, hands it over. */
export function CopyDialog({ choice, onClose }: { readonly choice: PlaybackChoice; readonly onClose: () => void }) {
  const { words, client, now } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const [typed, setTyped] = useState<string>();
  const [caseNumber, setCaseNumber] = useState('');
  const [visibleMark, setVisibleMark] = useState(false);
  const [encrypt, setEncrypt] = useState(false);
  // A grant is for one destination: what it names is filled in, so that nobody has to type the same words twice.
  const mine = useOperation('request.list-mine', { limit: 100 });
  const destination = typed ?? (mine.data && grantedDestination(mine.data.grants, choice.camera ?? '', choice.range, now())) ?? '';
  const chosen = choice.camera === undefined ? [] : [choice.camera, ...choice.beside];
  const [done, setDone] = useState<Done<OutputOf<'recording.export'>>>();
  const made = done?.output;
  const view = useExportStatus(made, encrypt);
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = { cameras: chosen, ...choice.range, destination: destination.trim(), visibleMark, encrypt, ...(caseNumber.trim() !== '' && { caseNumber: caseNumber.trim() }) };
    void act.run(async () => setDone(await client.act('recording.export', input)));
  };
  const close = () => {
    // What is not ready stops; what is finished of it is kept for whoever asks again.
    if (made && view.status?.state !== 'ready') client.release(made.lease);
    onClose();
  };
  const isOpen = made === undefined;
  return (
    <Dialog title={words.t('copy.title')} onClose={close} wide={act.problem !== undefined}>
      <form onSubmit={submit} data-testid="copy-form">
        <p className="figures">
          {chosen.map((id) => cameras.name(id)).join(' · ')} · {formats.range(choice.range)}
        </p>
        <Field label={words.t('request.destination')} hint={words.t('request.destination-hint')}>
          <input data-testid="playback-copy-destination" required maxLength={200} value={destination} onChange={(event) => setTyped(event.target.value)} disabled={!isOpen} />
        </Field>
        <Field label={words.t('request.case-number')} optional={words.t('field.optional')}>
          <input data-testid="playback-copy-case" maxLength={100} value={caseNumber} onChange={(event) => setCaseNumber(event.target.value)} disabled={!isOpen} />
        </Field>
        <FieldGroup label={words.t('copy.protection')}>
          <div className="checks">
            <label className="check">
              <input type="checkbox" checked={visibleMark} onChange={(event) => setVisibleMark(event.target.checked)} disabled={!isOpen} data-testid="playback-copy-mark" /> {words.t('copy.visible-mark')}
            </label>
            <label className="check">
              <input type="checkbox" checked={encrypt} onChange={(event) => setEncrypt(event.target.checked)} disabled={!isOpen} data-testid="playback-copy-encrypt" /> {words.t('copy.encrypt')}
            </label>
          </div>
        </FieldGroup>
        {act.problem && <Failure problem={act.problem} />}
        {made && <CopyResult copy={made} view={view} toMs={choice.range.toMs} />}
        <div className="row end">
          {done?.call !== undefined && <ReceiptButton of={{ call: done.call }} label={words.t('receipt.of-copy')} />}
          <Button onClick={close}>{words.t(view.status?.state === 'ready' ? 'button.close' : 'button.cancel')}</Button>
          {made && view.status?.state === 'ready' && <DownloadLink copy={made} />}
          {isOpen && (
            <Button type="submit" look={act.problem?.denied ? 'plain' : 'primary'} icon="download" busy={act.busy} disabled={destination.trim() === ''} data-testid="playback-copy-confirm">
              {words.t('copy.make')}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
