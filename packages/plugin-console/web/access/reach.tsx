// One answer about reach in words, with what is missing.
import type { ReachAnswer } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { missingText } from '../denial/missing-text.ts';
import type { IconName } from '../kit/icon.tsx';
import { Status, type Tone } from '../kit/status.tsx';

const looks: Readonly<Record<ReachAnswer['reach'], readonly [Tone, IconName]>> = { now: ['good', 'check'], ready: ['accent', 'clock'], no: ['waiting', 'lock'], never: ['refused', 'cross'] };

/** How far a person reaches. */
export function Reach({ answer }: { readonly answer: ReachAnswer }) {
  const { words } = useApp();
  const { campus } = useDesk();
  const [tone, icon] = looks[answer.reach];
  return (
    <span className="row">
      <Status tone={tone} icon={icon}>
        {words.t(`reach.${answer.reach}`)}
      </Status>
      {answer.missing.map((item) => (
        <span className="chip" key={JSON.stringify(item)}>
          {missingText(item, words, campus)}
        </span>
      ))}
      <span className="faint">{words.list(answer.articles.map((article) => words.t('article.cite', { article })))}</span>
    </span>
  );
}
