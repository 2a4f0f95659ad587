// Takes footage at once, for a reason of the pack's list, and says what follows. Article 17; only where the pack switches it on.
import { useState } from 'react';
import type { CampusFacts } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { ActForm, ReasonField } from '../kit/act-form.tsx';
import { FieldGroup } from '../kit/field.tsx';
import { Notice } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { CameraPicker } from '../requests/camera-picker.tsx';

interface EmergencyDialogProps {
  readonly rules: NonNullable<CampusFacts['emergency']>;
  /** The cameras that are looked at now. */
  readonly cameras: readonly string[];
  readonly onClose: () => void;
}

/** Most cameras of an emergency. */
const most = 16;

/** The form of an emergency. */
export default function EmergencyDialog({ rules, cameras: first, onClose }: EmergencyDialogProps) {
  const { words, client } = useApp();
  const { formats, unitName } = useDesk();
  const cameras = useCameras();
  const [chosen, setChosen] = useState<readonly string[]>(first.slice(0, most));
  const [kind, setKind] = useState('');
  const [reason, setReason] = useState('');
  const say = useToast();
  const begin = async () => {
    await client.call('emergency.begin', { cameras: [...chosen], kind, reason: reason.trim() });
    say(words.t('emergency.begun'));
    onClose();
  };
  const ready = chosen.length > 0 && chosen.length <= most && kind !== '' && reason.trim() !== '';
  return (
    <ActForm title={words.t('emergency.title')} confirm={words.t('emergency.begin')} testId="emergency" ready={ready} look="danger" wide onConfirm={begin} onClose={onClose}>
      <Notice tone="waiting" icon="warn">
        <ul className="bullets">
          <li>{words.t('emergency.what', { minutes: formats.length(rules.minutes * 60_000), back: formats.length(rules.lookBackMinutes * 60_000) })}</li>
          <li>{words.t('emergency.told', { units: words.list(rules.tells.map(unitName)) })}</li>
          <li>{words.t('emergency.after', { count: rules.reviewers, hours: formats.length(rules.reviewWithinHours * 3_600_000) })}</li>
        </ul>
      </Notice>
      <FieldGroup label={words.t('emergency.kind')}>
        <div className="checks">
          {Object.entries(rules.reasons).map(([id, text]) => (
            <label key={id} className="check">
              <input type="radio" name="emergency-kind" checked={kind === id} onChange={() => setKind(id)} data-testid={`emergency-kind-${id}`} />
              {words.text(text)}
            </label>
          ))}
        </div>
      </FieldGroup>
      <FieldGroup label={words.t('request.cameras')} issue={chosen.length > most ? words.t('emergency.too-many', { most }) : undefined}>
        <CameraPicker cameras={cameras.list ?? []} chosen={chosen} onChange={setChosen} />
      </FieldGroup>
      <ReasonField reason={reason} onChange={setReason} testId="emergency" />
    </ActForm>
  );
}
