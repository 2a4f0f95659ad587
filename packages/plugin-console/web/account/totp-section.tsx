// Sets up an authenticator: password, secret as a code to scan, confirmation.
import { useState, type FormEvent } from 'react';
import type { OutputOf } from '../api/operations.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { CodeInput } from '../kit/code-input.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Field } from '../kit/field.tsx';
import { QrCode } from '../kit/qr-code.tsx';
import { Failure } from '../kit/states.tsx';
import { useToast } from '../kit/toast.tsx';
import { grouped } from './account-rules.ts';

/** The steps, one after the other. */
export function TotpSection() {
  const { words } = useApp();
  const { session } = useDesk();
  const [asking, setAsking] = useState(false);
  const [offer, setOffer] = useState<OutputOf<'account.begin-totp'>>();
  if (offer) return <Confirm offer={offer} onDone={() => (setOffer(undefined), setAsking(false))} />;
  if (asking) return <AskPassword onOffer={setOffer} onCancel={() => setAsking(false)} />;
  return (
    <div className="row">
      <Button icon="plus" onClick={() => setAsking(true)} data-testid="totp-begin">
        {words.t(session.hasTotp ? 'totp.again' : 'totp.begin')}
      </Button>
    </div>
  );
}

function AskPassword({ onOffer, onCancel }: { readonly onOffer: (offer: OutputOf<'account.begin-totp'>) => void; readonly onCancel: () => void }) {
  const { words, client } = useApp();
  const [password, setPassword] = useState('');
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => onOffer(await client.call('account.begin-totp', { password })));
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Field label={words.t('sign-in.password')} hint={words.t('totp.password-first')}>
        <input type="password" autoComplete="current-password" required maxLength={200} value={password} onChange={(event) => setPassword(event.target.value)} data-testid="totp-password" autoFocus />
      </Field>
      {act.problem && <Failure problem={act.problem} />}
      <div className="row end">
        <Button onClick={onCancel}>{words.t('button.cancel')}</Button>
        <Button type="submit" look="primary" busy={act.busy} data-testid="totp-next">
          {words.t('totp.begin')}
        </Button>
      </div>
    </form>
  );
}

function Confirm({ offer, onDone }: { readonly offer: OutputOf<'account.begin-totp'>; readonly onDone: () => void }) {
  const { words, client } = useApp();
  const { readSession } = useDesk();
  const [code, setCode] = useState('');
  const act = useAct();
  const say = useToast();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => {
      await client.call('account.confirm-totp', { code });
      await readSession();
      say(words.t('totp.confirmed'));
      onDone();
    });
  };
  return (
    <form className="stack totp" onSubmit={submit}>
      <p>{words.t('totp.scan')}</p>
      <QrCode text={offer.address} name={words.t('totp.qr')} />
      <p className="row">
        <span className="faint">{words.t('totp.secret')}</span>
        <code data-testid="totp-secret">{grouped(offer.secret)}</code>
        <CopyButton label={words.t('button.copy')} text={() => offer.secret} />
      </p>
      <Field label={words.t('code.label')} hint={words.t('totp.then')}>
        <CodeInput value={code} onChange={setCode} data-testid="totp-code" />
      </Field>
      {act.problem && <Failure problem={act.problem} />}
      <div className="row end">
        <Button onClick={onDone}>{words.t('button.cancel')}</Button>
        <Button type="submit" look="primary" icon="check" busy={act.busy} disabled={code.length < 6} data-testid="totp-confirm">
          {words.t('totp.confirm')}
        </Button>
      </div>
    </form>
  );
}
