// Holds footage: which cameras, from when to when, why, and until when.
import { useState } from 'react';
import { useCameras } from '../app/cameras.tsx';
import { useApp } from '../app/context.ts';
import { ActForm, ReasonField } from '../kit/act-form.tsx';
import { Field, FieldGroup } from '../kit/field.tsx';
import { useToast } from '../kit/toast.tsx';
import { MomentInput } from '../playback/moment-input.tsx';
import { CameraPicker } from '../requests/camera-picker.tsx';

const hourMs = 3_600_000;

interface HoldDialogProps {
  readonly onClose: () => void;
  readonly onPlaced: () => void;
}

/** The form of a hold. */
export function HoldDialog({ onClose, onPlaced }: HoldDialogProps) {
  const { words, client, now } = useApp();
  const { list } = useCameras();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [range, setRange] = useState(() => {
    const toMs = Math.floor(now() / 1000) * 1000;
    return { fromMs: toMs - hourMs, toMs };
  });
  const [reason, setReason] = useState('');
  const [caseNumber, setCase] = useState('');
  const [hasEnd, setHasEnd] = useState(false);
  const [endsMs, setEnds] = useState<number>();
  const say = useToast();
  const isOrdered = range.fromMs < range.toMs;
  const isOver = hasEnd && endsMs !== undefined && endsMs <= now();
  const ready = chosen.length > 0 && isOrdered && reason.trim() !== '' && (!hasEnd || (endsMs !== undefined && !isOver));
  const place = async () => {
    await client.call('recording.hold', { cameras: chosen, ...range, reason: reason.trim(), ...(caseNumber.trim() !== '' && { caseNumber: caseNumber.trim() }), ...(hasEnd && endsMs !== undefined && { endsMs }) });
    say(words.t('hold.placed'));
    onPlaced();
  };
  return (
    <ActForm title={words.t('hold.new')} confirm={words.t('hold.new')} testId="hold" ready={ready} wide onConfirm={place} onClose={onClose}>
      <p>{words.t('hold.hint')}</p>
      <FieldGroup label={words.t('request.cameras')}>
        <CameraPicker cameras={list ?? []} chosen={chosen} onChange={setChosen} />
      </FieldGroup>
      <MomentInput label={words.t('hold.from')} testId="hold-from" valueMs={range.fromMs} onChange={(fromMs) => setRange((before) => ({ ...before, fromMs }))} />
      <MomentInput label={words.t('hold.to')} testId="hold-to" valueMs={range.toMs} onChange={(toMs) => setRange((before) => ({ ...before, toMs }))} issue={isOrdered ? undefined : words.t('hold-issue.range')} />
      <Field label={words.t('hold.case')} optional={words.t('hold.optional')}>
        <input maxLength={64} value={caseNumber} onChange={(event) => setCase(event.target.value)} data-testid="hold-case" />
      </Field>
      <ReasonField reason={reason} onChange={setReason} testId="hold" />
      <label className="check">
        <input type="checkbox" checked={hasEnd} onChange={(event) => setHasEnd(event.target.checked)} data-testid="hold-has-end" />
        {words.t('hold.has-end')}
      </label>
      {hasEnd && <MomentInput label={words.t('hold.ends')} testId="hold-ends" valueMs={endsMs} onChange={setEnds} issue={isOver ? words.t('hold-issue.end') : undefined} />}
    </ActForm>
  );
}
