// People and units, and the workstations: who is here, in what role, qualified until when. Articles 8 and 9.
import { useApp } from '../app/context.ts';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { PeopleTab } from './people-tab.tsx';
import { StationsTab } from './stations-tab.tsx';

const tabs = ['people', 'stations'] as const;

/** Two tabs; which one is in the address. */
export default function PeoplePage() {
  const { words } = useApp();
  const place = usePlace();
  const tab = tabs.find((name) => name === place.query.get('tab')) ?? 'people';
  return (
    <div className="page wide">
      <header className="page-head">
        <h1>{words.t('page.people')}</h1>
      </header>
      <Tabs label={words.t('page.people')} testId="people-tab" tabs={tabs.map((id) => ({ id, title: words.t(`people-tab.${id}`) }))} chosen={tab} onChoose={(name) => navigate(withQuery(place, { tab: name === 'people' ? undefined : name }), { replace: true })}>
        {tab === 'people' ? <PeopleTab /> : <StationsTab />}
      </Tabs>
    </div>
  );
}
