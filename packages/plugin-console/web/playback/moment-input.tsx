// A date and a time to the second, typed in the campus's zone.
import { useEffect, useState } from 'react';
import { useDesk, useApp } from '../app/context.ts';
import { fromZone, zoneParts } from '../i18n/zone-time.ts';

interface MomentInputProps {
  readonly label: string;
  readonly testId: string;
  readonly valueMs: number | undefined;
  readonly onChange: (atMs: number) => void;
  readonly issue?: string | undefined;
}

/** Two native fields that make one moment. */
export function MomentInput({ label, testId, valueMs, onChange, issue }: MomentInputProps) {
  const { words } = useApp();
  const { timeZone } = useDesk().formats;
  const [draft, setDraft] = useState(() => partsOf(valueMs, timeZone));
  useEffect(() => setDraft(partsOf(valueMs, timeZone)), [valueMs, timeZone]);
  const change = (changes: Partial<typeof draft>) => {
    const next = { ...draft, ...changes };
    setDraft(next);
    const atMs = fromZone(next.date, next.time, timeZone);
    if (atMs !== undefined) onChange(atMs);
  };
  return (
    <fieldset className="field moment">
      <legend>{label}</legend>
      <div className="row tight">
        <input type="date" className="figures" aria-label={words.t('moment.date', { label })} data-testid={`${testId}-date`} value={draft.date} onChange={(event) => change({ date: event.target.value })} aria-invalid={issue ? true : undefined} />
        <input type="time" step={1} className="figures" aria-label={words.t('moment.time', { label })} data-testid={`${testId}-time`} value={draft.time} onChange={(event) => change({ time: event.target.value })} aria-invalid={issue ? true : undefined} />
      </div>
      {issue && (
        <p className="issue" role="alert">
          {issue}
        </p>
      )}
    </fieldset>
  );
}

function partsOf(atMs: number | undefined, timeZone: string): { readonly date: string; readonly time: string } {
  return atMs === undefined ? { date: '', time: '' } : zoneParts(atMs, timeZone);
}
