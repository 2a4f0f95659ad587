// A trace on the screen: the answer, then rule by rule, each to be opened.
import type { ConditionTrace, RuleTrace } from '@wanglou/core';
import type { PolicyTrace } from '@wanglou/plugin-access/contract';
import { useApp, useDesk } from '../app/context.ts';
import { missingText } from '../denial/missing-text.ts';
import { missingOf } from '../denial/way-forward.ts';
import { Icon, type IconName } from '../kit/icon.tsx';
import { Status, type Tone } from '../kit/status.tsx';
import { ruleWord, sortedRules, testWords, type RuleWord, type TraceNames } from './trace-words.ts';

/** Shows a decision taken apart. */
export function TraceView({ trace }: { readonly trace: PolicyTrace }) {
  const { words } = useApp();
  const { campus } = useDesk();
  const names: TraceNames = { words, campus, facts: trace.facts };
  const { effect, denials, pack } = trace.decision;
  const missing = missingOf(denials);
  const rules = sortedRules(trace.rules);
  // Most rules have nothing against an act; they are there to be looked up.
  const silent = rules.filter((rule) => ruleWord(rule) === 'silent');
  return (
    <div className="trace" data-testid="trace" data-effect={effect}>
      <p className="row">
        <Status tone={effect === 'permit' ? 'good' : 'refused'}>{words.t(`trace.${effect}`)}</Status>
        <span className="faint">
          {words.has(`action.${trace.action}`, trace.action)} · {pack}
        </span>
      </p>
      {missing.length > 0 && (
        <p className="missing row">
          <span className="faint">{words.t('denial.missing')}</span>
          {missing.map((item) => (
            <span className="chip" key={JSON.stringify(item)}>
              {missingText(item, words, campus)}
            </span>
          ))}
        </p>
      )}
      <RuleLines rules={rules.filter((rule) => ruleWord(rule) !== 'silent')} names={names} />
      {silent.length > 0 && (
        <details>
          <summary>{words.t('trace.silent', { count: silent.length })}</summary>
          <RuleLines rules={silent} names={names} />
        </details>
      )}
      <p className="hint">{words.t('trace.about')}</p>
    </div>
  );
}

function RuleLines({ rules, names }: { readonly rules: readonly RuleTrace[]; readonly names: TraceNames }) {
  return (
    <ul className="lines">
      {rules.map((rule) => (
        <li key={rule.rule}>
          <RuleLine rule={rule} names={names} />
        </li>
      ))}
    </ul>
  );
}

const looks: Readonly<Record<RuleWord, readonly [Tone, IconName]>> = { forbids: ['refused', 'lock'], 'no-permit': ['waiting', 'minus'], permits: ['good', 'check'], silent: ['plain', 'check'] };

function RuleLine({ rule, names }: { readonly rule: RuleTrace; readonly names: TraceNames }) {
  const { words } = names;
  const word = ruleWord(rule);
  const [tone, icon] = looks[word];
  return (
    <details open={word === 'forbids'} data-rule={rule.rule} data-word={word}>
      <summary>
        <span className="article">{words.t('article.cite', { article: rule.article })}</span>
        <span>{words.text(rule.text)}</span>
        <Status tone={tone} icon={icon}>
          {words.t(`trace-rule.${word}`)}
        </Status>
      </summary>
      {rule.when && (
        <>
          <p className="faint">{words.t(rule.effect === 'forbid' ? 'trace.forbid-when' : 'trace.permit-when')}</p>
          <Condition trace={rule.when} names={names} />
        </>
      )}
      {rule.unless && (
        <>
          <p className="faint">{words.t('trace.unless')}</p>
          <Condition trace={rule.unless} names={names} />
        </>
      )}
      {!rule.when && !rule.unless && <p className="faint">{words.t('trace.always')}</p>}
    </details>
  );
}

const answers: Readonly<Record<ConditionTrace['answer'], readonly [Tone, IconName]>> = { yes: ['good', 'check'], no: ['refused', 'cross'], unknown: ['waiting', 'warn'] };

function Condition({ trace, names }: { readonly trace: ConditionTrace; readonly names: TraceNames }) {
  const { words } = names;
  const [tone, icon] = answers[trace.answer];
  return (
    <div className="condition">
      <span className={`status ${tone}`}>
        <Icon name={icon} size={14} />
        <span>{words.t(`trace-answer.${trace.answer}`)}</span>
      </span>
      <span>{trace.kind === 'test' ? testWords(trace, names) : words.t(`trace-kind.${trace.kind}`)}</span>
      {trace.parts && (
        <ul>
          {trace.parts.map((part, index) => (
            // Parts have no names; their order never changes.
            <li key={index}>
              <Condition trace={part} names={names} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
