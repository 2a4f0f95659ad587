// Asks for a reason before an act that needs one.
import { useState, type FormEvent } from 'react';
import { useApp } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Failure } from '../kit/states.tsx';

interface ReasonDialogProps {
  readonly title: string;
  readonly confirm: string;
  /** Fields are `<testId>-reason` and `<testId>-confirm`. */
  readonly testId: string;
  readonly hint?: string;
  readonly look?: 'primary' | 'danger';
  readonly onConfirm: (reason: string) => Promise<void>;
  readonly onClose: () => void;
}

/** A dialog with one text. */
export function ReasonDialog({ title, confirm, testId, hint, look = 'danger', onConfirm, onClose }: ReasonDialogProps) {
  const { words } = useApp();
  const [reason, setReason] = useState('');
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(() => onConfirm(reason.trim()));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={words.t('inbox.reason')} hint={hint ?? words.t('inbox.reason-hint')}>
          <textarea rows={3} maxLength={500} required value={reason} onChange={(event) => setReason(event.target.value)} data-testid={`${testId}-reason`} autoFocus />
        </Field>
        {act.problem && <Failure problem={act.problem} />}
        <div className="row end">
          <Button onClick={onClose}>{words.t('button.cancel')}</Button>
          <Button type="submit" look={look} busy={act.busy} disabled={reason.trim() === ''} data-testid={`${testId}-confirm`}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
