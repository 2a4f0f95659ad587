// A first password anew, and the authenticator taken away where it is lost.
import { useState } from 'react';
import { shortestPassword } from '../account/account-rules.ts';
import { useApp } from '../app/context.ts';
import { ActForm, ReasonField } from '../kit/act-form.tsx';
import { Field } from '../kit/field.tsx';
import type { ActDialogProps } from './person-panel.tsx';

/** The form of a reset. */
export function ResetDialog({ person, onDone, onClose }: ActDialogProps) {
  const { words, client } = useApp();
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState(false);
  const [reason, setReason] = useState('');
  const reset = async () => {
    await client.call('person.reset-credentials', { person: person.id, password, totp, reason: reason.trim() });
    onDone();
  };
  return (
    <ActForm title={words.t('people.reset')} confirm={words.t('people.reset')} testId="person-reset" look="danger" ready={password.length >= shortestPassword && reason.trim() !== ''} onConfirm={reset} onClose={onClose}>
      <p>{words.t('people.reset-hint')}</p>
      <Field label={words.t('people.first-password')} hint={words.t('people.first-password-hint')}>
        <input type="text" autoComplete="off" spellCheck={false} required minLength={shortestPassword} maxLength={200} value={password} onChange={(event) => setPassword(event.target.value)} data-testid="person-reset-password" />
      </Field>
      {person.hasTotp && (
        <label className="check">
          <input type="checkbox" checked={totp} onChange={(event) => setTotp(event.target.checked)} />
          {words.t('people.reset-totp')}
        </label>
      )}
      <ReasonField reason={reason} onChange={setReason} testId="person-reset" />
    </ActForm>
  );
}
