// `wanglou policy verify`: proves a pack over every valuation of its facts.
import { actions, type PolicyPack, type Text } from '@wanglou/core';
import { verifyPack, type Fault, type PackProof, type PropertyProof } from '@wanglou/core/proof';
import { knownFacts } from '../load-pack.ts';
import { grouped, requestOf } from '../policy-texts.ts';
import { say, sayProblem, type Terminal } from '../terminal.ts';

/** Says what was proven and everything that is wrong; 0 when the pack is proven. Throws `PACK_INVALID` for a pack that no campus would load. */
export function verifyPolicy(pack: PolicyPack, terminal: Terminal): number {
  const startedMs = performance.now();
  const proof = verifyPack(pack, knownFacts);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(2);
  for (const text of [...failures(proof), ...brokenProperties(proof), ...unnoticed(proof)]) sayProblem(terminal, text, 'PACK_UNPROVEN');
  say(terminal, summary(proof, seconds));
  return proof.ok ? 0 : 1;
}

function summary({ pack, ok, valuations, facts, tests, failedTests, properties, mutants, deadRules }: PackProof, seconds: string): Text {
  const held = properties.filter(({ holds }) => holds).length;
  const noticed = mutants.filter(({ verdict }) => verdict === 'noticed').length;
  const kept = mutants.filter(({ verdict }) => verdict === 'explained').length;
  return {
    zh: [
      ok ? `✔ ${pack} 已证明` : `✖ ${pack} 未通过证明`,
      `  判定 ${grouped(valuations)} 种请求（${actions.length} 种动作 × ${facts} 项事实的全部取值），无抽样`,
      `  示例 ${tests - failedTests.length}/${tests}，性质 ${held}/${properties.length}`,
      `  规则 ${mutants.length} 条：删去后被发现 ${noticed} 条，仅说明理由 ${kept} 条；不改变任何判定 ${deadRules.length} 条`,
      `  用时 ${seconds} 秒`,
    ].join('\n'),
    en: [
      ok ? `✔ ${pack} is proven` : `✖ ${pack} is not proven`,
      `  ${grouped(valuations)} requests judged: ${actions.length} actions with every valuation of ${facts} facts, not a sample`,
      `  examples ${tests - failedTests.length}/${tests}, properties ${held}/${properties.length}`,
      `  ${mutants.length} rules: ${noticed} are missed when taken away, ${kept} only say why they are kept; ${deadRules.length} change no decision`,
      `  ${seconds} s`,
    ].join('\n'),
  };
}

function failures({ failedTests }: PackProof): readonly Text[] {
  return failedTests.map((name) => ({ zh: `示例“${name}”的判定与预期不符；请修改规则或示例`, en: `The example "${name}" is decided otherwise; change the rules, or the example` }));
}

function brokenProperties({ properties }: PackProof): readonly Text[] {
  return properties.filter(({ holds }) => !holds).map(brokenProperty);
}

const faults: Readonly<Record<Fault, Text>> = {
  permitted: { zh: '被允许', en: 'is permitted' },
  denied: { zh: '被拒绝', en: 'is denied' },
  uncited: { zh: '被拒绝而未引用应引条款', en: 'is denied without the article that it should cite' },
};

function brokenProperty({ id, article, text, counterexample }: PropertyProof): Text {
  const { action, facts, fault, decision } = counterexample!;
  const rules = [...decision.permits, ...decision.denials.map(({ rule }) => rule)].join(', ');
  const request = requestOf(action, facts);
  const wrong = faults[fault];
  return {
    zh: `性质 ${id}${article && `（第${article}条）`}“${text.zh}”不成立：${request} ${wrong.zh}（规则 ${rules}）；请修改这些规则，或修改该性质`,
    en: `The property ${id}${article && ` (article ${article})`}, "${text.en}", does not hold: ${request} ${wrong.en} (rules ${rules}); change these rules, or the property`,
  };
}

function unnoticed({ mutants, deadRules }: PackProof): readonly Text[] {
  const missed = mutants.filter(({ verdict }) => verdict === 'unnoticed').map(({ rule }) => rule);
  const idle = deadRules.filter(({ keptBecause, rule }) => !keptBecause && !missed.includes(rule)).map(({ rule }) => rule);
  return [
    ...missed.map((rule) => ({ zh: `规则 ${rule} 删去后无人发现；请补充示例或性质，或用 keptBecause 说明保留理由`, en: `Nothing notices when the rule ${rule} is taken away; add an example or a property, or say in keptBecause why it stays` })),
    ...idle.map((rule) => ({ zh: `规则 ${rule} 不改变任何判定；请删去，或用 keptBecause 说明保留理由`, en: `The rule ${rule} changes no decision; take it out, or say in keptBecause why it stays` })),
  ];
}
