// Name, unit, standing and the identity at the provider: the same for a new person and for a change.
import type { Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { Field } from '../kit/field.tsx';
import { unitLines } from './people-tree.ts';

/** What can be written about a person. */
export interface PersonDraft {
  readonly name: string;
  readonly unit: string;
  readonly standing: Person['standing'];
  readonly externalId: string;
}

const standings = ['staff', 'outside', 'individual'] as const;

/** The fields. */
export function PersonFields({ draft, onChange }: { readonly draft: PersonDraft; readonly onChange: (changes: Partial<PersonDraft>) => void }) {
  const { words } = useApp();
  const { campus, unitName } = useDesk();
  const known = campus.units.some(({ id }) => id === draft.unit) || draft.unit === '';
  return (
    <>
      <Field label={words.t('people.name')}>
        <input required maxLength={64} value={draft.name} onChange={(event) => onChange({ name: event.target.value })} data-testid="person-name" />
      </Field>
      <Field label={words.t('account.unit')}>
        <select required value={draft.unit} onChange={(event) => onChange({ unit: event.target.value })} data-testid="person-unit">
          <option value="">{words.t('request.choose')}</option>
          {!known && <option value={draft.unit}>{draft.unit}</option>}
          {unitLines(campus.units).map(({ id }) => (
            <option key={id} value={id}>
              {unitName(id)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={words.t('people.standing')}>
        <select value={draft.standing} onChange={(event) => onChange({ standing: event.target.value as Person['standing'] })}>
          {standings.map((standing) => (
            <option key={standing} value={standing}>
              {words.t(`fact-value.${standing}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={words.t('people.external')} hint={words.t('people.external-hint')} optional={words.t('field.optional')}>
        <input maxLength={200} autoCapitalize="none" spellCheck={false} value={draft.externalId} onChange={(event) => onChange({ externalId: event.target.value })} />
      </Field>
    </>
  );
}
