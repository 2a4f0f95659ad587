// Who may see this camera?
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Link, navigate, usePlace, withQuery } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { CardTable } from '../kit/card-table.tsx';
import { Field } from '../kit/field.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { footageActions, type FootageAction } from '../requests/request-draft.ts';
import { Reach } from './reach.tsx';

/** Asks for one camera and one action. */
export function ByCamera() {
  const { words } = useApp();
  const { unitName } = useDesk();
  const cameras = useCameras();
  const place = usePlace();
  const camera = place.query.get('camera') ?? '';
  const action = footageActions.find((name) => name === place.query.get('action')) ?? 'playback';
  const asked = useOperation('policy.who-may', camera === '' ? undefined : { camera, action });
  const change = (changes: Readonly<Record<string, string>>) => navigate(withQuery(place, changes), { replace: true });
  const names = { name: words.t('people.name'), unit: words.t('account.unit'), answer: words.t('access.answer') };
  return (
    <>
      <div className="filters" role="search" aria-label={words.t('filter.name')}>
        <Field label={words.t('filter.camera')}>
          <select value={camera} onChange={(event) => change({ camera: event.target.value })} data-testid="access-choose-camera">
            <option value="">{words.t('request.choose')}</option>
            {cameras.list?.map(({ info }) => (
              <option key={info.id} value={info.id}>
                {words.text(info.name)}
              </option>
            ))}
          </select>
        </Field>
        <ActionChoice action={action} onChoose={(chosen) => change({ action: chosen })} />
      </div>
      {camera === '' ? (
        <Empty icon="camera" title={words.t('access.choose-camera')}>
          <p>{words.t('access.choose-camera-hint')}</p>
        </Empty>
      ) : (
        <Loading loaded={asked}>
          {({ people }) => (
            <CardTable caption={words.t('access.by-camera')} names={names}>
              {people.map((answer) => (
                <tr key={answer.person.id} tabIndex={0} data-testid="who-may-row" data-reach={answer.reach}>
                  <td data-label={names.name}>
                    <Link className="text-link" to={`/access?by=person&person=${answer.person.id}`}>
                      {answer.person.name}
                    </Link>
                  </td>
                  <td data-label={names.unit}>{unitName(answer.person.unit)}</td>
                  <td data-label={names.answer}>
                    <Reach answer={answer} />
                  </td>
                </tr>
              ))}
            </CardTable>
          )}
        </Loading>
      )}
    </>
  );
}

/** Live view, playback or copy. */
export function ActionChoice({ action, onChoose }: { readonly action: FootageAction; readonly onChoose: (action: FootageAction) => void }) {
  const { words } = useApp();
  return (
    <Field label={words.t('filter.action')}>
      <select value={action} onChange={(event) => onChoose(event.target.value as FootageAction)} data-testid="access-choose-action">
        {footageActions.map((name) => (
          <option key={name} value={name}>
            {words.t(`action.${name}`)}
          </option>
        ))}
      </select>
    </Field>
  );
}
