// The filters of the audit log. They live in the address; what is typed is applied on Enter, because each reading is an audited act.
import { useEffect, useId, useState, type FormEvent } from 'react';
import type { AuditFilters } from '@wanglou/plugin-audit/contract';
import { useApp } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import type { PeopleNames } from '../app/people-names.ts';
import type { MessageKey } from '../i18n/language.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { MomentInput } from '../playback/moment-input.tsx';
import { auditActions, auditKinds } from './audit-query.ts';

/** Changes of the filters; `undefined` takes one out. */
export type FilterChanges = Readonly<Partial<Record<keyof AuditFilters, string | number | undefined>>>;

interface AuditFiltersProps {
  readonly filters: AuditFilters;
  readonly people: PeopleNames;
  readonly operations: ReadonlyMap<string, string>;
  readonly onChange: (changes: FilterChanges) => void;
}

const typedNames = ['person', 'operation', 'caseNumber'] as const;
type Typed = Readonly<Record<(typeof typedNames)[number], string>>;

const typedOf = (filters: AuditFilters): Typed => ({ person: filters.person ?? '', operation: filters.operation ?? '', caseNumber: filters.caseNumber ?? '' });

/** Who, what, which camera, which case, when. */
export function AuditFiltersBar({ filters, people, operations, onChange }: AuditFiltersProps) {
  const { words } = useApp();
  const cameras = useCameras();
  const id = useId();
  const [typed, setTyped] = useState(() => typedOf(filters));
  /** On a phone the filters are folded away until they are wanted. */
  const [shown, setShown] = useState(false);
  const { person, operation, caseNumber } = typedOf(filters);
  useEffect(() => setTyped({ person, operation, caseNumber }), [person, operation, caseNumber]);
  // What was typed and not yet applied goes along with what is chosen.
  const change = (changes: FilterChanges) => onChange({ ...resolveTyped(typed, people, operations), ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({});
  };
  const isFiltered = Object.keys(filters).length > 0;
  const text = (name: keyof Typed, label: MessageKey, list?: string) => (
    <Field label={words.t(label)}>
      <input value={typed[name]} list={list} autoCapitalize="none" autoComplete="off" spellCheck={false} maxLength={128} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} data-testid={`audit-${name}`} />
    </Field>
  );
  return (
    <>
      <Button className="narrow-only screen-only filter-toggle" icon="search" aria-expanded={shown} onClick={() => setShown(!shown)} data-testid="audit-filters">
        {words.t('filter.name')}
      </Button>
      <form className={shown ? 'filters audit-filters screen-only shown' : 'filters audit-filters screen-only'} role="search" aria-label={words.t('filter.name')} onSubmit={submit}>
        {text('person', 'audit.filter-person', `${id}-people`)}
        {text('operation', 'audit.filter-operation', `${id}-operations`)}
        <Choice label="audit.filter-action" any="audit.any-action" value={filters.action} onChange={(action) => change({ action })} options={auditActions.map((action) => [action, words.t(`action.${action}`)])} testId="audit-action" />
        <Choice label="audit.kind" any="audit.any-kind" value={filters.kind} onChange={(kind) => change({ kind })} options={auditKinds.map((kind) => [kind, words.has(`audit-kind.${kind}`, kind)])} testId="audit-kind" />
        <Choice label="filter.effect" any="filter.any-effect" value={filters.effect} onChange={(effect) => change({ effect })} options={[['permit', words.t('register.permitted')], ['deny', words.t('register.denied')]]} testId="audit-effect" />
        <Choice label="filter.camera" any="filter.any-camera" value={filters.camera} onChange={(camera) => change({ camera })} options={(cameras.list ?? []).map(({ info }) => [info.id, words.text(info.name)])} testId="audit-camera" />
        {text('caseNumber', 'request.case-number')}
        <MomentInput label={words.t('request.from')} testId="audit-from" valueMs={filters.fromMs} onChange={(fromMs) => change({ fromMs })} />
        <MomentInput label={words.t('request.to')} testId="audit-to" valueMs={filters.toMs} onChange={(toMs) => change({ toMs })} />
        <div className="row filter-buttons">
          <Button type="submit" icon="search" data-testid="audit-apply">
            {words.t('filter.apply')}
          </Button>
          {isFiltered && (
            <Button look="quiet" icon="cross" onClick={() => onChange(Object.fromEntries(Object.keys(filters).map((name) => [name, undefined])))} data-testid="audit-clear">
              {words.t('audit.clear')}
            </Button>
          )}
          {filters.call !== undefined && (
            <span className="chip">
              {words.t('audit.one-call')} <code>{filters.call}</code>
            </span>
          )}
        </div>
        <datalist id={`${id}-people`}>
          {people.people.map(({ id: personId, name }) => (
            <option key={personId} value={personId}>
              {name}
            </option>
          ))}
        </datalist>
        <datalist id={`${id}-operations`}>
          {[...operations].map(([operationId, name]) => (
            <option key={operationId} value={operationId}>
              {name}
            </option>
          ))}
        </datalist>
      </form>
    </>
  );
}

/** A name that was typed stands for its id. */
function resolveTyped(typed: Typed, { people }: PeopleNames, operations: ReadonlyMap<string, string>): FilterChanges {
  const [person, operation, caseNumber] = typedNames.map((name) => typed[name].trim());
  return {
    person: (people.find(({ name }) => name === person)?.id ?? person) || undefined,
    operation: ([...operations].find(([, name]) => name === operation)?.[0] ?? operation) || undefined,
    caseNumber: caseNumber || undefined,
  };
}

interface ChoiceProps {
  readonly label: MessageKey;
  readonly any: MessageKey;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
  readonly testId: string;
  readonly onChange: (value: string | undefined) => void;
}

function Choice({ label, any, value = '', options, testId, onChange }: ChoiceProps) {
  const { words } = useApp();
  const isKnown = value === '' || options.some(([option]) => option === value);
  return (
    <Field label={words.t(label)}>
      <select value={value} onChange={(event) => onChange(event.target.value || undefined)} data-testid={testId}>
        <option value="">{words.t(any)}</option>
        {!isKnown && <option value={value}>{value}</option>}
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}
