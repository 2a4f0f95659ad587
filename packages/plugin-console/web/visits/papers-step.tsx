// The papers of a visit: scans go to the server at once, encrypted there; the log holds their hashes. Articles 13(2) and 13(3).
import { useRef, useState } from 'react';
import type { DocumentRef } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { useAct } from '../app/use-operation.ts';
import { shortHash } from '../i18n/format.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { Exemption } from './plain-steps.tsx';
import { readScan, scanTypes } from './read-scan.ts';
import type { StepProps } from './visit-page.tsx';

const kinds = ['work-id', 'certificate', 'case-letter', 'other'] as const;

/** Uploads and lists scans. */
export function PapersStep({ draft, onChange }: StepProps) {
  const { words, client } = useApp();
  const [kind, setKind] = useState<DocumentRef['kind']>('work-id');
  const [issue, setIssue] = useState<'type' | 'size'>();
  const input = useRef<HTMLInputElement>(null);
  const act = useAct();
  const upload = (file: File | undefined) =>
    act.run(async () => {
      if (!file) return;
      const scan = await readScan(file);
      setIssue('issue' in scan ? scan.issue : undefined);
      if ('issue' in scan) return;
      const stored = await client.call('document.store', { kind, ...scan });
      onChange({ documents: [...draft.documents, stored] });
    });
  return (
    <>
      <Exemption draft={draft} />
      <ul className="lines">
        {draft.documents.map((document) => (
          <li key={document.id} className="row" data-testid="visit-document">
            <b>{words.t(`document-kind.${document.kind}`)}</b>
            <code title={document.sha256}>{shortHash(document.sha256)}</code>
            <div className="grow" />
            <IconButton icon="cross" name={words.t('visit.remove-paper', { kind: words.t(`document-kind.${document.kind}`) })} onClick={() => onChange({ documents: draft.documents.filter(({ id }) => id !== document.id) })} />
          </li>
        ))}
      </ul>
      <div className="row bottom">
        <Field label={words.t('visit.paper-kind')}>
          <select value={kind} onChange={(event) => setKind(event.target.value as DocumentRef['kind'])} data-testid="visit-paper-kind">
            {kinds.map((name) => (
              <option key={name} value={name}>
                {words.t(`document-kind.${name}`)}
              </option>
            ))}
          </select>
        </Field>
        <input
          ref={input}
          className="off-screen"
          type="file"
          accept={scanTypes.join(',')}
          aria-label={words.t('visit.upload')}
          tabIndex={-1}
          onChange={(event) => {
            void upload(event.target.files?.[0]);
            event.target.value = '';
          }}
          data-testid="visit-paper-file"
        />
        <Button icon="plus" busy={act.busy} onClick={() => input.current?.click()}>
          {words.t('visit.upload')}
        </Button>
      </div>
      <p className="hint">{words.t('visit.upload-hint')}</p>
      {issue && (
        <Notice tone="waiting" icon="warn" role="alert">
          {words.t(`scan.${issue}`)}
        </Notice>
      )}
      {act.problem && <Failure problem={act.problem} />}
    </>
  );
}
