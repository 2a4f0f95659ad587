// The filters of the audit log; they are applied on Enter, because each reading is an audited act.
import { useState, type FormEvent } from 'react';
import { useApp } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Button } from '../kit/button.tsx';

interface AuditFiltersProps {
  readonly person: string;
  readonly camera: string;
  readonly operation: string;
  readonly onChange: (changes: Readonly<Record<string, string>>) => void;
}

/** Filters by person, camera and operation. */
export function AuditFiltersBar({ person, camera, operation, onChange }: AuditFiltersProps) {
  const { words } = useApp();
  const cameras = useCameras();
  const [draft, setDraft] = useState({ person, camera, operation });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(draft);
  };
  return (
    <form className="filters" role="search" aria-label={words.t('filter.name')} onSubmit={submit}>
      <input value={draft.person} placeholder={words.t('filter.person')} aria-label={words.t('filter.person')} onChange={(event) => setDraft({ ...draft, person: event.target.value.trim() })} />
      <input value={draft.operation} placeholder={words.t('filter.operation')} aria-label={words.t('filter.operation')} onChange={(event) => setDraft({ ...draft, operation: event.target.value.trim() })} />
      <select
        value={draft.camera}
        aria-label={words.t('filter.camera')}
        onChange={(event) => {
          setDraft({ ...draft, camera: event.target.value });
          onChange({ ...draft, camera: event.target.value });
        }}
      >
        <option value="">{words.t('filter.any-camera')}</option>
        {cameras.list?.map(({ info }) => (
          <option key={info.id} value={info.id}>
            {words.text(info.name)}
          </option>
        ))}
      </select>
      <Button type="submit" icon="search">
        {words.t('filter.apply')}
      </Button>
    </form>
  );
}
