// The workstation one sits at, and how this browser becomes one. Article 9(4).
import { useEffect, useState, type FormEvent } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice, Status } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { canHoldKey, forgetKey, keepKey, makeKey, readKey } from '../workstation/device-key.ts';
import { proveWorkstation } from '../workstation/workstation-proof.tsx';

/** Where one sits, and the enrolment of this browser. */
export function StationSection() {
  const { words, client } = useApp();
  const { session, readSession } = useDesk();
  const [held, setHeld] = useState<string>();
  const act = useAct();
  const say = useToast();
  const look = () => void readKey().then((key) => setHeld(key?.workstation), () => setHeld(undefined));
  useEffect(() => {
    if (canHoldKey()) look();
  }, []);
  const prove = () =>
    act.run(async () => {
      await proveWorkstation(client);
      await readSession();
    });
  const forget = () =>
    act.run(async () => {
      await forgetKey();
      setHeld(undefined);
      say(words.t('station.forgotten'));
    });
  const { workstation } = session;
  return (
    <>
      {workstation ? (
        <p className="row">
          <Status tone="good">{words.t('station.here', { name: workstation.name })}</Status>
          <span className="faint">{words.t(`station.by.${workstation.by}`)}</span>
        </p>
      ) : (
        <Notice tone="waiting" icon="warn">
          {words.t('station.none')}
        </Notice>
      )}
      {act.problem && <Failure problem={act.problem} />}
      {!canHoldKey() && <p className="hint">{words.t('station.no-crypto')}</p>}
      {held !== undefined ? (
        <div className="row">
          <code>{held}</code>
          {!workstation && (
            <Button icon="retry" busy={act.busy} onClick={() => void prove()}>
              {words.t('station.prove')}
            </Button>
          )}
          <Button look="quiet" onClick={() => void forget()} data-testid="station-forget">
            {words.t('station.forget')}
          </Button>
        </div>
      ) : (
        canHoldKey() && <EnrolForm onEnrolled={look} />
      )}
    </>
  );
}

function EnrolForm({ onEnrolled }: { readonly onEnrolled: () => void }) {
  const { words, client } = useApp();
  const { readSession } = useDesk();
  const [code, setCode] = useState('');
  const act = useAct();
  const say = useToast();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async () => {
      const { privateKey, publicKey } = await makeKey();
      const { workstation } = await client.call('workstation.enrol', { code: code.trim(), publicKey });
      await keepKey({ workstation, privateKey });
      await proveWorkstation(client);
      await readSession();
      say(words.t('station.enrolled'));
      onEnrolled();
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p className="hint">{words.t('station.enrol-intro')}</p>
      <div className="row bottom">
        <Field label={words.t('station.code')}>
          <input className="figures" autoComplete="off" spellCheck={false} required maxLength={32} value={code} onChange={(event) => setCode(event.target.value)} data-testid="station-code" />
        </Field>
        <Button type="submit" icon="lock" busy={act.busy} disabled={code.trim() === ''} data-testid="station-enrol">
          {words.t('station.enrol')}
        </Button>
      </div>
      {act.problem && <Failure problem={act.problem} />}
    </form>
  );
}
