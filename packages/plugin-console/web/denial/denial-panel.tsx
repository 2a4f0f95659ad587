// A refusal as a path: which articles, why, what is missing, and the one button that starts getting it.
import type { Missing } from '@wanglou/core';
import { nameIn, useOptionalDesk, useWords, type Desk } from '../app/context.ts';
import { navigate } from '../app/router.tsx';
import { useAct } from '../app/use-operation.ts';
import type { Problem } from '../api/problem.ts';
import type { Words } from '../i18n/language.ts';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { missingOf, reasonsOf, wayForward } from './way-forward.ts';

interface DenialPanelProps {
  readonly problem: Problem;
  /** Tries again, after the person has done something about it. */
  readonly onRetry?: (() => void) | undefined;
  /** In a tile: the first reason and the button alone. */
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
        <h3>{words.t('denial.title')}</h3>
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
              {missingText(item, words, desk)}
            </span>
          ))}
        </p>
      )}
      <NextButton problem={problem} onRetry={onRetry} look={compact ? 'plain' : 'primary'} />
    </section>
  );
}

function NextButton({ problem, onRetry, look }: Pick<DenialPanelProps, 'problem' | 'onRetry'> & { readonly look: 'plain' | 'primary' }) {
  const words = useWords();
  const desk = useOptionalDesk();
  const act = useAct();
  const next = wayForward(problem.facts, desk?.session.actions ?? []);
  if (next.kind === 'request') {
    return (
      <Button look={look} icon="request" data-testid="denial-request" onClick={() => navigate(next.address)}>
        {words.t('denial.request')}
      </Button>
    );
  }
  if (next.kind === 'begin-duty' && desk) {
    const begin = () =>
      act.run(async () => {
        await desk.beginDuty();
        onRetry?.();
      });
    return (
      <Button look={look} icon="clock" busy={act.busy} onClick={() => void begin()} data-testid="denial-duty">
        {words.t('duty.begin')}
      </Button>
    );
  }
  return <p className="hint">{words.t(missingOf(problem.facts.denials).length > 0 ? 'denial.ask-section' : 'denial.no-way')}</p>;
}

function missingText(item: Missing, words: Words, desk: Desk | undefined): string {
  switch (item.kind) {
    case 'approval':
      return words.t('missing.approval', { unit: desk ? nameIn(desk.campus.units, item.unit, words) : item.unit });
    case 'role':
      return words.t('missing.role', { role: desk ? nameIn(desk.campus.roles, item.role, words) : item.role });
    case 'companion':
      return words.t('missing.companion', { count: item.count });
    case 'document':
      return words.t('missing.document', { document: words.has(`document.${item.document}`, item.document) });
    default:
      return words.has(`missing.${item.kind}`, item.kind);
  }
}
