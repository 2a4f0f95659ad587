// What would come of a request, while it is being written: who is asked, for how long, what is missing, why it is impossible.
import type { InputOf, OutputOf } from '../api/operations.ts';
import { useApp, useDesk } from '../app/context.ts';
import { useOperation } from '../app/use-operation.ts';
import { useSettled } from '../app/use-settled.ts';
import { missingText } from '../denial/missing-text.ts';
import { reasonsOf } from '../denial/way-forward.ts';
import { Failure, Skeleton } from '../kit/states.tsx';
import { Notice } from '../kit/status.tsx';
import { ApprovalPath } from './approval-path.tsx';

/** Typing settles this long before the server is asked. */
const settleMs = 600;

/** Asks for a preview of what is written so far. `undefined` input: not enough is written. */
export function PreviewPanel({ input }: { readonly input: InputOf<'request.preview'> | undefined }) {
  const { words } = useApp();
  const preview = useOperation('request.preview', useSettled(input, settleMs));
  if (!input) return <p className="hint">{words.t('preview.not-yet')}</p>;
  if (preview.problem) return <Failure problem={preview.problem} onRetry={preview.reload} />;
  return (
    <section className="preview" aria-live="polite" aria-busy={preview.loading} aria-label={words.t('preview.title')} data-testid="request-preview" data-possible={preview.data?.possible}>
      {preview.data ? <Answer preview={preview.data} /> : <Skeleton rows={2} />}
    </section>
  );
}

function Answer({ preview }: { readonly preview: OutputOf<'request.preview'> }) {
  const { words } = useApp();
  const { formats, campus, unitName } = useDesk();
  const { possible, denials, missing, problems, needs } = preview;
  return (
    <>
      <h2>{words.t('preview.title')}</h2>
      {problems.map(({ code, text }) => (
        <Notice key={code} tone="waiting" icon="warn">
          {words.text(text)}
        </Notice>
      ))}
      {!possible && (
        <Notice tone="refused" data-testid="preview-impossible">
          <p>{words.t('preview.impossible')}</p>
          <ul>
            {reasonsOf(denials).map(({ rule, article, text }) => (
              <li key={rule}>
                {words.t('article.cite', { article })} {words.text(text)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {missing.length > 0 && (
        <p className="missing row">
          <span className="faint">{words.t('preview.missing')}</span>
          {missing.map((item) => (
            <span className="chip" key={JSON.stringify(item)}>
              {missingText(item, words, campus)}
            </span>
          ))}
        </p>
      )}
      {possible && (
        <>
          <ApprovalPath steps={needs} />
          <ul className="lines">
            {needs.map(({ unit, people }) => (
              <li key={unit} className={people.length === 0 ? 'issue' : 'faint'}>
                {people.length === 0 ? words.t('preview.nobody', { unit: unitName(unit) }) : words.t('preview.people', { unit: unitName(unit), people: words.list(people.map(({ name }) => name)) })}
              </li>
            ))}
          </ul>
          <p className="faint">{words.t('preview.clocks', { use: formats.length(preview.longestUseMinutes * 60_000), begin: formats.length(preview.longestBeginHours * 3_600_000), answer: formats.length(preview.answerWithinMs) })}</p>
        </>
      )}
    </>
  );
}
