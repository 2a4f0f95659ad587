// `wanglou-verify`: finds out what it is given, checks it, says what it found.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { nodeCrypto } from '../crypto/node-crypto.ts';
import { VerifyError } from '../errors.ts';
import { policyOfKey, type Policy } from '../policy/policy.ts';
import { readFileBytes } from '../sources/folder-source.ts';
import type { Text } from '../text.ts';
import { createVerifier } from '../verifier.ts';
import { examine, type Examined } from './examine.ts';

/** Where the command speaks. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

const help: Text = {
  en: `wanglou-verify <what> --policy <file>

  <what>   a log (folder or http address), a receipt (.tlog-proof), an evidence
           package (folder with evidence.json), or a clip beside one

  --policy <file>     whom to trust, in the form of c2sp.org/tlog-policy
  --key <vkey|file>   instead: the log's own key alone, without witnesses
  --since <file>      a checkpoint saved before, which the log must continue
  --evidence <file>   the evidence.json of a clip
  --json              the result as JSON
  --lang <zh|en>      the language; that of the environment unless said

Exit code: 0 verified, 1 not verified, 2 wrong usage or unreadable.`,
  zh: `wanglou-verify <对象> --policy <文件>

  <对象>   日志（目录或 http 地址）、回执（.tlog-proof）、
           证据包（含 evidence.json 的目录），或证据包中的录像文件

  --policy <文件>       可信的日志与见证方，格式见 c2sp.org/tlog-policy
  --key <密钥|文件>     仅用日志自己的密钥核验，不含见证方
  --since <文件>        此前保存的校验点，日志须为其延续
  --evidence <文件>     录像对应的 evidence.json
  --json                以 JSON 输出结果
  --lang <zh|en>        语言，默认取自环境

退出码：0 通过，1 未通过，2 用法有误或无法读取。`,
};

const options = {
  policy: { type: 'string' },
  key: { type: 'string' },
  since: { type: 'string' },
  evidence: { type: 'string' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
const fileBytes = 1_000_000;
const processOutput: Output = { out: (line) => void process.stdout.write(`${line}\n`), err: (line) => void process.stderr.write(`${line}\n`) };

/** Runs the command; answers the exit code (0 verified, 1 not verified, 2 wrong usage or unreadable) and never throws. */
export async function main(args: readonly string[], output: Output = processOutput, environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  let language = languageOf(environment);
  try {
    const { values, positionals } = readArguments(args);
    if (values.lang !== undefined && values.lang !== 'zh' && values.lang !== 'en') throw usage({ zh: `--lang 应为 zh 或 en，而非 ${values.lang}`, en: `--lang must be zh or en, not ${values.lang}` });
    language = values.lang ?? language;
    if (values.help) {
      output.out(help[language]);
      return 0;
    }
    const [target, ...others] = positionals;
    if (target === undefined || others.length > 0) throw usage({ zh: '须给出一个核验对象', en: 'name one thing to verify' });
    const policy = await readPolicy(values.policy, values.key);
    const since = values.since === undefined ? undefined : await read(values.since);
    const { result, kind, lines } = await examine(target, { policy, ...(since ? { since } : {}), ...(values.evidence === undefined ? {} : { evidence: values.evidence }) });
    say({ result, kind, lines }, values.json ?? false, language, output);
    return result.ok ? 0 : 1;
  } catch (error) {
    if (error instanceof VerifyError) output.err(`✖ ${error.text[language]}  [${error.code}]`);
    else output.err(`✖ ${error instanceof Error ? error.message : String(error)}  [UNEXPECTED]`);
    return 2;
  }
}

function say({ result, kind, lines }: Examined, json: boolean, language: 'zh' | 'en', output: Output): void {
  if (json) {
    output.out(JSON.stringify({ kind, ...result }, undefined, 2));
    return;
  }
  for (const line of lines) (line.mark === '✖' ? output.err : output.out)(`${line.mark} ${line[language]}`);
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

async function readPolicy(policyFile: string | undefined, key: string | undefined): Promise<Policy> {
  const verifier = createVerifier(nodeCrypto);
  if (policyFile !== undefined && key !== undefined) throw usage({ zh: '--policy 与 --key 只能用其一', en: 'give --policy or --key, not both' });
  if (policyFile !== undefined) return verifier.parsePolicy(await read(policyFile));
  if (key === undefined) throw new VerifyError('POLICY_MISSING');
  // A verifier key has two plus signs; all else is a file that holds one.
  const vkey = key.split('+').length >= 3 ? key : (await readFile(key, 'utf8').catch((error: Error) => { throw new VerifyError('SOURCE_UNREADABLE', { path: key, reason: error.message }, { cause: error }); })).trim();
  return policyOfKey(verifier.parseVkey(vkey));
}

async function read(path: string): Promise<Uint8Array> {
  const bytes = await readFileBytes(path, fileBytes);
  if (!bytes) throw new VerifyError('SOURCE_UNREADABLE', { path, reason: { zh: '文件不存在', en: 'it is not there' } });
  return bytes;
}

function usage(reason: Text | string): VerifyError {
  return new VerifyError('USAGE', { reason });
}

/** As POSIX orders them: `LC_ALL`, `LC_MESSAGES`, `LANG`. */
function languageOf(environment: NodeJS.ProcessEnv): 'zh' | 'en' {
  return (environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
