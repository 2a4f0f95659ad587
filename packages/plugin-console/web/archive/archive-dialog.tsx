// Archives footage: which cameras, from when to when, where to, and what is written about it.
import { useState } from 'react';
import { useCameras } from '../app/cameras.tsx';
import { useApp } from '../app/context.ts';
import { ActForm } from '../kit/act-form.tsx';
import { Field, FieldGroup } from '../kit/field.tsx';
import { useToast } from '../kit/toast.tsx';
import { MomentInput } from '../playback/moment-input.tsx';
import { CameraPicker } from '../requests/camera-picker.tsx';
import { TargetField, type TargetChoice } from './target-field.tsx';

const hourMs = 3_600_000;

interface ArchiveDialogProps {
  readonly targets: readonly TargetChoice[];
  readonly onClose: () => void;
  readonly onOrdered: () => void;
}

/** The form of an archive. */
export function ArchiveDialog({ targets, onClose, onOrdered }: ArchiveDialogProps) {
  const { words, client, now } = useApp();
  const { list } = useCameras();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [range, setRange] = useState(() => {
    const toMs = Math.floor(now() / 1000) * 1000;
    return { fromMs: toMs - hourMs, toMs };
  });
  const [target, setTarget] = useState(targets[0]?.id ?? '');
  const [title, setTitle] = useState('');
  const [record, setRecord] = useState('');
  const [caseNumber, setCase] = useState('');
  const say = useToast();
  const isOrdered = range.fromMs < range.toMs;
  const ready = chosen.length > 0 && isOrdered && target !== '' && title.trim() !== '' && record.trim() !== '';
  const order = async () => {
    await client.call('recording.archive', { cameras: chosen, ...range, target, title: title.trim(), record: record.trim(), ...(caseNumber.trim() !== '' && { caseNumber: caseNumber.trim() }) });
    say(words.t('archive.ordered'));
    onOrdered();
  };
  return (
    <ActForm title={words.t('archive.new')} confirm={words.t('archive.new')} testId="archive" ready={ready} wide onConfirm={order} onClose={onClose}>
      <p>{words.t('archive.hint')}</p>
      <FieldGroup label={words.t('request.cameras')}>
        <CameraPicker cameras={list ?? []} chosen={chosen} onChange={setChosen} />
      </FieldGroup>
      <MomentInput label={words.t('hold.from')} testId="archive-from" valueMs={range.fromMs} onChange={(fromMs) => setRange((before) => ({ ...before, fromMs }))} />
      <MomentInput label={words.t('hold.to')} testId="archive-to" valueMs={range.toMs} onChange={(toMs) => setRange((before) => ({ ...before, toMs }))} issue={isOrdered ? undefined : words.t('hold-issue.range')} />
      <TargetField targets={targets} target={target} onChange={setTarget} />
      <Field label={words.t('archive.title')}>
        <input maxLength={200} required value={title} onChange={(event) => setTitle(event.target.value)} data-testid="archive-title" />
      </Field>
      <Field label={words.t('archive.record')} hint={words.t('archive.record-hint')}>
        <textarea rows={5} maxLength={20_000} required value={record} onChange={(event) => setRecord(event.target.value)} data-testid="archive-record" />
      </Field>
      <Field label={words.t('hold.case')} optional={words.t('hold.optional')}>
        <input maxLength={64} value={caseNumber} onChange={(event) => setCase(event.target.value)} data-testid="archive-case" />
      </Field>
    </ActForm>
  );
}
