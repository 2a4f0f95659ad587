import { describe, expect, it } from 'vitest';
import { CliError, languageOfEnvironment } from '../src/index.ts';
import { sayFailure } from '../src/terminal.ts';
import { createTestTerminal, run } from './harness.ts';

describe('the language of the terminal', () => {
  it.each([
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'ZH' }, 'zh'],
    [{ LANG: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{}, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW.UTF-8' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: '' }, 'zh'],
  ] as const)('of %j is %s', (environment, language) => {
    expect(languageOfEnvironment(environment)).toBe(language);
  });
});

describe('a failure', () => {
  it('is said in the language of the reader, with its code', () => {
    const terminal = createTestTerminal('zh');
    sayFailure(terminal, new CliError('AUDIT_NOT_FOUND', { path: '/data/audit.db' }));
    expect(terminal.errLines).toEqual(['✖ /data/audit.db 没有审计日志；请用 --data 指定数据目录  [AUDIT_NOT_FOUND]']);
  });

  it('that nobody foresaw is said without a stack', () => {
    const terminal = createTestTerminal();
    sayFailure(terminal, new Error('this was not foreseen'));
    sayFailure(terminal, 'neither was this');
    expect(terminal.errLines).toEqual(['✖ this was not foreseen  [UNEXPECTED]', '✖ neither was this  [UNEXPECTED]']);
  });

  it('of the command line itself has an exit code and says what is unknown', async () => {
    expect(await run(['adit'])).toMatchObject({ code: 1, err: expect.stringContaining('adit') });
    expect(await run(['audit', 'verify', '--kee', 'x'])).toMatchObject({ code: 1, err: expect.stringContaining('--kee') });
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('doctor') });
  });
});
