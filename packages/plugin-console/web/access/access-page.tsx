// Who may see what: by camera, by person, and the reasons for one person. Articles 8 and 11.
import { useApp } from '../app/context.ts';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { ByCamera } from './by-camera.tsx';
import { ByPerson } from './by-person.tsx';

const tabs = ['camera', 'person'] as const;

/** Two questions over the same rules; both are in the address. */
export default function AccessPage() {
  const { words } = useApp();
  const place = usePlace();
  const tab = tabs.find((name) => name === place.query.get('by')) ?? 'camera';
  return (
    <div className="page">
      <header className="page-head">
        <h1>{words.t('page.access')}</h1>
        <p className="faint">{words.t('access.intro')}</p>
      </header>
      <Tabs label={words.t('page.access')} testId="access" tabs={tabs.map((id) => ({ id, title: words.t(`access.by-${id}`) }))} chosen={tab} onChoose={(by) => navigate(withQuery(place, { by: by === 'camera' ? undefined : by }), { replace: true })}>
        {tab === 'camera' ? <ByCamera /> : <ByPerson />}
      </Tabs>
    </div>
  );
}
