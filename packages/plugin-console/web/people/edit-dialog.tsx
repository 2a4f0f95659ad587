// Changes name, unit, standing or the identity at the provider.
import { useState } from 'react';
import { useApp } from '../app/context.ts';
import { ActForm } from '../kit/act-form.tsx';
import { PersonFields, type PersonDraft } from './person-fields.tsx';
import type { ActDialogProps } from './person-panel.tsx';

/** The form of a change. */
export function EditDialog({ person, onDone, onClose }: ActDialogProps) {
  const { words, client } = useApp();
  const [draft, setDraft] = useState<PersonDraft>({ name: person.name, unit: person.unit, standing: person.standing, externalId: person.externalId ?? '' });
  const save = async () => {
    await client.call('person.update', { person: person.id, ...draft, name: draft.name.trim(), externalId: draft.externalId.trim() });
    onDone();
  };
  return (
    <ActForm title={words.t('people.edit')} confirm={words.t('people.save')} testId="person-edit" ready={draft.name.trim() !== '' && draft.unit !== ''} onConfirm={save} onClose={onClose}>
      <PersonFields draft={draft} onChange={(changes) => setDraft((before) => ({ ...before, ...changes }))} />
    </ActForm>
  );
}
