// A new account: without any role, with a first password that must be changed.
import { useState } from 'react';
import type { PersonRecord } from '@wanglou/plugin-access/contract';
import { shortestPassword } from '../account/account-rules.ts';
import { useApp } from '../app/context.ts';
import { ActForm } from '../kit/act-form.tsx';
import { Field } from '../kit/field.tsx';
import { PersonFields, type PersonDraft } from './person-fields.tsx';

interface CreateDialogProps {
  /** The unit that is looked at. */
  readonly unit: string;
  readonly onClose: () => void;
  readonly onCreated: (person: PersonRecord) => void;
}

/** The form of a new person. */
export function CreateDialog({ unit, onClose, onCreated }: CreateDialogProps) {
  const { words, client } = useApp();
  const [id, setId] = useState('');
  const [password, setPassword] = useState('');
  const [draft, setDraft] = useState<PersonDraft>({ name: '', unit, standing: 'staff', externalId: '' });
  const create = async () => {
    const externalId = draft.externalId.trim();
    onCreated(await client.call('person.create', { id, name: draft.name.trim(), unit: draft.unit, standing: draft.standing, ...(password && { password }), ...(externalId && { externalId }) }));
  };
  const ready = id !== '' && draft.name.trim() !== '' && draft.unit !== '' && (password === '' || password.length >= shortestPassword);
  return (
    <ActForm title={words.t('people.new')} confirm={words.t('people.create')} testId="person-create" ready={ready} onConfirm={create} onClose={onClose}>
      <Field label={words.t('sign-in.name')} hint={words.t('people.id-hint')}>
        <input required maxLength={32} pattern="[a-z][a-z0-9\-]{1,31}" autoCapitalize="none" spellCheck={false} value={id} onChange={(event) => setId(event.target.value.trim())} data-testid="person-id" />
      </Field>
      <PersonFields draft={draft} onChange={(changes) => setDraft((before) => ({ ...before, ...changes }))} />
      <Field label={words.t('people.first-password')} hint={words.t('people.first-password-hint')} optional={words.t('field.optional')}>
        <input type="text" autoComplete="off" spellCheck={false} minLength={shortestPassword} maxLength={200} value={password} onChange={(event) => setPassword(event.target.value)} data-testid="person-password" />
      </Field>
    </ActForm>
  );
}
