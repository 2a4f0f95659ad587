// Everything of a visit on one page before it is sent, and what will come of it.
import { useApp, useDesk } from '../app/context.ts';
import { useCameras } from '../app/cameras.tsx';
import { Fact } from '../kit/fact.tsx';
import { Notice } from '../kit/status.tsx';
import { PreviewPanel } from '../requests/preview-panel.tsx';
import { ActionChips } from '../requests/request-facts.tsx';
import { isComplete, isExempt, maskedNumber, stepIssues, toVisitPreview } from './visit-draft.ts';
import type { StepProps } from './visit-page.tsx';

/** The visit as it would be sent. */
export function ReviewStep({ draft, checked }: StepProps) {
  const { words } = useApp();
  const { campus, formats } = useDesk();
  const cameras = useCameras();
  const { request } = draft;
  const issues = stepIssues(draft, 'review');
  return (
    <>
      <dl className="facts">
        <Fact name={words.t('visit.organisation')}>
          {draft.organisation} <span className="faint">{words.t(`visit-body.${draft.body}`)}</span>
        </Fact>
        <Fact name={words.t('visit.visitors')}>{words.list(draft.visitors.filter(isComplete).map(({ name, idKind, idNumber }) => words.t('visit.visitor', { name, kind: words.t(`id-kind.${idKind}`), last: maskedNumber(idNumber).slice(-4) })))}</Fact>
        <Fact name={words.t('visit.papers')}>{draft.documents.length > 0 ? words.list(draft.documents.map(({ kind }) => words.t(`document-kind.${kind}`))) : words.t(isExempt(draft) ? 'visit.papers-exempt' : 'documents.none')}</Fact>
        <Fact name={words.t('request.what')}>
          <ActionChips actions={request.actions} />
        </Fact>
        <Fact name={words.t('request.cameras')}>{words.list(request.cameras.map((id) => cameras.name(id)))}</Fact>
        {request.fromMs !== undefined && request.toMs !== undefined && (
          <Fact name={words.t('request.range')}>
            <span className="figures">{formats.range({ fromMs: request.fromMs, toMs: request.toMs })}</span>
          </Fact>
        )}
        {request.purpose && <Fact name={words.t('request.purpose')}>{words.text(campus.purposes[request.purpose])}</Fact>}
        {request.caseNumber && <Fact name={words.t('request.case-number')}>{request.caseNumber}</Fact>}
        {request.destination && <Fact name={words.t('request.destination')}>{request.destination}</Fact>}
        <Fact name={words.t('request.reason')}>{request.reason}</Fact>
        <Fact name={words.t('visit.terms')}>{words.t(draft.termsAccepted ? 'visit.terms-accepted' : 'visit.terms-missing')}</Fact>
      </dl>
      {!checked && issues.map((issue) => <Notice key={issue} tone="waiting" icon="warn">{words.t(`visit-issue.${issue}`)}</Notice>)}
      <PreviewPanel input={toVisitPreview(draft)} />
    </>
  );
}
