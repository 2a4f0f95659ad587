// A copy that leaves the system. Articles 10 and 11: approved by the right unit, and never without a destination.
import { useState, type FormEvent } from 'react';
import type { OutputOf } from '../api/operations.ts';
import { mediaUrl, type Done } from '../api/client.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { useAct, useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { ReceiptButton } from '../receipts/receipt-button.tsx';
import { grantedDestination } from '../requests/grant-state.ts';
import { gapText } from '../timeline/gap-text.ts';
import type { PlaybackChoice } from './playback-query.ts';

/** Asks where the copy goes, makes it, hands it over. */
export function CopyDialog({ choice, onClose }: { readonly choice: PlaybackChoice; readonly onClose: () => void }) {
  const { words, client, now } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const [typed, setTyped] = useState<string>();
  // A grant is for one destination: what it names is filled in, so that nobody has to type the same words twice.
  const mine = useOperation('request.list-mine', { limit: 100 });
  const destination = typed ?? (mine.data && grantedDestination(mine.data.grants, choice.camera ?? '', choice.range, now())) ?? '';
  const [done, setDone] = useState<Done<OutputOf<'recording.export'>>>();
  const made = done?.output;
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => setDone(await client.act('recording.export', { cameras: choice.camera === undefined ? [] : [choice.camera], ...choice.range, destination: destination.trim() })));
  };
  return (
    <Dialog title={words.t('copy.title')} onClose={onClose} wide={act.problem !== undefined}>
      <form onSubmit={submit} data-testid="copy-form">
        <p className="figures">
          {cameras.name(choice.camera ?? '')} · {formats.range(choice.range)}
        </p>
        <Field label={words.t('request.destination')} hint={words.t('request.destination-hint')}>
          <input data-testid="playback-copy-destination" required maxLength={200} value={destination} onChange={(event) => setTyped(event.target.value)} disabled={made !== undefined} />
        </Field>
        {act.problem && <Failure problem={act.problem} />}
        {made?.gaps.map((gap) => (
          <Notice key={gap.fromMs} tone="waiting" icon="warn">
            {gapText(gap, words)} <span className="figures">{formats.range({ fromMs: gap.fromMs, toMs: gap.toMs ?? choice.range.toMs })}</span>
          </Notice>
        ))}
        <div className="row end">
          {done?.call !== undefined && <ReceiptButton of={{ call: done.call }} label={words.t('receipt.of-copy')} />}
          <Button onClick={onClose}>{words.t(made ? 'button.close' : 'button.cancel')}</Button>
          {made ? (
            <a className="button primary" href={mediaUrl(made.lease, made.path)} download data-testid="playback-copy-download">
              <Icon name="download" size={16} />
              {words.t('button.download')}
            </a>
          ) : (
            <Button type="submit" look={act.problem?.denied ? 'plain' : 'primary'} icon="download" busy={act.busy} disabled={destination.trim() === ''} data-testid="playback-copy-confirm">
              {words.t('copy.make')}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
