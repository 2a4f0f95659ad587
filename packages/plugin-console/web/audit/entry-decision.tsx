// How an act was decided: the articles, the rules in words, the pack, and the facts it was judged by.
import type { AuditEntry } from '@wanglou/core';
import { useApp } from '../app/context.ts';
import { shortHash } from '../i18n/format.ts';
import { rulesOf, type PackWords } from './entry-words.ts';

/** The decision of an entry. */
export function EntryDecision({ decision, pack }: { readonly decision: NonNullable<AuditEntry['decision']>; readonly pack: PackWords | undefined }) {
  const { words } = useApp();
  const facts = Object.entries(decision.facts);
  return (
    <section className="stack" data-testid="entry-decision">
      <h3>{words.t('audit.decision')}</h3>
      {decision.articles.length > 0 && (
        <p>
          {words.t('audit.articles')} <b>{words.list(decision.articles.map((article) => words.t('article.cite', { article })))}</b>
        </p>
      )}
      <ul className="reasons">
        {rulesOf(decision, pack).map(({ id, article, text }) => (
          <li key={id}>
            {article !== undefined && <span className="article">{words.t('article.cite', { article })}</span>}
            <span>
              {text && words.text(text)} <code className="faint">{id}</code>
            </span>
          </li>
        ))}
      </ul>
      <p className="faint">
        {words.t('audit.pack')} <code>{decision.pack}</code> <code title={decision.packSha256}>{shortHash(decision.packSha256)}</code>
        {pack && pack.sha256 !== decision.packSha256 && ` · ${words.t('audit.other-pack')}`}
      </p>
      {facts.length > 0 && (
        <details>
          <summary>{words.t('audit.facts', { count: facts.length })}</summary>
          <dl className="facts fact-list">
            {facts.map(([path, value]) => (
              <div key={path}>
                <dt>
                  <code>{path}</code>
                </dt>
                <dd>
                  <code>{JSON.stringify(value)}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}
