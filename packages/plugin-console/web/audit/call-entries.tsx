// The other entries of one call: decision, outcome, and what its leases came to. Read on demand, for reading is recorded too.
import { useRef, useState } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { Link } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Loading } from '../kit/states.tsx';
import { auditAddress } from './audit-query.ts';
import { EntryResult, type EntryNames } from './audit-table.tsx';

interface CallEntriesProps {
  readonly call: string;
  /** The entry that is shown already. */
  readonly own: number;
  readonly names: EntryNames;
  readonly onOpen: (seq: number) => void;
}

/** Lists them, oldest first. */
export function CallEntries({ call, own, onOpen }: CallEntriesProps) {
  const { words } = useApp();
  const { formats } = useDesk();
  const [wanted, setWanted] = useState(false);
  const section = useRef<HTMLElement>(null);
  const show = () => {
    // The button goes; focus must not go with it.
    section.current?.focus();
    setWanted(true);
  };
  const loaded = useOperation('audit.list', wanted ? { call, limit: 100 } : undefined);
  return (
    <section className="stack" ref={section} tabIndex={-1} aria-label={words.t('audit.call')}>
      <h3>{words.t('audit.call')}</h3>
      <p className="row">
        <code>{call}</code>
        <Link className="button quiet" to={auditAddress({ call })}>
          {words.t('audit.as-list')}
        </Link>
      </p>
      {!wanted && (
        <Button icon="chain" onClick={show} data-testid="entry-call">
          {words.t('audit.show-call')}
        </Button>
      )}
      {wanted && (
        <Loading loaded={loaded} rows={3}>
          {({ records }) => (
            <ol className="call-entries" data-testid="call-entries">
              {records.toReversed().map(({ seq, entry }) => (
                <li key={seq} className="row tight" aria-current={seq === own ? 'true' : undefined}>
                  <Button look="quiet" disabled={seq === own} onClick={() => onOpen(seq)}>
                    {seq}
                  </Button>
                  <span className="figures faint">{formats.moment(entry.atMs)}</span>
                  <span>{words.has(`audit-kind.${entry.kind}`, entry.kind)}</span>
                  <EntryResult entry={entry} />
                </li>
              ))}
            </ol>
          )}
        </Loading>
      )}
    </section>
  );
}
