// The door: which campus, which rules, who are you.
import { useState, type FormEvent } from 'react';
import type { CampusFacts } from '@wanglou/core';
import type { SessionView } from '@wanglou/plugin-access/contract';
import { asProblem } from '../api/problem.ts';
import { Button } from '../kit/button.tsx';
import { CodeInput } from '../kit/code-input.tsx';
import { Field } from '../kit/field.tsx';
import { Icon } from '../kit/icon.tsx';
import { Notice } from '../kit/status.tsx';
import { useApp } from './context.ts';
import { OidcLink } from './oidc-link.tsx';
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx';
import { usePlace } from './router.tsx';
import { useAct } from './use-operation.ts';

/** Asks for name and password, and for the second factor where the account has one. */
export function SignInPage({ campus, onSignedIn }: { readonly campus: CampusFacts; readonly onSignedIn: (session: SessionView) => void }) {
  const { words } = useApp();
  const { query } = usePlace();
  const failed = query.get('sign-in-error');
  return (
    <div className="sign-in">
      <header className="row end">
        <ThemeSwitch />
        <LanguageSwitch />
      </header>
      <main>
        <div className="mark">
          <Icon name="tower" size={40} />
        </div>
        <h1>
          <span>{campus.name[words.language]}</span>
          <small lang={words.language === 'zh' ? 'en' : 'zh-CN'}>{campus.name[words.language === 'zh' ? 'en' : 'zh']}</small>
        </h1>
        <p className="pack">
          {words.text(campus.pack.title)}
          <small className="faint">{words.t('sign-in.pack', { id: campus.pack.id, version: campus.pack.version, effective: campus.pack.effective })}</small>
        </p>
        {failed && (
          <Notice tone="waiting" icon="warn" role="alert" data-testid="sign-in-error">
            {words.has(`sign-in-error.${failed}`, words.t('sign-in-error.other', { code: failed.slice(0, 40) }))}
          </Notice>
        )}
        <SignInForm onSignedIn={onSignedIn} />
        <OidcLink stepUp={false} />
        <p className="faint">{words.t('sign-in.notice')}</p>
      </main>
      <footer className="faint">{words.t('product.line')}</footer>
    </div>
  );
}

function SignInForm({ onSignedIn }: { readonly onSignedIn: (session: SessionView) => void }) {
  const { client, words } = useApp();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => {
      try {
        onSignedIn(await client.signIn(name.trim(), password, code));
      } catch (error) {
        // The password fits: what comes is a question, not a failure.
        if (asProblem(error).code !== 'CODE_NEEDED' || code !== undefined) throw error;
        setCode('');
      }
    });
  };
  return (
    <form onSubmit={submit} data-testid="sign-in-form">
      <Field label={words.t('sign-in.name')}>
        <input data-testid="sign-in-name" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required maxLength={64} value={name} readOnly={code !== undefined} onChange={(event) => setName(event.target.value)} autoFocus />
      </Field>
      <Field label={words.t('sign-in.password')}>
        <input data-testid="sign-in-password" name="password" type="password" autoComplete="current-password" required maxLength={200} value={password} readOnly={code !== undefined} onChange={(event) => setPassword(event.target.value)} />
      </Field>
      {code !== undefined && (
        <Field label={words.t('code.label')} hint={words.t('code.hint')}>
          <CodeInput value={code} onChange={setCode} data-testid="sign-in-code" autoFocus />
        </Field>
      )}
      {act.problem && (
        <Notice tone="waiting" icon="warn" role="alert" data-testid="sign-in-problem">
          {words.text(act.problem.facts.text)}
        </Notice>
      )}
      <Button type="submit" look="primary" busy={act.busy} disabled={code !== undefined && code.length < 6} data-testid="sign-in-submit">
        {words.t('sign-in.submit')}
      </Button>
      {code !== undefined && (
        <Button look="quiet" icon="back" onClick={() => (setCode(undefined), setPassword(''), act.clear())}>
          {words.t('code.other-account')}
        </Button>
      )}
    </form>
  );
}
