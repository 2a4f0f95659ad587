// `wanglou check`: everything that is wrong with a configuration, without starting anything.
import { checkCampus, type CampusConfig } from '@wanglou/core';
import { sayFailure, type Terminal } from '../terminal.ts';

/** Says every problem; 0 when there is none. */
export async function checkConfig(config: CampusConfig, terminal: Terminal): Promise<number> {
  const problems = await checkCampus(config);
  for (const problem of problems) sayFailure(terminal, problem);
  if (problems.length > 0) return 1;
  const { policy, plugins } = config;
  terminal.out(
    terminal.language === 'zh'
      ? `✔ ${config.name.zh}：${plugins.length} 个插件，规则包 ${policy.id}@${policy.version}（${policy.rules.length} 条规则），配置无误`
      : `✔ ${config.name.en}: ${plugins.length} plugins, policy pack ${policy.id}@${policy.version} (${policy.rules.length} rules), nothing wrong`,
  );
  return 0;
}
