// A refusal as a path: which articles, why, what is missing, and the one button that starts getting it.
import { useApp, useOptionalDesk, useWords } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import type { Problem } from '../api/problem.ts';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { missingText } from './missing-text.ts';
import { missingOf, reasonsOf, wayForward } from './way-forward.ts';

interface DenialPanelProps {
  readonly problem: Problem;
  /** Tries again, after the person has done something about it. */
  readonly onRetry?: (() => void) | undefined;
  /** In a tile: the first reason and the buttons alone. */
  readonly compact?: boolean;
}

/** Shows a denial. */
export function DenialPanel({ problem, onRetry, compact = false }: DenialPanelProps) {
  const words = useWords();
  const desk = useOptionalDesk();
  const reasons = reasonsOf(problem.facts.denials);
  const missing = missingOf(problem.facts.denials);
  const shown = compact ? reasons.slice(0, 1) : reasons;
  return (
    <section className={compact ? 'denial compact' : 'denial'} data-testid="denial" role="alert" aria-label={words.t('denial.title')}>
      <header>
        <Icon name="lock" size={compact ? 16 : 20} />
        <h2>{words.t('denial.title')}</h2>
        {!compact && problem.facts.instance && <span className="faint">{words.t('denial.recorded')}</span>}
      </header>
      <ul className="reasons">
        {shown.map(({ rule, article, text }) => (
          <li key={rule}>
            {article && <span className="article">{words.t('article.cite', { article })}</span>}
            <span>{words.text(text)}</span>
          </li>
        ))}
        {shown.length === 0 && <li>{words.text(problem.facts.text)}</li>}
      </ul>
      {!compact && missing.length > 0 && (
        <p className="missing">
          <span className="faint">{words.t('denial.missing')}</span>
          {missing.map((item) => (
            <span className="chip" key={JSON.stringify(item)}>
              {missingText(item, words, desk?.campus)}
            </span>
          ))}
        </p>
      )}
      <div className="row">
        <NextButton problem={problem} onRetry={onRetry} look={compact ? 'plain' : 'primary'} />
        <WhyButton problem={problem} />
        {!compact && problem.facts.call !== undefined && desk?.session.actions.includes('request') && (
          <Button look="quiet" icon="receipt" onClick={() => desk.takeReceipt(problem.facts.call!)} data-testid="denial-receipt">
            {words.t('receipt.of-denial')}
          </Button>
        )}
      </div>
    </section>
  );
}

function NextButton({ problem, onRetry, look }: Pick<DenialPanelProps, 'problem' | 'onRetry'> & { readonly look: 'plain' | 'primary' }) {
  const { words, stepUp } = useApp();
  const desk = useOptionalDesk();
  const act = useAct();
  const next = wayForward(problem.facts, desk?.session.actions ?? []);
  const after = (help: () => Promise<unknown>) => void act.run(async () => void ((await help()) !== false && onRetry?.()));
  if (next.kind === 'request') {
    return (
      <Button look={look} icon="request" data-testid="denial-request" onClick={() => navigate(next.address)}>
        {words.t('denial.request')}
      </Button>
    );
  }
  if (next.kind === 'begin-duty' && desk) {
    return (
      <Button look={look} icon="clock" busy={act.busy} onClick={() => after(desk.beginDuty)} data-testid="denial-duty">
        {words.t('duty.begin')}
      </Button>
    );
  }
  if (next.kind === 'step-up' && desk) {
    return (
      <Button look={look} icon="person" busy={act.busy} onClick={() => after(stepUp)} data-testid="denial-step-up">
        {words.t('step-up.confirm')}
      </Button>
    );
  }
  if (next.kind === 'presence' && desk) {
    return (
      <Button look={look} icon="people" busy={act.busy} onClick={() => after(() => desk.confirmPresence(problem.facts.asked))} data-testid="denial-presence">
        {words.t('presence.confirm-here')}
      </Button>
    );
  }
  return <p className="hint">{words.t(missingOf(problem.facts.denials).length > 0 ? 'denial.ask-section' : 'denial.no-way')}</p>;
}

/** Why can't I? Only for somebody who is signed in, about an act that is known. */
function WhyButton({ problem }: { readonly problem: Problem }) {
  const words = useWords();
  const desk = useOptionalDesk();
  const { asked } = problem.facts;
  if (!desk || !asked) return undefined;
  return (
    <Button look="quiet" icon="info" onClick={() => desk.explain(asked)} data-testid="denial-why">
      {words.t('trace.why')}
    </Button>
  );
}
