// The steps of a visit that are a field or two: whom they work for, what they want to see, what they accept.
import { useApp } from '../app/context.ts';
import { Field, FieldGroup } from '../kit/field.tsx';
import { Notice } from '../kit/status.tsx';
import { draftIssues } from '../requests/request-draft.ts';
import { RequestFields } from '../requests/request-fields.tsx';
import { isExempt } from './visit-draft.ts';
import type { StepProps } from './visit-page.tsx';

const bodies = ['department', 'police', 'state-security'] as const;

/** Whom the visitors work for; a body on a case names it. */
export function OrganisationStep({ draft, onChange }: StepProps) {
  const { words } = useApp();
  return (
    <>
      <Field label={words.t('visit.organisation')} hint={words.t('visit.organisation-hint')}>
        <input maxLength={100} value={draft.organisation} onChange={(event) => onChange({ organisation: event.target.value })} data-testid="visit-organisation" />
      </Field>
      <FieldGroup label={words.t('visit.body')}>
        <div className="checks">
          {bodies.map((body) => (
            <label key={body} className="check">
              <input type="radio" name="visit-body" checked={draft.body === body} onChange={() => onChange({ body })} data-testid={`visit-body-${body}`} />
              {words.t(`visit-body.${body}`)}
            </label>
          ))}
        </div>
      </FieldGroup>
      {draft.body !== 'department' && (
        <Field label={words.t('request.case-number')} hint={words.t('visit.case-hint')}>
          <input maxLength={64} value={draft.request.caseNumber} onChange={(event) => onChange({ request: { ...draft.request, caseNumber: event.target.value } })} data-testid="visit-case-number" />
        </Field>
      )}
      <Exemption draft={draft} />
    </>
  );
}

/** Says whether a certificate is needed, and by which article. */
export function Exemption({ draft }: Pick<StepProps, 'draft'>) {
  const { words } = useApp();
  const exempt = isExempt(draft);
  return (
    <Notice tone={exempt ? 'good' : 'plain'} data-testid="visit-exemption">
      {words.t(exempt ? 'visit.exempt' : draft.body === 'department' ? 'visit.certificate-needed' : 'visit.exempt-with-case', { body: words.t(`visit-body.${draft.body}`), number: draft.request.caseNumber })}
    </Notice>
  );
}

/** What they want to see: the fields of every request. */
export function FootageStep({ draft, checked, onChange }: StepProps) {
  return (
    <div className="request-form">
      <RequestFields draft={draft.request} issues={checked ? draftIssues(draft.request) : []} companions={false} onChange={(changes) => onChange({ request: { ...draft.request, ...changes } })} />
    </div>
  );
}

/** What they accept. Article 13(5). */
export function TermsStep({ draft, onChange }: StepProps) {
  const { words } = useApp();
  return (
    <>
      <ol className="terms">
        {(['purpose', 'copy', 'tell', 'together', 'trace'] as const).map((term) => (
          <li key={term}>{words.t(`visit-term.${term}`)}</li>
        ))}
      </ol>
      <label className="check">
        <input type="checkbox" checked={draft.termsAccepted} onChange={(event) => onChange({ termsAccepted: event.target.checked })} data-testid="visit-terms" />
        {words.t('visit.accept')}
      </label>
    </>
  );
}
