// The receipt of a request that was approved: what was granted, how it was used, where it went. Articles 11 and 13.
import type { OutputOf } from '../api/operations.ts';
import { useApp, useDesk } from '../app/context.ts';
import { usePlace } from '../app/router.tsx';
import { useOperation } from '../app/use-operation.ts';
import { createFormats } from '../i18n/format.ts';
import { Empty, Loading } from '../kit/states.tsx';
import { grantState } from '../requests/grant-state.ts';
import { Both, bothLanguages } from './both.tsx';
import { ofRequest, Paper, PaperRow, Signatures } from './paper.tsx';
import { RequestRows, ReviewRows } from './request-rows.tsx';

/** Shows the receipt of the address. */
export default function ReceiptPaperPage() {
  const { words } = useApp();
  const id = usePlace().path.split('/')[2] ?? '';
  const loaded = useOperation('request.read', { request: id });
  return (
    <Loading loaded={loaded}>
      {(record) =>
        record.grant ? (
          <Paper title="page.paper-receipt" {...ofRequest(record.request)}>
            <Content record={record} grant={record.grant} />
          </Paper>
        ) : (
          <Empty icon="print" title={words.t('paper.no-grant')}>
            <p>{words.t('paper.no-grant-hint')}</p>
          </Empty>
        )
      }
    </Loading>
  );
}

function Content({ record, grant }: { readonly record: OutputOf<'request.read'>; readonly grant: NonNullable<OutputOf<'request.read'>['grant']> }) {
  const { now } = useApp();
  const { formats } = useDesk();
  const { request, people } = record;
  const overMs = grant.revokedMs ?? grant.endedMs;
  return (
    <>
      <table>
        <tbody>
          <RequestRows request={request} people={people} />
          <ReviewRows request={request} people={people} />
        </tbody>
      </table>
      <h2>
        <Both text="paper.grant" />
      </h2>
      <table>
        <tbody>
          <PaperRow name="paper.grant-number">
            <code>{grant.id}</code>
          </PaperRow>
          <PaperRow name="paper.begin-by">
            <span className="figures">{formats.moment(grant.beginByMs)}</span>
          </PaperRow>
          <PaperRow name="paper.use">{bothLanguages.map((words) => createFormats(formats.timeZone, words).length(grant.useMs)).join(' / ')}</PaperRow>
          <PaperRow name="paper.begun">
            <span className="figures">{grant.begunMs === undefined ? '—' : formats.moment(grant.begunMs)}</span>
          </PaperRow>
          <PaperRow name="paper.over">
            <span className="figures">{formats.moment(overMs ?? grant.endsMs)}</span> <Both text={`grant-word.${grantState(grant, now())}`} />
          </PaperRow>
        </tbody>
      </table>
      <Signatures names={['paper.sign-receiver', 'paper.sign-handed', 'paper.sign-date']} />
    </>
  );
}
