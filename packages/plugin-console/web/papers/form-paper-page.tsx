// The printable form of a request; for an outside visit with its persons, papers, and the codes while they are known. Article 13.
import type { AccessRequest, Person } from '@wanglou/core';
import { usePlace } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { shortHash } from '../i18n/format.ts';
import { Loading } from '../kit/states.tsx';
import { codesOf } from '../visits/visit-codes.ts';
import { Both } from './both.tsx';
import { ofRequest, Paper, PaperRow, Signatures } from './paper.tsx';
import { RequestRows, ReviewRows } from './request-rows.tsx';

/** Shows the form of the address. */
export default function FormPaperPage() {
  const id = usePlace().path.split('/')[2] ?? '';
  const loaded = useOperation('request.read', { request: id });
  return (
    <Loading loaded={loaded}>
      {({ request, people }) => (
        <Paper title={request.visit ? 'page.paper-visit' : 'page.paper-form'} {...ofRequest(request)}>
          <Content request={request} people={people} />
        </Paper>
      )}
    </Loading>
  );
}

function Content({ request, people }: { readonly request: AccessRequest; readonly people: readonly Person[] }) {
  return (
    <>
      <table>
        <tbody>
          <RequestRows request={request} people={people} />
        </tbody>
      </table>
      {request.visit && <Visitors request={request} visit={request.visit} />}
      <h2>
        <Both text="paper.reviews" />
      </h2>
      <table>
        <tbody>
          <ReviewRows request={request} people={people} />
        </tbody>
      </table>
      <Signatures names={request.visit ? ['paper.sign-visitors', 'paper.sign-requester', 'paper.sign-date'] : ['paper.sign-requester', 'paper.sign-date']} />
    </>
  );
}

function Visitors({ request, visit }: { readonly request: AccessRequest; readonly visit: NonNullable<AccessRequest['visit']> }) {
  const codes = codesOf(request.id);
  return (
    <>
      <h2>
        <Both text="visit.visitors" />
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <Both text="visit.name" />
            </th>
            <th scope="col">
              <Both text="visit.id-kind" />
            </th>
            <th scope="col">
              <Both text="paper.last-four" />
            </th>
            {codes && (
              <th scope="col">
                <Both text="paper.code" />
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {visit.visitors.map((visitor) => (
            <tr key={visitor.id}>
              <td>{visitor.name}</td>
              <td>
                <Both text={`id-kind.${visitor.idKind}`} />
              </td>
              <td className="figures">{visitor.idLast4}</td>
              {codes && <td className="figures">{codes.find((code) => code.visitor === visitor.id)?.code}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <tbody>
          <PaperRow name="visit.papers">
            {visit.documents.map(({ id, kind, sha256 }) => (
              <span key={id} className="part">
                <Both text={`document-kind.${kind}`} /> <code>{shortHash(sha256)}</code>
              </span>
            ))}
            {visit.documents.length === 0 && <Both text={visit.body !== 'department' && request.caseNumber ? 'visit.papers-exempt' : 'documents.none'} />}
          </PaperRow>
          <PaperRow name="visit.terms">
            <Both text={visit.termsAccepted ? 'visit.terms-accepted' : 'visit.terms-missing'} />
          </PaperRow>
        </tbody>
      </table>
    </>
  );
}
