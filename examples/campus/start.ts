// `npm start`: the simulated cameras, the campus, and what to try.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isCodedError, type CampusConfig } from '@wanglou/core';
import { languageOfEnvironment, runCampus, stopSignal, type Terminal } from '@wanglou/cli';
import { accounts } from './accounts.ts';

const terminal: Terminal = {
  language: languageOfEnvironment(process.env),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};
process.chdir(fileURLToPath(new URL('.', import.meta.url)));

const simulator = fork(new URL('./simulate.ts', import.meta.url));
const [{ port }] = (await once(simulator, 'message')) as [{ port: number }];
process.env['SIM_PORT'] = String(port);
const { default: config } = (await import('./wanglou.config.ts')) as { default: CampusConfig };

const zh = terminal.language === 'zh';
try {
  process.exitCode = await runCampus(config, {
    terminal,
    signal: stopSignal(),
    ready() {
      terminal.out(zh ? `\n演示账号（密码均为 ${accounts[0]?.password}）：` : `\nDemo accounts (password ${accounts[0]?.password}):`);
      for (const { id, name, may } of accounts) terminal.out(`  ${id.padEnd(14)} ${name.padEnd(6, '　')} ${may[terminal.language]}`);
      terminal.out(zh ? '\n按 Ctrl-C 停止。' : '\nCtrl-C stops it.');
    },
  });
} catch (error) {
  terminal.err(`✖ ${isCodedError(error) ? `${error.text[terminal.language]}  [${error.code}]` : String(error)}`);
  process.exitCode = 1;
} finally {
  if (simulator.connected) simulator.disconnect();
}
