// The door: which campus, which rules, who are you.
import { useState, type FormEvent } from 'react';
import type { CampusFacts } from '@wanglou/core';
import type { SessionView } from '@wanglou/plugin-access/contract';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Icon } from '../kit/icon.tsx';
import { Notice } from '../kit/status.tsx';
import { useApp } from './context.ts';
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx';
import { useAct } from './use-operation.ts';

/** Asks for name and password. */
export function SignInPage({ campus, onSignedIn }: { readonly campus: CampusFacts; readonly onSignedIn: (session: SessionView) => void }) {
  const { client, words } = useApp();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => onSignedIn(await client.signIn(name.trim(), password)));
  };
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
        <form onSubmit={submit} data-testid="sign-in-form">
          <Field label={words.t('sign-in.name')}>
            <input data-testid="sign-in-name" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required maxLength={64} value={name} onChange={(event) => setName(event.target.value)} autoFocus />
          </Field>
          <Field label={words.t('sign-in.password')}>
            <input data-testid="sign-in-password" name="password" type="password" autoComplete="current-password" required maxLength={200} value={password} onChange={(event) => setPassword(event.target.value)} />
          </Field>
          {act.problem && (
            <Notice tone="waiting" icon="warn" role="alert" data-testid="sign-in-problem">
              {words.text(act.problem.facts.text)}
            </Notice>
          )}
          <Button type="submit" look="primary" busy={act.busy} data-testid="sign-in-submit">
            {words.t('sign-in.submit')}
          </Button>
        </form>
        <p className="faint">{words.t('sign-in.notice')}</p>
      </main>
      <footer className="faint">{words.t('product.line')}</footer>
    </div>
  );
}
