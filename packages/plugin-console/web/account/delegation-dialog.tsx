// Lends one's own role to somebody, from a date to a date, for a reason.
import { useState, type FormEvent } from 'react';
import type { Person } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Failure } from '../kit/states.tsx';
import { useToast } from '../kit/toast.tsx';
import { MomentInput } from '../playback/moment-input.tsx';
import { delegationIssues, lendableRoles, type DelegationDraft } from './delegation-state.ts';

interface DelegationDialogProps {
  readonly people: readonly Person[];
  readonly onClose: () => void;
  readonly onMade: () => void;
}

/** The form of a delegation. */
export function DelegationDialog({ people, onClose, onMade }: DelegationDialogProps) {
  const { words, client, now } = useApp();
  const { campus, session, unitName, roleName } = useDesk();
  const { person } = session;
  const roles = lendableRoles(person, campus.roles);
  const [draft, setDraft] = useState<DelegationDraft>(() => ({ to: '', role: roles.length === 1 ? roles[0]! : '', fromMs: Math.floor(now() / 1000) * 1000, toMs: undefined, reason: '' }));
  const [checked, setChecked] = useState(false);
  const act = useAct();
  const say = useToast();
  const change = (changes: Partial<DelegationDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const issues = delegationIssues(draft, now());
  const issue = (name: (typeof issues)[number]) => (checked && issues.includes(name) ? words.t(`delegation-issue.${name}`) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const { fromMs, toMs } = draft;
    if (issues.length > 0 || fromMs === undefined || toMs === undefined) return;
    void act.run(async () => {
      await client.call('delegation.create', { to: draft.to, role: draft.role, fromMs, toMs, reason: draft.reason.trim() });
      say(words.t('delegation.created'));
      onMade();
    });
  };
  return (
    <Dialog title={words.t('delegation.new')} onClose={onClose}>
      <form onSubmit={submit} noValidate data-testid="delegation-form">
        <Field label={words.t('delegation.to')} issue={issue('to')}>
          <select value={draft.to} onChange={(event) => change({ to: event.target.value })} data-testid="delegation-to">
            <option value="">{words.t('request.choose')}</option>
            {people
              .filter(({ id }) => id !== person.id)
              .map(({ id, name, unit }) => (
                <option key={id} value={id}>
                  {name} · {unitName(unit)}
                </option>
              ))}
          </select>
        </Field>
        <Field label={words.t('delegation.role')} issue={issue('role')}>
          <select value={draft.role} onChange={(event) => change({ role: event.target.value })} data-testid="delegation-role">
            <option value="">{words.t('request.choose')}</option>
            {roles.map((role) => (
              <option key={role} value={role}>
                {roleName(role)}
              </option>
            ))}
          </select>
        </Field>
        <MomentInput label={words.t('delegation.from')} testId="delegation-from" valueMs={draft.fromMs} onChange={(fromMs) => change({ fromMs })} />
        <MomentInput label={words.t('delegation.until')} testId="delegation-until" valueMs={draft.toMs} onChange={(toMs) => change({ toMs })} issue={issue('range')} />
        <Field label={words.t('inbox.reason')} issue={issue('reason')}>
          <textarea rows={2} maxLength={500} value={draft.reason} onChange={(event) => change({ reason: event.target.value })} data-testid="delegation-reason" />
        </Field>
        {act.problem && <Failure problem={act.problem} />}
        <div className="row end">
          <Button onClick={onClose}>{words.t('button.cancel')}</Button>
          <Button type="submit" look="primary" busy={act.busy} data-testid="delegation-submit">
            {words.t('delegation.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
