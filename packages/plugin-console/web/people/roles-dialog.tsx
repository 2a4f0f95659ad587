// Gives exactly these roles, for a reason. Article 8: only the Office appoints.
import { useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { ActForm, ReasonField } from '../kit/act-form.tsx';
import { FieldGroup } from '../kit/field.tsx';
import { Notice } from '../kit/status.tsx';
import type { ActDialogProps } from './person-panel.tsx';

/** The form of an appointment. */
export function RolesDialog({ person, onDone, onClose }: ActDialogProps) {
  const { words, client } = useApp();
  const { campus } = useDesk();
  const [roles, setRoles] = useState(person.roles);
  const [reason, setReason] = useState('');
  const changed = [...roles].sort().join() !== [...person.roles].sort().join();
  const assign = async () => {
    await client.call('person.assign-roles', { person: person.id, roles: [...roles], reason: reason.trim(), ...(person.externalId !== undefined && { externalId: person.externalId }) });
    onDone();
  };
  return (
    <ActForm title={words.t('people.roles')} confirm={words.t('people.assign')} testId="person-roles" ready={changed && reason.trim() !== ''} onConfirm={assign} onClose={onClose}>
      <p>{words.t('people.roles-hint')}</p>
      {person.externalId !== undefined && <Notice tone="waiting">{words.t('people.roles-external', { id: person.externalId })}</Notice>}
      <FieldGroup label={words.t('account.roles')}>
        <div className="checks">
          {campus.roles.map(({ id, name }) => (
            <label key={id} className="check">
              <input type="checkbox" checked={roles.includes(id)} onChange={(event) => setRoles(event.target.checked ? [...roles, id] : roles.filter((role) => role !== id))} data-testid={`role-${id}`} />
              {words.text(name)}
            </label>
          ))}
        </div>
      </FieldGroup>
      <ReasonField reason={reason} onChange={setReason} testId="person-roles" />
    </ActForm>
  );
}
