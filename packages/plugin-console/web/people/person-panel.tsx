// One person: what is known, and the acts of those who run the campus.
import { useState } from 'react';
import type { PersonRecord } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { ReasonDialog } from '../inbox/reason-dialog.tsx';
import { Button, IconButton } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { useToast } from '../kit/toast.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { PersonState, Qualification } from './people-table.tsx';
import { QualifyDialog } from './qualify-dialog.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import { RolesDialog } from './roles-dialog.tsx';

interface PersonPanelProps {
  readonly person: PersonRecord;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** What an act's dialog takes. */
export interface ActDialogProps {
  readonly person: PersonRecord;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const dialogs = { edit: EditDialog, roles: RolesDialog, qualify: QualifyDialog, reset: ResetDialog } as const;

/** Shows a person beside the list. */
export function PersonPanel({ person, onChanged, onClose }: PersonPanelProps) {
  const { words, client } = useApp();
  const { unitName, roleName } = useDesk();
  const [act, setAct] = useState<keyof typeof dialogs | 'active'>();
  const say = useToast();
  const done = () => {
    setAct(undefined);
    say(words.t('people.saved'));
    onChanged();
  };
  const setActive = async (reason: string) => {
    await client.call('person.set-active', { person: person.id, active: !person.active, reason });
    done();
  };
  const ActDialog = act && act !== 'active' ? dialogs[act] : undefined;
  const activeTitle = words.t(person.active ? 'people.close' : 'people.open');
  return (
    <aside className="person-panel card" aria-label={person.name} data-testid="person-panel">
      <header className="row">
        <h2>{person.name}</h2>
        <span className="faint">{person.id}</span>
        <div className="grow" />
        <IconButton icon="cross" name={words.t('button.close')} onClick={onClose} />
      </header>
      <PersonState person={person} />
      <dl className="facts">
        <Fact name={words.t('account.unit')}>{unitName(person.unit)}</Fact>
        <Fact name={words.t('people.standing')}>{words.t(`fact-value.${person.standing}`)}</Fact>
        <Fact name={words.t('account.roles')}>{person.roles.length > 0 ? words.list(person.roles.map(roleName)) : words.t('account.no-roles')}</Fact>
        <Fact name={words.t('qualification.post')}>
          <Qualification person={person} kind="post" />
        </Fact>
        <Fact name={words.t('qualification.confidentiality')}>
          <Qualification person={person} kind="confidentiality" />
        </Fact>
        <Fact name={words.t('people.sign-in')}>{words.list([words.t(person.hasPassword ? 'people.has-password' : 'people.no-password'), ...(person.hasTotp ? [words.t('totp.title')] : []), ...(person.externalId ? [person.externalId] : [])])}</Fact>
      </dl>
      <div className="stack">
        {(['edit', 'roles', 'qualify', 'reset'] as const).map((name) => (
          <Button key={name} onClick={() => setAct(name)} data-testid={`person-${name}`}>
            {words.t(`people.${name}`)}
          </Button>
        ))}
        <Button look={person.active ? 'danger' : 'plain'} onClick={() => setAct('active')} data-testid="person-active">
          {activeTitle}
        </Button>
      </div>
      {ActDialog && <ActDialog person={person} onDone={done} onClose={() => setAct(undefined)} />}
      {act === 'active' && <ReasonDialog title={activeTitle} confirm={activeTitle} testId="person-active" hint={words.t(person.active ? 'people.close-hint' : 'people.open-hint')} look={person.active ? 'danger' : 'primary'} onConfirm={setActive} onClose={() => setAct(undefined)} />}
    </aside>
  );
}
