// What may this person see, and why not the rest?
import { useEffect, useState, type FormEvent } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { footageActions, type FootageAction } from '../requests/request-draft.ts';
import { ActionChoice } from './by-camera.tsx';
import { explainInput } from './explain-input.ts';
import { Reach } from './reach.tsx';
import { TraceView } from './trace-view.tsx';

/** Asks for one person, named by account. */
export function ByPerson() {
  const { words } = useApp();
  const place = usePlace();
  const person = place.query.get('person') ?? '';
  const [typed, setTyped] = useState(person);
  useEffect(() => setTyped(person), [person]);
  const asked = useOperation('policy.what-may', person === '' ? undefined : { person });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    navigate(withQuery(place, { person: typed.trim() }), { replace: true });
  };
  return (
    <>
      <form className="filters" role="search" aria-label={words.t('filter.name')} onSubmit={submit}>
        <Field label={words.t('filter.person')}>
          <input value={typed} autoCapitalize="none" spellCheck={false} maxLength={64} onChange={(event) => setTyped(event.target.value)} data-testid="access-person-name" />
        </Field>
        <Button type="submit" icon="search" data-testid="access-person-ask">
          {words.t('access.ask')}
        </Button>
      </form>
      {person === '' ? (
        <Empty icon="person" title={words.t('access.choose-person')}>
          <p>{words.t('access.choose-person-hint')}</p>
        </Empty>
      ) : (
        <Loading loaded={asked}>
          {(answer) => (
            <>
              <Answers answer={answer} />
              <Explain key={person} person={person} />
            </>
          )}
        </Loading>
      )}
    </>
  );
}

function Answers({ answer }: { readonly answer: NonNullable<ReturnType<typeof useOperation<'policy.what-may'>>['data']> }) {
  const { words } = useApp();
  const { unitName, roleName } = useDesk();
  const cameras = useCameras();
  const { person, answers } = answer;
  return (
    <>
      <h2>
        {person.name} <span className="faint">{words.list([unitName(person.unit), ...person.roles.map(roleName)])}</span>
      </h2>
      <ul className="lines">
        {answers.map((one) => (
          <li key={`${one.action} ${one.cameras.join(' ')}`} data-testid="what-may-row">
            <b>{words.has(`action.${one.action}`, one.action)}</b> <Reach answer={one} />
            <p className="faint">{words.list(one.cameras.map((id) => cameras.name(id)))}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Explain({ person }: { readonly person: string }) {
  const { words, now } = useApp();
  const cameras = useCameras();
  const [camera, setCamera] = useState('');
  const [action, setAction] = useState<FootageAction>(footageActions[1] ?? 'playback');
  const [atMs] = useState(now);
  const asked = useOperation('policy.explain-person', camera === '' ? undefined : { person, ...explainInput(action, camera, atMs) });
  return (
    <section className="card" aria-label={words.t('access.explain')}>
      <h2>{words.t('access.explain')}</h2>
      <div className="filters">
        <Field label={words.t('filter.camera')}>
          <select value={camera} onChange={(event) => setCamera(event.target.value)} data-testid="access-explain-camera">
            <option value="">{words.t('request.choose')}</option>
            {cameras.list?.map(({ info }) => (
              <option key={info.id} value={info.id}>
                {words.text(info.name)}
              </option>
            ))}
          </select>
        </Field>
        <ActionChoice action={action} onChoose={setAction} />
      </div>
      {camera !== '' && <Loading loaded={asked}>{(trace) => <TraceView trace={trace} />}</Loading>}
    </section>
  );
}
