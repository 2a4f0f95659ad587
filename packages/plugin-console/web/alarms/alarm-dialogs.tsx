// The forms of an alarm: why it was false, what was done, what is to be added, and why it can be closed.
import { useState } from 'react';
import type { Alarm, AlarmMeasure, FalseAlarmCause } from '@wanglou/core';
import { useWords } from '../app/context.ts';
import type { MessageKey } from '../i18n/language.ts';
import { ActForm } from '../kit/act-form.tsx';
import { Field } from '../kit/field.tsx';

// Types alone come from core: the page carries none of its code.
const causes: readonly FalseAlarmCause[] = ['cooking', 'steam', 'dust', 'insects', 'works', 'device-defect', 'malicious', 'weather', 'animal', 'unknown'];
const measures: readonly AlarmMeasure[] = ['patrol', 'section', 'fire-brigade', 'evacuation', 'other'];

interface Closable {
  readonly onClose: () => void;
}

/** A false alarm has a cause. */
export function JudgeDialog({ onClose, onJudge }: Closable & { readonly onJudge: (input: { readonly cause: FalseAlarmCause; readonly note?: string }) => Promise<void> }) {
  const words = useWords();
  const [cause, setCause] = useState<FalseAlarmCause>();
  const [note, setNote] = useState('');
  return (
    <ActForm title={words.t('alarm.false')} confirm={words.t('alarm.false')} testId="alarm-false" ready={cause !== undefined} onConfirm={() => onJudge({ cause: cause!, ...(note.trim() !== '' && { note: note.trim() }) })} onClose={onClose}>
      <Field label={words.t('alarm.cause')}>
        <select value={cause ?? ''} onChange={(event) => setCause(event.target.value as FalseAlarmCause)} data-testid="alarm-cause">
          <option value="" disabled />
          {causes.map((one) => (
            <option key={one} value={one}>
              {words.t(`alarm-cause.${one}`)}
            </option>
          ))}
        </select>
      </Field>
      <NoteField note={note} onChange={setNote} testId="alarm-false" />
    </ActForm>
  );
}

/** What was done, or who was told. */
export function MeasureDialog({ onClose, onRecord }: Closable & { readonly onRecord: (input: { readonly measure: AlarmMeasure; readonly note?: string }) => Promise<void> }) {
  const words = useWords();
  const [measure, setMeasure] = useState<AlarmMeasure>('patrol');
  const [note, setNote] = useState('');
  return (
    <ActForm title={words.t('alarm.measure')} confirm={words.t('alarm.record')} testId="alarm-measure" ready onConfirm={() => onRecord({ measure, ...(note.trim() !== '' && { note: note.trim() }) })} onClose={onClose}>
      <Field label={words.t('alarm.measure')}>
        <select value={measure} onChange={(event) => setMeasure(event.target.value as AlarmMeasure)} data-testid="alarm-measure-kind">
          {measures.map((one) => (
            <option key={one} value={one}>
              {words.t(`alarm-measure.${one}`)}
            </option>
          ))}
        </select>
      </Field>
      <NoteField note={note} onChange={setNote} testId="alarm-measure" />
    </ActForm>
  );
}

/** Words alone. */
export function NoteDialog({ title, testId, onClose, onNote }: Closable & { readonly title: MessageKey; readonly testId: string; readonly onNote: (note: string) => Promise<void> }) {
  const words = useWords();
  const [note, setNote] = useState('');
  return (
    <ActForm title={words.t(title)} confirm={words.t(title)} testId={testId} ready={note.trim() !== ''} onConfirm={() => onNote(note.trim())} onClose={onClose}>
      <NoteField note={note} onChange={setNote} testId={testId} />
    </ActForm>
  );
}

/** Closing; where something is missing, a reason makes up for it. */
export function CloseDialog({ alarm, onClose, onConfirm }: Closable & { readonly alarm: Alarm; readonly onConfirm: (reason: string) => Promise<void> }) {
  const words = useWords();
  const [reason, setReason] = useState('');
  const needsReason = alarm.restoredMs === undefined;
  return (
    <ActForm title={words.t('alarm.close')} confirm={words.t('alarm.close')} testId="alarm-close" ready={!needsReason || reason.trim() !== ''} onConfirm={() => onConfirm(reason.trim())} onClose={onClose}>
      {alarm.priority === 'fire' && <p>{words.t('alarm.close-two')}</p>}
      {needsReason && <p>{words.t('alarm.close-not-restored')}</p>}
      <NoteField note={reason} onChange={setReason} testId="alarm-close" />
    </ActForm>
  );
}

function NoteField({ note, onChange, testId }: { readonly note: string; readonly onChange: (note: string) => void; readonly testId: string }) {
  const words = useWords();
  return (
    <Field label={words.t('alarm.words')}>
      <textarea rows={3} maxLength={1000} value={note} onChange={(event) => onChange(event.target.value)} data-testid={`${testId}-words`} />
    </Field>
  );
}
