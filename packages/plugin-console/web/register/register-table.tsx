// The register as a table.
import { memo } from 'react';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import { Status } from '../kit/status.tsx';
import { useCardKeys } from '../kit/use-card-keys.ts';
import { cellsOf, columns, type RowNames } from './register-rows.ts';

/** Columns of figures. */
const figures: ReadonlySet<string> = new Set(['seq', 'at', 'range', 'case', 'hashes']);

/** Shows rows. */
export function RegisterTable({ rows, names }: { readonly rows: readonly RegisterRow[]; readonly names: RowNames }) {
  const { words } = names;
  const onKeyDown = useCardKeys();
  return (
    <div className="table-box">
      <table className="table dense register-table">
        <caption className="off-screen">{words.t('page.register')}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={column}>
                {words.t(`register.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {rows.map((row) => (
            <Row key={row.seq} row={row} names={names} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Row = memo(function Row({ row, names }: { readonly row: RegisterRow; readonly names: RowNames }) {
  const cells = cellsOf(row, names);
  return (
    <tr data-testid="register-row" data-seq={row.seq} data-effect={row.effect} data-action={row.action} tabIndex={0}>
      {columns.map((column) => (
        <td key={column} data-label={names.words.t(`register.${column}`)} className={figures.has(column) ? `${column} figures` : column} title={column === 'hashes' && row.hashes.length > 0 ? row.hashes.join('\n') : undefined}>
          {column === 'result' ? (
            <Status tone={row.effect === 'deny' ? 'refused' : 'good'} icon={row.effect === 'deny' ? 'lock' : 'check'}>
              {cells.result}
            </Status>
          ) : (
            cells[column]
          )}
        </td>
      ))}
    </tr>
  );
});
