// People as a table; a row opens with Enter.
import type { PersonRecord } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { CardTable } from '../kit/card-table.tsx';
import { Status, type Tone } from '../kit/status.tsx';
import { qualificationState, type QualificationState } from './people-tree.ts';

interface PeopleTableProps {
  readonly people: readonly PersonRecord[];
  readonly chosen: string;
  readonly onOpen: (person: PersonRecord) => void;
}

/** Shows people. */
export function PeopleTable({ people, chosen, onOpen }: PeopleTableProps) {
  const { words } = useApp();
  const { unitName, roleName } = useDesk();
  const names = { name: words.t('people.name'), unit: words.t('account.unit'), roles: words.t('account.roles'), post: words.t('qualification.post'), secrecy: words.t('qualification.confidentiality'), state: words.t('people.state') };
  return (
    <CardTable caption={words.t('people-tab.people')} names={names}>
      {people.map((person) => (
        <tr
          key={person.id}
          tabIndex={0}
          aria-selected={person.id === chosen}
          data-testid="person-row"
          data-person={person.id}
          onClick={() => onOpen(person)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onOpen(person);
          }}
        >
          <td data-label={names.name}>
            <b>{person.name}</b> <span className="faint">{person.id}</span>
          </td>
          <td data-label={names.unit}>{unitName(person.unit)}</td>
          <td data-label={names.roles}>{words.list(person.roles.map(roleName))}</td>
          <td data-label={names.post}>
            <Qualification person={person} kind="post" />
          </td>
          <td data-label={names.secrecy}>
            <Qualification person={person} kind="confidentiality" />
          </td>
          <td data-label={names.state}>
            <PersonState person={person} />
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

const tones: Readonly<Record<QualificationState, Tone>> = { none: 'refused', valid: 'good', soon: 'waiting', over: 'waiting' };

/** Until when somebody is qualified. */
export function Qualification({ person, kind }: { readonly person: PersonRecord; readonly kind: 'post' | 'confidentiality' }) {
  const { words, now } = useApp();
  const { formats } = useDesk();
  const state = qualificationState(person, kind, now());
  const untilMs = person.qualifications[kind];
  return (
    <Status tone={tones[state]} icon={state === 'valid' ? 'check' : state === 'none' ? 'minus' : 'warn'}>
      {words.t(`qualification-state.${state}`, { date: untilMs === undefined ? '' : formats.date(untilMs) })}
    </Status>
  );
}

/** Whether the account is open, suspended, on duty. */
export function PersonState({ person }: { readonly person: PersonRecord }) {
  const { words } = useApp();
  if (!person.active) return <Status tone="refused">{words.t('person-state.closed')}</Status>;
  if (person.suspended) return <Status tone="waiting" icon="warn">{words.t('person-state.suspended')}</Status>;
  if (person.onDuty) return <Status tone="good">{words.t('duty.on')}</Status>;
  return <Status icon="person">{words.t(person.mustChangePassword ? 'person-state.new' : 'person-state.open')}</Status>;
}
