// Units at the left, their people at the right, the one that was chosen beside them.
import { useEffect, useState } from 'react';
import type { PersonRecord } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { navigate, usePlace, withQuery } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Empty, Loading } from '../kit/states.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { PeopleTable } from './people-table.tsx';
import { unitLines } from './people-tree.ts';
import { PersonPanel } from './person-panel.tsx';

const pageSize = 100;
/** Typing settles this long before it is asked of the server. */
const settleMs = 400;

/** Searches, lists and opens people. */
export function PeopleTab() {
  const { words } = useApp();
  const place = usePlace();
  const unit = place.query.get('unit') ?? '';
  const search = place.query.get('search') ?? '';
  const chosen = place.query.get('person') ?? '';
  const offset = Math.max(0, Number.parseInt(place.query.get('offset') ?? '0', 10) || 0);
  const loaded = useOperation('person.list', { limit: pageSize, offset, ...(unit && { unit }), ...(search && { search }) });
  const [creating, setCreating] = useState(false);
  const change = (changes: Readonly<Record<string, string | undefined>>) => navigate(withQuery(place, changes), { replace: true });
  const open = (person: PersonRecord) => change({ person: person.id });
  const person = loaded.data?.people.find(({ id }) => id === chosen);
  return (
    <div className="people">
      <UnitTree unit={unit} onChoose={(next) => change({ unit: next, offset: undefined })} />
      <section className="stack">
        <div className="filters" role="search" aria-label={words.t('filter.name')}>
          <SearchField value={search} onChange={(next) => change({ search: next, offset: undefined })} />
          <div className="grow" />
          <Button look="primary" icon="plus" onClick={() => setCreating(true)} data-testid="person-new">
            {words.t('people.new')}
          </Button>
        </div>
        <Loading loaded={loaded}>
          {({ people, total }) =>
            people.length === 0 ? (
              <Empty icon="people" title={words.t('people.empty')}>
                <p>{words.t('people.empty-hint')}</p>
              </Empty>
            ) : (
              <>
                <PeopleTable people={people} chosen={chosen} onOpen={open} />
                {total > pageSize && (
                  <div className="row center">
                    <Button disabled={offset === 0} icon="left" onClick={() => change({ offset: String(Math.max(0, offset - pageSize)) })}>
                      {words.t('people.before')}
                    </Button>
                    <span className="figures">{words.t('people.shown', { from: offset + 1, to: offset + people.length, total })}</span>
                    <Button disabled={offset + pageSize >= total} icon="right" onClick={() => change({ offset: String(offset + pageSize) })}>
                      {words.t('people.after')}
                    </Button>
                  </div>
                )}
              </>
            )
          }
        </Loading>
      </section>
      {person && <PersonPanel key={person.id} person={person} onChanged={loaded.reload} onClose={() => change({ person: undefined })} />}
      {creating && <CreateDialog unit={unit} onClose={() => setCreating(false)} onCreated={(made) => (setCreating(false), loaded.reload(), open(made))} />}
    </div>
  );
}

function UnitTree({ unit, onChoose }: { readonly unit: string; readonly onChoose: (unit: string | undefined) => void }) {
  const { words } = useApp();
  const { campus, unitName } = useDesk();
  return (
    <nav className="unit-tree" aria-label={words.t('people.units')}>
      <button type="button" aria-current={unit === '' ? 'true' : undefined} onClick={() => onChoose(undefined)}>
        {words.t('people.all-units')}
      </button>
      {unitLines(campus.units).map(({ id, depth }) => (
        <button type="button" key={id} data-depth={Math.min(depth, 4)} aria-current={unit === id ? 'true' : undefined} onClick={() => onChoose(id)} data-testid={`unit-${id}`}>
          {unitName(id)}
        </button>
      ))}
    </nav>
  );
}

function SearchField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { words } = useApp();
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return <input type="search" value={typed} maxLength={64} placeholder={words.t('people.search')} aria-label={words.t('people.search')} onChange={(event) => setTyped(event.target.value)} data-testid="people-search" />;
}
