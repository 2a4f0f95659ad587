// `wanglou policy diff`: what another pack would open and close, for everybody, over every valuation of the facts.
import type { Action, PolicyPack, Text } from '@wanglou/core';
import { diffPacks, type Change } from '@wanglou/core/proof';
import { knownFacts } from '../load-pack.ts';
import { grouped, requestOf } from '../policy-texts.ts';
import { say, type Terminal } from '../terminal.ts';

/** Says for each action what changes, with the plainest example; 0 also where something does. Throws `PACK_INVALID` for a pack that no campus would load. */
export function diffPolicies(before: PolicyPack, after: PolicyPack, terminal: Terminal): number {
  const startedMs = performance.now();
  const diff = diffPacks(before, after, knownFacts);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(2);
  for (const { action, opened, closed } of diff.actions) {
    if (opened) say(terminal, changeText(action, opened, { zh: '＋ 新放行', en: '+ opened' }));
    if (closed) say(terminal, changeText(action, closed, { zh: '－ 新拒绝', en: '- closed' }));
  }
  const names = `${diff.before} → ${diff.after}`;
  const total = grouped(diff.valuations);
  const changed = diff.actions.length;
  say(terminal, {
    zh: changed > 0 ? `${names}：${changed} 种动作的判定有变化，共比较 ${total} 种请求，用时 ${seconds} 秒` : `✔ ${names}：${total} 种请求的判定完全相同，用时 ${seconds} 秒`,
    en: changed > 0 ? `${names}: ${changed} actions are decided otherwise, of ${total} requests that were compared, in ${seconds} s` : `✔ ${names}: all ${total} requests are decided alike, in ${seconds} s`,
  });
  return 0;
}

function changeText(action: Action, { valuations, example }: Change, mark: Text): Text {
  const request = requestOf(action, example);
  return { zh: `${mark.zh} ${action}：${grouped(valuations)} 种请求，例如 ${request}`, en: `${mark.en} ${action}: ${grouped(valuations)} requests, such as ${request}` };
}
