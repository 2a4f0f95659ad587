// Lets a hold last longer, or without an end.
import { useState } from 'react';
import type { Hold } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { ActForm, ReasonField } from '../kit/act-form.tsx';
import { MomentInput } from '../playback/moment-input.tsx';

interface ExtendDialogProps {
  readonly hold: Hold;
  readonly onClose: () => void;
  readonly onExtended: () => void;
}

/** The form. */
export function ExtendDialog({ hold, onClose, onExtended }: ExtendDialogProps) {
  const { words, client } = useApp();
  const [endless, setEndless] = useState(false);
  const [endsMs, setEnds] = useState(hold.endsMs);
  const [reason, setReason] = useState('');
  const isLater = endsMs !== undefined && endsMs > (hold.endsMs ?? 0);
  const extend = async () => {
    await client.call('recording.extend-hold', { hold: hold.id, reason: reason.trim(), ...(!endless && endsMs !== undefined && { endsMs }) });
    onExtended();
  };
  return (
    <ActForm title={words.t('hold.extend')} confirm={words.t('hold.extend')} testId="hold-extend" ready={reason.trim() !== '' && (endless || isLater)} onConfirm={extend} onClose={onClose}>
      <label className="check">
        <input type="checkbox" checked={endless} onChange={(event) => setEndless(event.target.checked)} data-testid="hold-endless" />
        {words.t('hold.endless')}
      </label>
      {!endless && <MomentInput label={words.t('hold.ends')} testId="hold-ends" valueMs={endsMs} onChange={setEnds} />}
      <ReasonField reason={reason} onChange={setReason} testId="hold-extend" />
    </ActForm>
  );
}
