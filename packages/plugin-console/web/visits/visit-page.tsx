// Registers an outside visit, step by step. Article 13.
import { useEffect, useRef, useState } from 'react';
import type { OutputOf } from '../api/operations.ts';
import { useApp } from '../app/context.ts';
import { usePlace } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { draftFromQuery } from '../requests/request-draft.ts';
import { FootageStep, OrganisationStep, TermsStep } from './plain-steps.tsx';
import { PapersStep } from './papers-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { keepCodes } from './visit-codes.ts';
import { VisitDone } from './visit-done.tsx';
import { emptyVisit, stepIssues, toVisitInput, visitSteps, type VisitDraft, type VisitStep } from './visit-draft.ts';
import { VisitorsStep } from './visitors-step.tsx';

/** What each step takes. */
export interface StepProps {
  readonly draft: VisitDraft;
  /** It was tried to go on: say what is missing. */
  readonly checked: boolean;
  readonly onChange: (changes: Partial<VisitDraft>) => void;
}

const components = { organisation: OrganisationStep, visitors: VisitorsStep, papers: PapersStep, footage: FootageStep, terms: TermsStep, review: ReviewStep } as const;

/** The wizard. Steps can be opened in any order; only the last one sends. */
export default function VisitPage() {
  const { words, client } = useApp();
  const { query } = usePlace();
  const [draft, setDraft] = useState(() => emptyVisit(draftFromQuery(query)));
  const [step, setStep] = useState<VisitStep>('organisation');
  const [checked, setChecked] = useState<ReadonlySet<VisitStep>>(new Set());
  const [done, setDone] = useState<OutputOf<'request.submit'>>();
  const heading = useRef<HTMLHeadingElement>(null);
  const act = useAct();
  const index = visitSteps.indexOf(step);
  // Readers of screens hear where they are.
  useEffect(() => heading.current?.focus(), [step]);
  const go = (to: VisitStep) => {
    setChecked((before) => new Set(before).add(step));
    setStep(to);
  };
  const send = () =>
    act.run(async () => {
      const sent = await client.call('request.submit', toVisitInput(draft));
      keepCodes(sent.id, sent.codes ?? []);
      setDone(sent);
    });
  if (done) return <VisitDone request={done} />;
  const Step = components[step];
  const missing = stepIssues(draft, step);
  const next = visitSteps[index + 1];
  const before = visitSteps[index - 1];
  return (
    <div className="page narrow visit" data-testid="visit-form" data-step={step}>
      <header className="page-head">
        <h1>{words.t('page.visit')}</h1>
        <p className="faint">{words.t('visit.intro')}</p>
      </header>
      <Steps draft={draft} step={step} checked={checked} onChoose={go} />
      <h2 ref={heading} tabIndex={-1}>
        {words.t(`visit-step.${step}`)}
      </h2>
      <div className="stack">
        <Step draft={draft} checked={checked.has(step)} onChange={(changes) => setDraft((old) => ({ ...old, ...changes }))} />
        {checked.has(step) && step !== 'footage' && missing.map((issue) => <Notice key={issue} tone="waiting" icon="warn">{words.t(`visit-issue.${issue}`)}</Notice>)}
        {act.problem && <Failure problem={act.problem} />}
      </div>
      <div className="row end">
        {before && <Button icon="left" onClick={() => go(before)}>{words.t('visit.back')}</Button>}
        {next ? (
          <Button look="primary" icon="right" onClick={() => (missing.length > 0 ? setChecked(new Set(checked).add(step)) : go(next))} data-testid="visit-next">
            {words.t('visit.next')}
          </Button>
        ) : (
          <Button look="primary" icon="request" busy={act.busy} disabled={missing.length > 0} onClick={() => void send()} data-testid="visit-submit">
            {words.t('request.submit')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Steps({ draft, step, checked, onChoose }: { readonly draft: VisitDraft; readonly step: VisitStep; readonly checked: ReadonlySet<VisitStep>; readonly onChoose: (step: VisitStep) => void }) {
  const { words } = useApp();
  return (
    <ol className="steps" aria-label={words.t('visit.steps')}>
      {visitSteps.map((name, index) => {
        const state = checked.has(name) ? (stepIssues(draft, name).length > 0 ? 'missing' : 'complete') : 'open';
        return (
          <li key={name} data-state={state}>
            <button type="button" aria-current={name === step ? 'step' : undefined} onClick={() => onChoose(name)} data-testid={`visit-step-${name}`}>
              {state === 'open' ? <span className="figures">{index + 1}</span> : <Icon name={state === 'complete' ? 'check' : 'warn'} size={14} />}
              {words.t(`visit-step.${name}`)}
              {state !== 'open' && <span className="off-screen"> {words.t(`visit-state.${state}`)}</span>}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
