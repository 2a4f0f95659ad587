// Asks anew who one is, before reviews and copies, and lets the act go on that was held up by it.
import { useCallback, useEffect, useRef, useState, type FormEvent } from 'react';
import { asProblem } from '../api/problem.ts';
import { Button } from '../kit/button.tsx';
import { CodeInput } from '../kit/code-input.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Notice } from '../kit/status.tsx';
import { useApp, useDesk } from './context.ts';
import { OidcLink } from './oidc-link.tsx';
import { useAct } from './use-operation.ts';

/** Answers the app's question for a fresh proof with a dialog. Several acts that ask at once share one. */
export function StepUpHost() {
  const { provideStepUp } = useApp();
  const waiting = useRef<((proved: boolean) => void)[]>([]);
  const [open, setOpen] = useState(false);
  useEffect(
    () =>
      provideStepUp(
        () =>
          new Promise((resolve) => {
            waiting.current.push(resolve);
            setOpen(true);
          }),
      ),
    [provideStepUp],
  );
  const settle = useCallback((proved: boolean) => {
    setOpen(false);
    for (const resolve of waiting.current.splice(0)) resolve(proved);
  }, []);
  return open && <StepUpDialog onSettled={settle} />;
}

function StepUpDialog({ onSettled }: { readonly onSettled: (proved: boolean) => void }) {
  const { words, client } = useApp();
  const { session, readSession } = useDesk();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [wantsCode, setWantsCode] = useState(session.hasTotp);
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => {
      try {
        await client.read('session.step-up', { password, ...(wantsCode && { code }) });
      } catch (error) {
        if (asProblem(error).code === 'CODE_NEEDED') setWantsCode(true);
        throw error;
      }
      onSettled(true);
      void readSession();
    });
  };
  return (
    <Dialog title={words.t('step-up.title')} onClose={() => onSettled(false)}>
      <form onSubmit={submit} data-testid="step-up">
        <p>{words.t('step-up.why')}</p>
        {session.hasPassword && (
          <>
            <input className="off-screen" name="username" autoComplete="username" value={session.person.id} readOnly tabIndex={-1} aria-hidden="true" />
            <Field label={words.t('sign-in.password')}>
              <input type="password" autoComplete="current-password" required maxLength={200} value={password} onChange={(event) => setPassword(event.target.value)} data-testid="step-up-password" autoFocus />
            </Field>
            {wantsCode && (
              <Field label={words.t('code.label')} hint={words.t('code.hint')}>
                <CodeInput value={code} onChange={setCode} data-testid="step-up-code" />
              </Field>
            )}
          </>
        )}
        {act.problem && (
          <Notice tone="waiting" icon="warn" role="alert">
            {words.text(act.problem.facts.text)}
          </Notice>
        )}
        <OidcLink stepUp />
        <div className="row end">
          <Button onClick={() => onSettled(false)}>{words.t('button.cancel')}</Button>
          {session.hasPassword && (
            <Button type="submit" look="primary" icon="check" busy={act.busy} disabled={wantsCode && code.length < 6} data-testid="step-up-submit">
              {words.t('step-up.confirm')}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
