// The filters of the register; they live in the address.
import { useEffect, useState } from 'react';
import type { RegisterFilters } from '@wanglou/plugin-access/contract';
import { useApp } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Button } from '../kit/button.tsx';
import { MomentInput } from '../playback/moment-input.tsx';
import { registerActions } from './register-rows.ts';

/** Typing settles this long before it is asked of the server: each reading is an audited act. */
const settleMs = 500;

interface RegisterFiltersBarProps {
  readonly filters: RegisterFilters;
  readonly onChange: (changes: Readonly<Record<string, string | undefined>>) => void;
}

/** Filters by words, person, camera, action, result and time. */
export function RegisterFiltersBar({ filters, onChange }: RegisterFiltersBarProps) {
  const { words } = useApp();
  const cameras = useCameras();
  const [times, setTimes] = useState(filters.fromMs !== undefined || filters.toMs !== undefined);
  return (
    <div className="filters screen-only" role="search" aria-label={words.t('filter.name')}>
      <Typed label={words.t('register.search')} value={filters.search ?? ''} testId="register-search" onChange={(search) => onChange({ search })} />
      <Typed label={words.t('filter.person')} value={filters.person ?? ''} testId="register-person" onChange={(person) => onChange({ person })} />
      <select value={filters.camera ?? ''} aria-label={words.t('filter.camera')} onChange={(event) => onChange({ camera: event.target.value })}>
        <option value="">{words.t('filter.any-camera')}</option>
        {cameras.list?.map(({ info }) => (
          <option key={info.id} value={info.id}>
            {words.text(info.name)}
          </option>
        ))}
      </select>
      <select value={filters.action ?? ''} aria-label={words.t('filter.action')} onChange={(event) => onChange({ action: event.target.value })}>
        <option value="">{words.t('filter.any-action')}</option>
        {registerActions.map((action) => (
          <option key={action} value={action}>
            {words.t(`action.${action}`)}
          </option>
        ))}
      </select>
      <select value={filters.effect ?? ''} aria-label={words.t('filter.effect')} onChange={(event) => onChange({ effect: event.target.value })}>
        <option value="">{words.t('filter.any-effect')}</option>
        <option value="permit">{words.t('register.permitted')}</option>
        <option value="deny">{words.t('register.denied')}</option>
      </select>
      <Button
        look="quiet"
        icon="calendar"
        aria-expanded={times}
        onClick={() => {
          setTimes(!times);
          if (times) onChange({ from: undefined, to: undefined });
        }}
      >
        {words.t('register.times')}
      </Button>
      {times && (
        <>
          <MomentInput label={words.t('request.from')} testId="register-from" valueMs={filters.fromMs} onChange={(fromMs) => onChange({ from: String(fromMs) })} />
          <MomentInput label={words.t('request.to')} testId="register-to" valueMs={filters.toMs} onChange={(toMs) => onChange({ to: String(toMs) })} />
        </>
      )}
    </div>
  );
}

function Typed({ label, value, testId, onChange }: { readonly label: string; readonly value: string; readonly testId: string; readonly onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return <input type="search" value={typed} placeholder={label} aria-label={label} maxLength={100} onChange={(event) => setTyped(event.target.value)} data-testid={testId} />;
}
