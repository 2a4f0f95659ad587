// Acts on one camera, one block a person.
import { useApp, useDesk } from '../../app/context.ts';
import type { PeopleNames } from '../../app/people-names.ts';
import { Link, navigate } from '../../app/router.tsx';
import { Status } from '../../kit/status.tsx';
import { useCardKeys } from '../../kit/use-card-keys.ts';
import { entryAddress } from '../audit-query.ts';
import type { WatchedAct, WatchedBy } from './watched-acts.ts';

const columns = ['at', 'action', 'footage', 'purpose', 'length', 'result', 'entry'] as const;

/** Shows who watched, newest first. */
export function WatchedTable({ by, people }: { readonly by: readonly WatchedBy[]; readonly people: PeopleNames }) {
  const { words } = useApp();
  return (
    <div className="table-box">
      <table className="table dense watched-table">
        <caption className="off-screen">{words.t('watched.title')}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={column}>
                {words.t(`watched.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {by.map((group) => (
          <Group key={group.person} group={group} name={people.nameOf(group.person) ?? group.name} />
        ))}
      </table>
    </div>
  );
}

function Group({ group, name }: { readonly group: WatchedBy; readonly name: string | undefined }) {
  const { words } = useApp();
  const { formats } = useDesk();
  const onKeyDown = useCardKeys();
  const { person, erased, acts, permitted, refused, openMs } = group;
  return (
    <tbody onKeyDown={onKeyDown} data-testid="watched-group" data-person={person}>
      <tr className="group-head">
        <th scope="rowgroup" colSpan={columns.length}>
          <b>{erased ? words.t('audit.erased') : (name ?? person)}</b> {(erased || (name !== undefined && name !== person)) && <span className="faint">{person}</span>}{' '}
          <span className="figures">{words.t('watched.sum', { permitted, refused, length: formats.length(openMs) })}</span>
        </th>
      </tr>
      {acts.map((act) => (
        <Act key={act.seq} act={act} />
      ))}
    </tbody>
  );
}

function Act({ act }: { readonly act: WatchedAct }) {
  const { words } = useApp();
  const { campus, formats } = useDesk();
  const label = (column: (typeof columns)[number]) => words.t(`watched.${column}`);
  const purposes = campus.purposes as Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  const purpose = act.purpose === undefined ? undefined : purposes[act.purpose];
  const reasons = [...(act.byDuty ? [words.t('watched.by-duty')] : []), ...(purpose ? [words.text(purpose)] : []), ...(act.caseNumber === undefined ? [] : [words.t('request.case', { number: act.caseNumber })]), ...(act.destination === undefined ? [] : [act.destination])];
  return (
    <tr
      tabIndex={0}
      data-testid="watched-act"
      data-effect={act.effect}
      data-action={act.action}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) navigate(entryAddress(act.seq));
      }}
    >
      <td className="at figures" data-label={label('at')}>{formats.moment(act.atMs)}</td>
      <td data-label={label('action')}>{words.has(`action.${act.action}`, act.action)}</td>
      <td className="figures" data-label={label('footage')}>{act.footage && formats.range(act.footage)}</td>
      <td data-label={label('purpose')}>
        {(reasons.length > 0 || act.accompaniedBy.length > 0) && (
          <span>
            {words.list(reasons)} {act.accompaniedBy.length > 0 && <span className="faint">{words.t('watched.with', { people: words.list(act.accompaniedBy) })}</span>}
          </span>
        )}
      </td>
      <td className="figures" data-label={label('length')}>
        <Length act={act} />
      </td>
      <td data-label={label('result')}>
        {act.effect === 'deny' ? (
          <Status tone="refused" icon="lock">
            {words.t('register.denied')} {words.list(act.articles.map((article) => words.t('article.cite', { article })))}
          </Status>
        ) : (
          <Status tone="good">{words.t('register.permitted')}</Status>
        )}
      </td>
      <td className="figures" data-label={label('entry')}>
        <Link to={entryAddress(act.seq)}>{act.seq}</Link>
      </td>
    </tr>
  );
}

/** How long the lease was open, and how it ended. */
function Length({ act: { effect, action, openMs, end, paused } }: { readonly act: WatchedAct }) {
  const { words } = useApp();
  const { formats } = useDesk();
  if (effect === 'deny' || action === 'copy') return undefined;
  if (openMs === undefined) return <span className="faint">{words.t('watched.no-end')}</span>;
  return (
    <span>
      {formats.length(openMs)} {end !== undefined && <span className="faint">{words.has(`lease-outcome.${end}`, end)}</span>} {paused && <span className="faint">{words.t('watched.paused')}</span>}
    </span>
  );
}
