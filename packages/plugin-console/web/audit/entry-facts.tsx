// Who did what, on which cameras, what for.
import type { AuditRecord } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Link } from '../app/router.tsx';
import { Fact } from '../kit/fact.tsx';
import { Icon } from '../kit/icon.tsx';
import { EntryResult, type EntryNames } from './audit-table.tsx';
import { factsOf, whoOf } from './entry-words.ts';
import { watchedAddress } from './watched/watched-query.ts';

/** The facts of an entry. */
export function EntryFacts({ record, names }: { readonly record: AuditRecord; readonly names: EntryNames }) {
  const { words } = useApp();
  const { campus, formats } = useDesk();
  const { entry } = record;
  const { principal, operation, action, resource } = entry;
  const who = whoOf(record, names.nameOf, words);
  const { purpose, caseNumber, reason, destination, request, grant } = factsOf(entry);
  const purposeText = purpose === undefined ? undefined : (campus.purposes as Readonly<Record<string, { readonly zh: string; readonly en: string }>>)[purpose];
  return (
    <dl className="facts">
      <Fact name={words.t('audit.at')}>
        <span className="figures">{formats.moment(entry.atMs)}</span>
      </Fact>
      <Fact name={words.t('audit.kind')}>{words.has(`audit-kind.${entry.kind}`, entry.kind)}</Fact>
      <Fact name={words.t('audit.who')}>
        <b>{who.name}</b> {who.id !== undefined && <span className="faint">{who.id}</span>}
      </Fact>
      {principal.address !== undefined && (
        <Fact name={words.t('audit.address')}>
          <code>{principal.address}</code>
        </Fact>
      )}
      {operation !== undefined && (
        <Fact name={words.t('audit.operation')}>
          {names.operations.get(operation)} <code className="faint">{operation}</code>
        </Fact>
      )}
      {action !== undefined && <Fact name={words.t('audit.filter-action')}>{words.has(`action.${action}`, action)}</Fact>}
      {resource?.cameras && resource.cameras.length > 0 && (
        <Fact name={words.t('request.cameras')}>
          <CameraLinks cameras={resource.cameras} />
        </Fact>
      )}
      {resource?.range && (
        <Fact name={words.t('request.range')}>
          <span className="figures">{formats.range(resource.range)}</span>
        </Fact>
      )}
      {resource?.subject !== undefined && <Fact name={words.t('audit.subject')}>{resource.subject}</Fact>}
      {purpose !== undefined && <Fact name={words.t('request.purpose')}>{purposeText ? words.text(purposeText) : purpose}</Fact>}
      {caseNumber !== undefined && <Fact name={words.t('request.case-number')}>{caseNumber}</Fact>}
      {reason !== undefined && <Fact name={words.t('request.reason')}>{reason}</Fact>}
      {destination !== undefined && <Fact name={words.t('request.destination')}>{destination}</Fact>}
      {request !== undefined && (
        <Fact name={words.t('page.request')}>
          <Link to={`/requests/${request}`}>{request}</Link>
        </Fact>
      )}
      {grant !== undefined && (
        <Fact name={words.t('paper.grant')}>
          <code>{grant}</code>
        </Fact>
      )}
      {(entry.decision ?? entry.outcome) !== undefined && (
        <Fact name={words.t('audit.result')}>
          <EntryResult entry={entry} />
        </Fact>
      )}
    </dl>
  );
}

function CameraLinks({ cameras: ids }: { readonly cameras: readonly string[] }) {
  const { words } = useApp();
  const cameras = useCameras();
  return (
    <ul className="camera-links">
      {ids.map((id) => (
        <li key={id} className="row tight">
          {cameras.name(id)}
          <Link className="button quiet" to={watchedAddress(id)} data-testid="entry-watched">
            <Icon name="eye" size={16} />
            <span>{words.t('watched.title')}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
