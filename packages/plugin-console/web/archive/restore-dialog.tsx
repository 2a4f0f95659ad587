// Puts footage back from an archive, for some days.
import { useState } from 'react';
import type { Archive, Restoration } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { ActForm, ReasonField } from '../kit/act-form.tsx';
import { Field } from '../kit/field.tsx';

const usualDays = 30;
const mostDays = 365;

interface RestoreDialogProps {
  readonly archive: Archive;
  readonly onClose: () => void;
  readonly onRestored: (restored: Restoration) => void;
}

/** The form. */
export function RestoreDialog({ archive, onClose, onRestored }: RestoreDialogProps) {
  const { words, client } = useApp();
  const [days, setDays] = useState(usualDays);
  const [reason, setReason] = useState('');
  const isDays = Number.isInteger(days) && days >= 1 && days <= mostDays;
  return (
    <ActForm title={words.t('archive.restore')} confirm={words.t('archive.restore')} testId="archive-restore" ready={isDays && reason.trim() !== ''} onConfirm={async () => onRestored(await client.call('recording.restore', { archive: archive.id, days, reason: reason.trim() }))} onClose={onClose}>
      <p>{words.t('archive.restore-hint')}</p>
      <Field label={words.t('archive.days')} issue={isDays ? undefined : words.t('archive-issue.days')}>
        <input type="number" min={1} max={mostDays} value={days} onChange={(event) => setDays(event.target.valueAsNumber)} data-testid="archive-days" />
      </Field>
      <ReasonField reason={reason} onChange={setReason} testId="archive-restore" />
    </ActForm>
  );
}
