// A table whose rows are cards on a narrow screen, and are walked with the arrow keys.
import type { ReactNode } from 'react';
import { useCardKeys } from './use-card-keys.ts';

interface CardTableProps {
  /** For screen readers. */
  readonly caption: string;
  /** Heads of the columns; each cell says its own again as `data-label`, for the cards. */
  readonly names: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

/** The frame of the rows that are its children. */
export function CardTable({ caption, names, children }: CardTableProps) {
  const onKeyDown = useCardKeys();
  return (
    <div className="table-box">
      <table className="table card-table">
        <caption className="off-screen">{caption}</caption>
        <thead>
          <tr>
            {Object.entries(names).map(([id, name]) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>{children}</tbody>
      </table>
    </div>
  );
}
