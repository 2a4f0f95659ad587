// The form of an act in a dialog: its fields, what went wrong, cancel and confirm.
import type { FormEvent, ReactNode } from 'react';
import { useWords } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Failure } from './states.tsx';

interface ActFormProps {
  readonly title: string;
  readonly confirm: string;
  /** The form is `<testId>-form`, its button `<testId>-confirm`. */
  readonly testId: string;
  readonly ready: boolean;
  readonly look?: 'primary' | 'danger';
  readonly wide?: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog that does one thing. */
export function ActForm({ title, confirm, testId, ready, look = 'primary', wide = false, onConfirm, onClose, children }: ActFormProps) {
  const words = useWords();
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(onConfirm);
  };
  return (
    <Dialog title={title} onClose={onClose} wide={wide}>
      <form onSubmit={submit} data-testid={`${testId}-form`}>
        {children}
        {act.problem && <Failure problem={act.problem} />}
        <div className="row end">
          <Button onClick={onClose}>{words.t('button.cancel')}</Button>
          <Button type="submit" look={look} busy={act.busy} disabled={!ready} data-testid={`${testId}-confirm`}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The reason of an act; the audit log keeps it. */
export function ReasonField({ reason, onChange, testId }: { readonly reason: string; readonly onChange: (reason: string) => void; readonly testId: string }) {
  const words = useWords();
  return (
    <label className="field">
      <span>{words.t('inbox.reason')}</span>
      <textarea rows={2} maxLength={500} required value={reason} onChange={(event) => onChange(event.target.value)} data-testid={`${testId}-reason`} />
    </label>
  );
}
