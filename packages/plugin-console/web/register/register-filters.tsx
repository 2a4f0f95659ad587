// The filters of the register; they live in the address.
import { useEffect, useState } from 'react';
import { useApp } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import type { RegisterFilters } from './register-rows.ts';

/** Typing settles this long before it is asked of the server: each reading is an audited act. */
const settleMs = 500;

/** Filters by person, camera, action and result. */
export function RegisterFiltersBar({ filters, onChange }: { readonly filters: RegisterFilters; readonly onChange: (changes: Readonly<Record<string, string>>) => void }) {
  const { words } = useApp();
  const cameras = useCameras();
  const [person, setPerson] = useState(filters.person);
  useEffect(() => {
    if (person === filters.person) return undefined;
    const timer = setTimeout(() => onChange({ person }), settleMs);
    return () => clearTimeout(timer);
  }, [person, filters.person, onChange]);
  return (
    <div className="filters screen-only" role="search" aria-label={words.t('filter.name')}>
      <input value={person} placeholder={words.t('filter.person')} aria-label={words.t('filter.person')} onChange={(event) => setPerson(event.target.value.trim())} />
      <select value={filters.camera} aria-label={words.t('filter.camera')} onChange={(event) => onChange({ camera: event.target.value })}>
        <option value="">{words.t('filter.any-camera')}</option>
        {cameras.list?.map(({ info }) => (
          <option key={info.id} value={info.id}>
            {words.text(info.name)}
          </option>
        ))}
      </select>
      <select value={filters.action} aria-label={words.t('filter.action')} onChange={(event) => onChange({ action: event.target.value })}>
        <option value="">{words.t('filter.any-action')}</option>
        {(['live', 'playback', 'copy', 'request', 'review', 'audit'] as const).map((action) => (
          <option key={action} value={action}>
            {words.t(`action.${action}`)}
          </option>
        ))}
      </select>
      <select value={filters.effect} aria-label={words.t('filter.effect')} onChange={(event) => onChange({ effect: event.target.value })}>
        <option value="">{words.t('filter.any-effect')}</option>
        <option value="permit">{words.t('register.permitted')}</option>
        <option value="deny">{words.t('register.denied')}</option>
      </select>
    </div>
  );
}
