// A date and a time to the second, typed in the campus's zone, always as 2026-11-23 and 14:05:12, whatever the browser's own habits are.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useDesk, useApp } from '../app/context.ts';
import { parseTypedDate, parseTypedTime } from '../i18n/typed-time.ts';
import { fromZone, zoneParts, type ZoneParts } from '../i18n/zone-time.ts';
import { IconButton } from '../kit/button.tsx';

interface MomentInputProps {
  readonly label: string;
  readonly testId: string;
  readonly valueMs: number | undefined;
  readonly onChange: (atMs: number) => void;
  readonly issue?: string | undefined;
}

/** Two fields that make one moment. */
export function MomentInput({ label, testId, valueMs, onChange, issue }: MomentInputProps) {
  const { words } = useApp();
  const { timeZone } = useDesk().formats;
  const [draft, setDraft] = useState<ZoneParts>(() => partsOf(valueMs, timeZone));
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => setDraft(partsOf(valueMs, timeZone)), [valueMs, timeZone]);

  const settle = (typed: ZoneParts) => {
    const parts = { date: parseTypedDate(typed.date) ?? typed.date, time: parseTypedTime(typed.time) ?? typed.time };
    setDraft(parts);
    const atMs = fromZone(parts.date, parts.time, timeZone);
    if (atMs !== undefined && atMs !== valueMs) onChange(atMs);
  };
  /** Whole forms count at once; shorter ones when the field is left, so that nothing changes under the fingers. */
  const type = (changes: Partial<ZoneParts>) => {
    const typed = { ...draft, ...changes };
    const whole = changes.date === undefined ? /^\d{2}:\d{2}:\d{2}$/.test(typed.time) : /^\d{4}-\d{2}-\d{2}$/.test(typed.date);
    if (whole) settle(typed);
    else setDraft(typed);
  };
  const shared = {
    className: 'figures',
    inputMode: 'numeric',
    autoComplete: 'off',
    'aria-invalid': issue ? true : undefined,
    onBlur: () => settle(draft),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') settle(draft);
    },
  } as const;
  return (
    <fieldset className="field moment">
      <legend>{label}</legend>
      <div className="row tight">
        <span className="with-picker">
          <input {...shared} placeholder="2026-11-23" aria-label={words.t('moment.date', { label })} data-testid={`${testId}-date`} value={draft.date} onChange={(event) => type({ date: event.target.value })} />
          <input ref={picker} type="date" tabIndex={-1} aria-hidden="true" value={parseTypedDate(draft.date) ?? ''} onChange={(event) => type({ date: event.target.value })} />
          <IconButton icon="calendar" name={words.t('moment.pick', { label })} onClick={() => picker.current?.showPicker()} />
        </span>
        <input {...shared} placeholder="14:05:12" aria-label={words.t('moment.time', { label })} data-testid={`${testId}-time`} value={draft.time} onChange={(event) => type({ time: event.target.value })} />
      </div>
      {issue && (
        <p className="issue" role="alert">
          {issue}
        </p>
      )}
    </fieldset>
  );
}

function partsOf(atMs: number | undefined, timeZone: string): ZoneParts {
  return atMs === undefined ? { date: '', time: '' } : zoneParts(atMs, timeZone);
}
