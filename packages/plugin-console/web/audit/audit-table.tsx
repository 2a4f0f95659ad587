// Records of the audit log, each with its place in the chain.
import { memo, useState } from 'react';
import type { AuditEntry, AuditRecord } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import type { Words } from '../i18n/language.ts';
import { useCameras } from '../app/cameras.tsx';
import { shortHash } from '../i18n/format.ts';
import { CopyButton } from '../kit/copy-button.tsx';
import { IconButton } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';

const columns = ['seq', 'at', 'kind', 'who', 'operation', 'subject', 'result', 'hash'] as const;

/** Shows records. */
export function AuditTable({ records }: { readonly records: readonly AuditRecord[] }) {
  const { words } = useApp();
  return (
    <div className="table-box">
      <table className="table dense audit-table">
        <caption className="off-screen">{words.t('page.audit')}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={column}>
                {words.t(`audit.${column}`)}
              </th>
            ))}
            <th scope="col">
              <span className="off-screen">{words.t('audit.detail')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row key={record.seq} record={record} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Row = memo(function Row({ record }: { readonly record: AuditRecord }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const [open, setOpen] = useState(false);
  const { entry } = record;
  const label = (column: (typeof columns)[number]) => words.t(`audit.${column}`);
  return (
    <>
      <tr data-testid="audit-row" data-seq={record.seq}>
        <td className="seq figures" data-label={label('seq')}>{record.seq}</td>
        <td className="at figures" data-label={label('at')}>{formats.moment(entry.atMs)}</td>
        <td data-label={label('kind')}>{words.has(`audit-kind.${entry.kind}`, entry.kind)}</td>
        <td data-label={label('who')}>{whoOf(entry, words)}</td>
        <td data-label={label('operation')}>{entry.operation && <code>{entry.operation}</code>}</td>
        <td data-label={label('subject')}>{entry.resource?.cameras ? words.list(entry.resource.cameras.map((id) => cameras.name(id))) : entry.resource?.subject}</td>
        <td data-label={label('result')}>
          <Result entry={entry} />
        </td>
        <td className="hash" data-label={label('hash')} title={record.hash}>
          <code>{shortHash(record.hash)}</code>
        </td>
        <td>
          <IconButton icon={open ? 'minus' : 'plus'} name={words.t('audit.detail')} aria-expanded={open} onClick={() => setOpen(!open)} />
        </td>
      </tr>
      {open && (
        <tr className="detail">
          <td colSpan={columns.length + 1}>
            <CopyButton label={words.t('button.copy')} text={() => JSON.stringify(record, undefined, 2)} />
            <pre>{JSON.stringify(record, undefined, 2)}</pre>
          </td>
        </tr>
      )}
    </>
  );
});

function whoOf({ principal: { kind, id } }: AuditEntry, words: Words): string {
  if (kind === 'person') return id;
  const name = words.has(`principal.${kind}`, kind);
  return kind === 'anonymous' ? name : `${name} ${id}`;
}

function Result({ entry }: { readonly entry: AuditEntry }) {
  const { words } = useApp();
  if (entry.decision?.effect === 'deny') {
    return (
      <Status tone="refused" icon="lock">
        {words.t('register.denied')} {words.list([...new Set(entry.decision.denials.map(({ article }) => words.t('article.cite', { article })))])}
      </Status>
    );
  }
  if (entry.decision) return <Status tone="good">{words.t('register.permitted')}</Status>;
  return entry.outcome === undefined ? undefined : <span>{words.has(`register.${entry.outcome}`, entry.outcome)}</span>;
}
