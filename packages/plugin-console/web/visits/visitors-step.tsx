// The persons of a visit: two at least, each with an ID. Articles 13(1) and 13(2).
import { useState } from 'react';
import { useApp } from '../app/context.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { emptyVisitor, fewestVisitors, isComplete, maskedNumber, type VisitorDraft } from './visit-draft.ts';
import type { StepProps } from './visit-page.tsx';

const kinds = ['work', 'police', 'state-security', 'citizen'] as const;
const most = 12;

/** One block a person. */
export function VisitorsStep({ draft, checked, onChange }: StepProps) {
  const { words } = useApp();
  const { visitors } = draft;
  const change = (index: number, changes: Partial<VisitorDraft>) => onChange({ visitors: visitors.map((visitor, at) => (at === index ? { ...visitor, ...changes } : visitor)) });
  return (
    <>
      <p className="hint">{words.t('visit.numbers-kept')}</p>
      {visitors.map((visitor, index) => (
        // Visitors have no id before they are registered; their order is what identifies them.
        <fieldset key={index} className="card visitor" data-testid="visit-visitor">
          <legend className="off-screen">{words.t('visit.visitor-number', { number: index + 1 })}</legend>
          <div className="columns">
            <Field label={words.t('visit.name')} issue={checked && visitor.name.trim() === '' ? words.t('visit.name-missing') : undefined}>
              <input maxLength={64} autoComplete="off" value={visitor.name} onChange={(event) => change(index, { name: event.target.value })} data-testid="visit-visitor-name" />
            </Field>
            <Field label={words.t('visit.id-kind')}>
              <select value={visitor.idKind} onChange={(event) => change(index, { idKind: event.target.value as VisitorDraft['idKind'] })}>
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {words.t(`id-kind.${kind}`)}
                  </option>
                ))}
              </select>
            </Field>
            <NumberField visitor={visitor} checked={checked} onChange={(idNumber) => change(index, { idNumber })} />
            {visitors.length > fewestVisitors && <IconButton icon="cross" name={words.t('visit.remove', { number: index + 1 })} onClick={() => onChange({ visitors: visitors.filter((_, at) => at !== index) })} />}
          </div>
        </fieldset>
      ))}
      {visitors.length < most && (
        <div className="row">
          <Button icon="plus" onClick={() => onChange({ visitors: [...visitors, emptyVisitor] })} data-testid="visit-add-visitor">
            {words.t('visit.add')}
          </Button>
        </div>
      )}
    </>
  );
}

/** The number is seen while it is typed; afterwards its last four alone. */
function NumberField({ visitor, checked, onChange }: { readonly visitor: VisitorDraft; readonly checked: boolean; readonly onChange: (idNumber: string) => void }) {
  const { words } = useApp();
  const [typing, setTyping] = useState(false);
  const wrong = checked && !isComplete({ ...visitor, name: visitor.name || '-' });
  return (
    <Field label={words.t('visit.id-number')} issue={wrong ? words.t('visit.number-form') : undefined}>
      <input
        className="figures"
        autoComplete="off"
        spellCheck={false}
        maxLength={32}
        value={typing ? visitor.idNumber : maskedNumber(visitor.idNumber)}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onChange={(event) => onChange(event.target.value)}
        data-testid="visit-visitor-number"
      />
    </Field>
  );
}
