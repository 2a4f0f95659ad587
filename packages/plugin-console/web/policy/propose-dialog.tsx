// Proposes the configured pack, or one that is pasted. It is proven before anybody approves it.
import { useState } from 'react';
import type { PackSummary } from '@wanglou/plugin-access/contract';
import { useApp } from '../app/context.ts';
import { ActForm, ReasonField } from '../kit/act-form.tsx';
import { Field } from '../kit/field.tsx';
import { useToast } from '../kit/toast.tsx';
import { readPack } from './typed-pack.ts';

interface ProposeDialogProps {
  readonly configured: PackSummary | undefined;
  readonly onClose: () => void;
  readonly onProposed: () => void;
}

/** The form of a proposal. */
export function ProposeDialog({ configured, onClose, onProposed }: ProposeDialogProps) {
  const { words, client } = useApp();
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const say = useToast();
  const read = readPack(text);
  const issue = 'issue' in read ? read.issue : undefined;
  const propose = async () => {
    if ('issue' in read) return;
    await client.call('policy.propose', { reason: reason.trim(), ...(read.pack && { pack: read.pack }) });
    say(words.t('policy.proposed'));
    onProposed();
  };
  const ready = reason.trim() !== '' && issue === undefined && (configured !== undefined || text.trim() !== '');
  return (
    <ActForm title={words.t('policy.propose')} confirm={words.t('policy.propose')} testId="policy-propose" ready={ready} wide onConfirm={propose} onClose={onClose}>
      <p>{words.t(configured ? 'policy.propose-configured' : 'policy.propose-pasted')}</p>
      <Field label={words.t('policy.pack-json')} hint={words.t('policy.proven-first')} issue={issue && words.t(`pack-issue.${issue}`)}>
        <textarea className="code" rows={8} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} data-testid="policy-json" />
      </Field>
      <ReasonField reason={reason} onChange={setReason} testId="policy-propose" />
    </ActForm>
  );
}
