// Says until when somebody is qualified. Article 9(2).
import { useState } from 'react';
import type { QualificationKind } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { ActForm } from '../kit/act-form.tsx';
import { Field } from '../kit/field.tsx';
import { parseTypedDate } from '../i18n/typed-time.ts';
import { fromZone, zoneParts } from '../i18n/zone-time.ts';
import type { ActDialogProps } from './person-panel.tsx';

/** The form of a qualification; it is valid to the end of the day that is named. */
export function QualifyDialog({ person, onDone, onClose }: ActDialogProps) {
  const { words, client, now } = useApp();
  const { formats } = useDesk();
  const [kind, setKind] = useState<QualificationKind>('post');
  const [until, setUntil] = useState(() => zoneParts(now() + 365 * 86_400_000, formats.timeZone).date);
  const untilMs = fromZone(parseTypedDate(until) ?? '', '23:59:59', formats.timeZone);
  const qualify = async () => {
    if (untilMs === undefined) return;
    await client.call('person.qualify', { person: person.id, kind, untilMs });
    onDone();
  };
  return (
    <ActForm title={words.t('people.qualify')} confirm={words.t('people.save')} testId="person-qualify" ready={untilMs !== undefined} onConfirm={qualify} onClose={onClose}>
      <Field label={words.t('people.training')}>
        <select value={kind} onChange={(event) => setKind(event.target.value as QualificationKind)}>
          {(['post', 'confidentiality'] as const).map((name) => (
            <option key={name} value={name}>
              {words.t(`qualification.${name}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={words.t('people.valid-until')} hint={words.t('people.valid-until-hint')}>
        <input className="figures" inputMode="numeric" placeholder="2026-11-23" required value={until} onChange={(event) => setUntil(event.target.value)} data-testid="person-qualify-until" />
      </Field>
    </ActForm>
  );
}
