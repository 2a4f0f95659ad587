// People of the campus who will be there as well; none of them may approve. Article 10.
import { useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { Button } from '../kit/button.tsx';
import { FieldGroup } from '../kit/field.tsx';
import { Icon } from '../kit/icon.tsx';

interface CompanionsFieldProps {
  readonly companions: readonly string[];
  readonly onChange: (companions: readonly string[]) => void;
}

/** Most companions of a request. */
const most = 12;

/** Account names as chips; one more is typed. The preview says when the server does not know one. */
export function CompanionsField({ companions, onChange }: CompanionsFieldProps) {
  const { words } = useApp();
  const { session } = useDesk();
  const [typed, setTyped] = useState('');
  const name = typed.trim().toLowerCase();
  const fits = name !== '' && name !== session.person.id && !companions.includes(name) && companions.length < most;
  const add = () => {
    if (!fits) return;
    onChange([...companions, name]);
    setTyped('');
  };
  return (
    <FieldGroup label={words.t('request.companions')}>
      <p className="hint">{words.t('request.companions-hint')}</p>
      <div className="row">
        {companions.map((companion) => (
          <button type="button" className="chip" key={companion} onClick={() => onChange(companions.filter((other) => other !== companion))} aria-label={words.t('request.companion-remove', { name: companion })}>
            {companion} <Icon name="cross" size={12} />
          </button>
        ))}
        <input
          className="short"
          value={typed}
          placeholder={words.t('request.companion-name')}
          aria-label={words.t('request.companion-name')}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            // Enter in a field would send the form.
            event.preventDefault();
            add();
          }}
          data-testid="request-companion"
        />
        <Button icon="plus" onClick={add} disabled={!fits} data-testid="request-companion-add">
          {words.t('request.companion-add')}
        </Button>
      </div>
    </FieldGroup>
  );
}
