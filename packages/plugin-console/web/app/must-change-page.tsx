// A password that somebody else knows opens nothing but its own change.
import type { SessionView } from '@wanglou/plugin-access/contract';
import { PasswordForm } from '../account/password-form.tsx';
import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/status.tsx';
import { useApp } from './context.ts';
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx';

interface MustChangePageProps {
  readonly session: SessionView;
  readonly onChanged: (session: SessionView) => void;
  readonly onSignedOut: () => void;
}

/** Asks for a password of one's own; nothing else can be reached. */
export function MustChangePage({ session, onChanged, onSignedOut }: MustChangePageProps) {
  const { words, client } = useApp();
  const leave = () => void client.signOut().then(onSignedOut, onSignedOut);
  return (
    <div className="sign-in" data-testid="must-change">
      <header className="row end">
        <ThemeSwitch />
        <LanguageSwitch />
        <Button look="quiet" icon="leave" onClick={leave} data-testid="sign-out">
          {words.t('shell.sign-out', { name: session.person.name })}
        </Button>
      </header>
      <main>
        <h1>{words.t('password.must-title')}</h1>
        <Notice tone="waiting" icon="lock">
          {words.t('password.must-why')}
        </Notice>
        <PasswordForm account={session.person.id} onChanged={onChanged} />
      </main>
      <footer className="faint">{words.t('product.line')}</footer>
    </div>
  );
}
