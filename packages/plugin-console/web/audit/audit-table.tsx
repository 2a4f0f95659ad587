// Entries of the audit log, newest first. A row opens with Enter; routine entries are folded.
import { memo, useState } from 'react';
import type { AuditEntry, AuditRecord } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Link } from '../app/router.tsx';
import { shortHash } from '../i18n/format.ts';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Status } from '../kit/status.tsx';
import { useCardKeys } from '../kit/use-card-keys.ts';
import { resultOf, whoOf, type PackWords } from './entry-words.ts';
import { foldRoutine, type AuditLine } from './fold-routine.ts';
import { watchedAddress } from './watched/watched-query.ts';

const columns = ['seq', 'at', 'kind', 'who', 'operation', 'subject', 'result', 'hash'] as const;

/** What names the rows' people and operations. */
export interface EntryNames {
  nameOf(id: string): string | undefined;
  readonly operations: ReadonlyMap<string, string>;
  /** Rules in words, once they are known. */
  readonly pack: PackWords | undefined;
}

interface AuditTableProps {
  readonly records: readonly AuditRecord[];
  readonly names: EntryNames;
  /** The entry that is open. */
  readonly chosen: number | undefined;
  /** Routine entries are folded, unless they are what was asked for. */
  readonly folded: boolean;
  /** The first entry that a check found broken. */
  readonly broken: number | undefined;
  readonly onOpen: (seq: number) => void;
}

/** Shows records. */
export function AuditTable({ records, names, chosen, folded, broken, onOpen }: AuditTableProps) {
  const { words } = useApp();
  const onKeyDown = useCardKeys();
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const lines: readonly AuditLine[] = folded ? foldRoutine(records, unfolded) : records.map((record) => ({ kind: 'record', record }));
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
            <th scope="col" className="screen-only">
              <span className="off-screen">{words.t('table.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {lines.map((line) =>
            line.kind === 'record' ? (
              <Row key={line.record.seq} record={line.record} names={names} chosen={chosen === line.record.seq} broken={broken === line.record.seq} onOpen={onOpen} />
            ) : (
              <Fold key={`fold-${line.records[0]!.seq}`} records={line.records} onOpen={() => setUnfolded(new Set([...unfolded, line.records[0]!.seq]))} />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly record: AuditRecord;
  readonly names: EntryNames;
  readonly chosen: boolean;
  readonly broken: boolean;
  readonly onOpen: (seq: number) => void;
}

const Row = memo(function Row({ record, names, chosen, broken, onOpen }: RowProps) {
  const { words } = useApp();
  const { formats } = useDesk();
  const cameras = useCameras();
  const { entry, seq } = record;
  const who = whoOf(record, names.nameOf, words);
  const camera = entry.resource?.cameras?.[0];
  const label = (column: (typeof columns)[number]) => words.t(`audit.${column}`);
  return (
    <tr
      data-testid="audit-row"
      data-seq={seq}
      data-kind={entry.kind}
      data-effect={entry.decision?.effect}
      className={broken ? 'broken' : undefined}
      aria-selected={chosen}
      tabIndex={0}
      onClick={() => onOpen(seq)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(seq);
      }}
    >
      <td className="seq figures" data-label={label('seq')}>
        {broken && <Icon name="warn" size={14} />} {seq}
      </td>
      <td className="at figures" data-label={label('at')}>{formats.moment(entry.atMs)}</td>
      <td data-label={label('kind')}>{words.has(`audit-kind.${entry.kind}`, entry.kind)}</td>
      <td data-label={label('who')}>
        <span className={who.erased ? 'faint' : undefined}>{who.name}</span> {who.id !== undefined && <span className="faint">{who.id}</span>}
      </td>
      <td data-label={label('operation')} className="operation">{entry.operation && (names.operations.get(entry.operation) ?? <code>{entry.operation}</code>)}</td>
      <td data-label={label('subject')} className="subject">
        {entry.resource?.cameras ? words.list(entry.resource.cameras.map((id) => cameras.name(id))) : entry.resource?.subject}
      </td>
      <td data-label={label('result')}>
        <EntryResult entry={entry} />
      </td>
      <td className="hash" data-label={label('hash')} title={record.hash}>
        <code>{shortHash(record.hash)}</code>
      </td>
      <td className="screen-only">
        {camera !== undefined && (
          <Link className="button quiet square" to={watchedAddress(camera)} onClick={(event) => event.stopPropagation()} aria-label={words.t('watched.of', { camera: cameras.name(camera) })} title={words.t('watched.of', { camera: cameras.name(camera) })} data-testid="audit-watched">
            <Icon name="eye" />
          </Link>
        )}
      </td>
    </tr>
  );
});

function Fold({ records, onOpen }: { readonly records: readonly AuditRecord[]; readonly onOpen: () => void }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const [last, first] = [records[0]!, records.at(-1)!];
  const kinds = [...new Set(records.map(({ entry }) => words.has(`audit-kind.${entry.kind}`, entry.kind)))];
  return (
    <tr className="fold" data-testid="audit-fold">
      <td colSpan={columns.length + 1}>
        <div className="row tight">
          <Button look="quiet" icon="plus" onClick={onOpen}>
            {words.t('audit.folded', { count: records.length, kinds: words.list(kinds) })}
          </Button>
          <span className="faint figures">{formats.range({ fromMs: first.entry.atMs, toMs: last.entry.atMs })}</span>
        </div>
      </td>
    </tr>
  );
}

/** The result as a state. */
export function EntryResult({ entry }: { readonly entry: AuditEntry }) {
  const { words } = useApp();
  const { decision } = entry;
  const result = resultOf(entry, words);
  if (decision?.effect === 'deny') {
    return (
      <Status tone="refused" icon="lock">
        {result} {words.list([...new Set(decision.denials.map(({ article }) => words.t('article.cite', { article })))])}
      </Status>
    );
  }
  if (decision) return <Status tone="good">{result}</Status>;
  return result === '' ? undefined : <span>{result}</span>;
}
