// The request form. Article 10: who needs footage asks; article 11: a copy names where it goes.
import { useState, type FormEvent } from 'react';
import type { Purpose } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { navigate, usePlace } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Field, FieldGroup } from '../kit/field.tsx';
import { Failure } from '../kit/states.tsx';
import { useToast } from '../kit/toast.tsx';
import { MomentInput } from '../playback/moment-input.tsx';
import { ApprovalPath } from './approval-path.tsx';
import { CameraPicker } from './camera-picker.tsx';
import { draftFromQuery, draftIssues, footageActions, toRequestInput, type DraftIssue, type RequestDraft } from './request-draft.ts';

/** Asks for footage. */
export default function RequestFormPage() {
  const { words, client } = useApp();
  const { campus, formats } = useDesk();
  const cameras = useCameras();
  const { query } = usePlace();
  const [draft, setDraft] = useState<RequestDraft>(() => draftFromQuery(query));
  const [checked, setChecked] = useState(false);
  const act = useAct();
  const say = useToast();
  const issues = checked ? draftIssues(draft) : [];
  const issue = (...names: DraftIssue[]) => {
    const found = names.find((name) => issues.includes(name));
    return found && words.t(`draft.${found}`);
  };
  const change = (changes: Partial<RequestDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (draftIssues(draft).length > 0) return;
    void act.run(async () => {
      await client.call('request.submit', toRequestInput(draft));
      say(words.t('request.sent'));
      navigate('/requests');
    });
  };
  const copy = draft.actions.includes('copy');
  const ordered = draft.fromMs !== undefined && draft.toMs !== undefined && draft.fromMs < draft.toMs;
  return (
    <form className="page narrow request-form" data-testid="request-form" onSubmit={submit} noValidate>
      <header className="page-head">
        <h1>{words.t('page.request-form')}</h1>
        <p className="faint">{words.t('request.intro')}</p>
      </header>
      <FieldGroup label={words.t('request.what')} issue={issue('actions')}>
        <div className="checks">
          {footageActions.map((action) => (
            <label key={action} className="check">
              <input type="checkbox" data-testid={`request-action-${action}`} checked={draft.actions.includes(action)} onChange={(event) => change({ actions: footageActions.filter((other) => (other === action ? event.target.checked : draft.actions.includes(other))) })} />
              {words.t(`action.${action}`)}
            </label>
          ))}
        </div>
      </FieldGroup>
      <FieldGroup label={words.t('request.cameras')} issue={issue('cameras')}>
        <CameraPicker cameras={cameras.list ?? []} chosen={draft.cameras} onChange={(chosen) => change({ cameras: chosen })} />
      </FieldGroup>
      <div className="columns">
        <MomentInput label={words.t('request.from')} testId="request-from" valueMs={draft.fromMs} onChange={(fromMs) => change({ fromMs })} issue={issue('range')} />
        <MomentInput label={words.t('request.to')} testId="request-to" valueMs={draft.toMs} onChange={(toMs) => change({ toMs })} issue={issue('rangeOrder')} />
      </div>
      {ordered && <p className="hint figures">{words.t('request.range-length', { length: formats.length((draft.toMs ?? 0) - (draft.fromMs ?? 0)) })}</p>}
      <div className="columns">
        <Field label={words.t('request.purpose')} issue={issue('purpose')}>
          <select data-testid="request-purpose" value={draft.purpose ?? ''} onChange={(event) => change({ purpose: event.target.value === '' ? undefined : (event.target.value as Purpose) })}>
            <option value="">{words.t('request.choose')}</option>
            {(Object.keys(campus.purposes) as Purpose[]).map((purpose) => (
              <option key={purpose} value={purpose}>
                {words.text(campus.purposes[purpose])}
              </option>
            ))}
          </select>
        </Field>
        <Field label={words.t('request.case-number')} optional={words.t('field.optional')}>
          <input data-testid="request-case-number" maxLength={64} value={draft.caseNumber} onChange={(event) => change({ caseNumber: event.target.value })} />
        </Field>
      </div>
      <Field label={words.t('request.reason')} hint={words.t('request.reason-hint')} issue={issue('reason')}>
        <textarea data-testid="request-reason" rows={3} maxLength={500} value={draft.reason} onChange={(event) => change({ reason: event.target.value })} />
      </Field>
      {copy && (
        <Field label={words.t('request.destination')} hint={words.t('request.destination-hint')} issue={issue('destination')}>
          <input data-testid="request-destination" maxLength={200} value={draft.destination} onChange={(event) => change({ destination: event.target.value })} />
        </Field>
      )}
      <ApprovalPath actions={draft.actions} />
      {act.problem && <Failure problem={act.problem} />}
      <div className="row end">
        <Button onClick={() => history.back()}>{words.t('button.cancel')}</Button>
        <Button type="submit" look="primary" icon="request" busy={act.busy} data-testid="request-submit">
          {words.t('request.submit')}
        </Button>
      </div>
    </form>
  );
}
