// The fields of a request: the same when it is new and when it is amended.
import type { Purpose } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Field, FieldGroup } from '../kit/field.tsx';
import { MomentInput } from '../playback/moment-input.tsx';
import { CameraPicker } from './camera-picker.tsx';
import { CompanionsField } from './companions-field.tsx';
import { footageActions, type DraftIssue, type RequestDraft } from './request-draft.ts';

interface RequestFieldsProps {
  readonly draft: RequestDraft;
  /** What is wrong, once it was tried to send. */
  readonly issues: readonly DraftIssue[];
  readonly onChange: (changes: Partial<RequestDraft>) => void;
  /** An outside visit has its own companions. */
  readonly companions?: boolean;
}

/** What, where, when, what for, and where it goes. */
export function RequestFields({ draft, issues, onChange, companions = true }: RequestFieldsProps) {
  const { words } = useApp();
  const { campus, formats } = useDesk();
  const cameras = useCameras();
  const issue = (...names: DraftIssue[]) => {
    const found = names.find((name) => issues.includes(name));
    return found && words.t(`draft.${found}`);
  };
  const ordered = draft.fromMs !== undefined && draft.toMs !== undefined && draft.fromMs < draft.toMs;
  return (
    <>
      <FieldGroup label={words.t('request.what')} issue={issue('actions')}>
        <div className="checks">
          {footageActions.map((action) => (
            <label key={action} className="check">
              <input type="checkbox" data-testid={`request-action-${action}`} checked={draft.actions.includes(action)} onChange={(event) => onChange({ actions: footageActions.filter((other) => (other === action ? event.target.checked : draft.actions.includes(other))) })} />
              {words.t(`action.${action}`)}
            </label>
          ))}
        </div>
      </FieldGroup>
      <FieldGroup label={words.t('request.cameras')} issue={issue('cameras')}>
        <CameraPicker cameras={cameras.list ?? []} chosen={draft.cameras} onChange={(chosen) => onChange({ cameras: chosen })} />
      </FieldGroup>
      <div className="columns">
        <MomentInput label={words.t('request.from')} testId="request-from" valueMs={draft.fromMs} onChange={(fromMs) => onChange({ fromMs })} issue={issue('range')} />
        <MomentInput label={words.t('request.to')} testId="request-to" valueMs={draft.toMs} onChange={(toMs) => onChange({ toMs })} issue={issue('rangeOrder')} />
      </div>
      {ordered && <p className="hint figures">{words.t('request.range-length', { length: formats.length((draft.toMs ?? 0) - (draft.fromMs ?? 0)) })}</p>}
      <div className="columns">
        <Field label={words.t('request.purpose')} issue={issue('purpose')}>
          <select data-testid="request-purpose" value={draft.purpose ?? ''} onChange={(event) => onChange({ purpose: event.target.value === '' ? undefined : (event.target.value as Purpose) })}>
            <option value="">{words.t('request.choose')}</option>
            {Object.entries(campus.purposes).map(([id, text]) => (
              <option key={id} value={id}>
                {words.text(text)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={words.t('request.case-number')} optional={words.t('field.optional')}>
          <input data-testid="request-case-number" maxLength={64} value={draft.caseNumber} onChange={(event) => onChange({ caseNumber: event.target.value })} />
        </Field>
      </div>
      <Field label={words.t('request.reason')} hint={words.t('request.reason-hint')} issue={issue('reason')}>
        <textarea data-testid="request-reason" rows={3} maxLength={500} value={draft.reason} onChange={(event) => onChange({ reason: event.target.value })} />
      </Field>
      {draft.actions.includes('copy') && (
        <Field label={words.t('request.destination')} hint={words.t('request.destination-hint')} issue={issue('destination')}>
          <input data-testid="request-destination" maxLength={200} value={draft.destination} onChange={(event) => onChange({ destination: event.target.value })} />
        </Field>
      )}
      {companions && <CompanionsField companions={draft.companions} onChange={(chosen) => onChange({ companions: chosen })} />}
    </>
  );
}
