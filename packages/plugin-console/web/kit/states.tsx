// What a page shows instead of its content: nothing there, still coming, failed.
import type { ReactNode } from 'react';
import { useApp, useWords } from '../app/context.ts';
import type { Loaded } from '../app/use-operation.ts';
import { diagnosisOf, type Problem } from '../api/problem.ts';
import { DenialPanel } from '../denial/denial-panel.tsx';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Icon, type IconName } from './icon.tsx';

/** Says what would be here and how to make it appear. */
export function Empty({ icon, title, children }: { readonly icon: IconName; readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty" data-testid="empty">
      <Icon name={icon} size={28} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Grey bars in the shape of what comes. */
export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  const words = useWords();
  return (
    <div className="skeleton" role="status" aria-label={words.t('state.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}

/** A failure with what to do about it; a denial shows its way forward. */
export function Failure({ problem, onRetry }: { readonly problem: Problem; readonly onRetry?: (() => void) | undefined }) {
  const words = useWords();
  if (problem.denied) return <DenialPanel problem={problem} onRetry={onRetry} />;
  return (
    <div className="failure" role="alert" data-testid="failure">
      <Icon name="warn" size={24} />
      <div>
        <h2>{words.text(problem.facts.text)}</h2>
        <p className="faint">{words.t('state.code', { code: problem.code })}</p>
        <div className="row">
          {onRetry && (
            <Button icon="retry" onClick={onRetry}>
              {words.t('button.retry')}
            </Button>
          )}
          <DiagnosisButton problem={problem} />
        </div>
      </div>
    </div>
  );
}

/** Copies what a technician wants to know. */
export function DiagnosisButton({ problem }: { readonly problem: Problem }) {
  const words = useWords();
  const { now } = useApp();
  return <CopyButton label={words.t('button.copy-diagnosis')} text={() => diagnosisOf(problem, { path: location.pathname, atMs: now(), agent: navigator.userAgent })} />;
}

/** Shows what was loaded, or why not. Old content stays while it is read again. */
export function Loading<T>({ loaded, children, rows }: { readonly loaded: Loaded<T>; readonly children: (data: T) => ReactNode; readonly rows?: number }) {
  if (loaded.data !== undefined) return children(loaded.data);
  if (loaded.problem) return <Failure problem={loaded.problem} onRetry={loaded.reload} />;
  return <Skeleton {...(rows !== undefined && { rows })} />;
}
