// Changes one's own password.
import { useState, type FormEvent } from 'react';
import type { SessionView } from '@wanglou/plugin-access/contract';
import { useApp } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Failure } from '../kit/states.tsx';
import { passwordIssue } from './account-rules.ts';

/** Old password, new password, new password again. */
export function PasswordForm({ account, onChanged }: { readonly account: string; readonly onChanged: (session: SessionView) => void }) {
  const { words, client } = useApp();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [checked, setChecked] = useState(false);
  const act = useAct();
  const issue = passwordIssue({ current, next, again });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (issue) return;
    void act.run(async () => {
      const session = await client.call('account.change-password', { current, next });
      for (const clear of [setCurrent, setNext, setAgain]) clear('');
      setChecked(false);
      onChanged(session);
    });
  };
  return (
    <form className="stack" onSubmit={submit} data-testid="password-form">
      {/* Password managers want to know whose password it is. */}
      <input className="off-screen" name="username" autoComplete="username" value={account} readOnly tabIndex={-1} aria-hidden="true" />
      <Field label={words.t('password.current')}>
        <input type="password" autoComplete="current-password" required maxLength={200} value={current} onChange={(event) => setCurrent(event.target.value)} data-testid="password-current" />
      </Field>
      <Field label={words.t('password.next')} hint={words.t('password.hint')} issue={checked && (issue === 'short' || issue === 'same') ? words.t(`password.${issue}`) : undefined}>
        <input type="password" autoComplete="new-password" required maxLength={200} value={next} onChange={(event) => setNext(event.target.value)} data-testid="password-next" />
      </Field>
      <Field label={words.t('password.again')} issue={checked && issue === 'differs' ? words.t('password.differs') : undefined}>
        <input type="password" autoComplete="new-password" required maxLength={200} value={again} onChange={(event) => setAgain(event.target.value)} data-testid="password-again" />
      </Field>
      {act.problem && <Failure problem={act.problem} />}
      <div className="row end">
        <Button type="submit" look="primary" busy={act.busy} data-testid="password-submit">
          {words.t('password.change')}
        </Button>
      </div>
    </form>
  );
}
