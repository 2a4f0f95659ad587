// `wanglou witness`: a witness for the logs of others, on a machine that its own Office keeps.
import { readFile } from 'node:fs/promises';
import { parseVkey } from '@wanglou/verify';
import { createWitness, serveWitness, type Witness } from '@wanglou/witness';
import { CliError } from '../errors.ts';
import { say, type Terminal } from '../terminal.ts';

/** What {@link runWitness} takes. */
export interface WitnessCommandOptions {
  readonly data: string;
  readonly name: string;
  /** Verifier keys of logs, or files that hold them, one a line. */
  readonly log: readonly string[];
  readonly host: string;
  /** As it was typed. */
  readonly port: string;
}

/** Runs a witness until the signal. Says its key, and the line that a policy file needs. */
export async function runWitness(options: WitnessCommandOptions, { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal }): Promise<number> {
  const port = /^[0-9]{1,5}$/.test(options.port) ? Number(options.port) : Number.NaN;
  if (!(port <= 65_535)) throw new CliError('PORT_INVALID', { port: options.port });
  const logs = (await Promise.all(options.log.map(readVkeys))).flat();
  await using witness = await createWitness({
    folder: options.data,
    name: options.name,
    logs,
    report: ({ kind, text }) => {
      const line = `${new Date().toISOString()} ${text[terminal.language]}`;
      if (kind === 'cosigned') terminal.out(`✔ ${line}`);
      else terminal.err(`✖ ${line}`);
    },
  });
  await using server = await serveWitness(witness, { host: options.host, port });
  introduce(witness, server.url, terminal);
  await ended(signal);
  return 0;
}

function introduce(witness: Witness, url: string, terminal: Terminal): void {
  const { name, vkey } = witness.key;
  say(terminal, { zh: `见证方 ${name}，为以下日志见证：${witness.origins.join(', ')}`, en: `The witness ${name} of the logs ${witness.origins.join(', ')}` });
  say(terminal, { zh: `验证密钥：${vkey}`, en: `Its verifier key: ${vkey}` });
  say(terminal, { zh: '写入策略文件的一行：', en: 'The line for policy files:' });
  terminal.out(`witness ${shortName(name)} ${vkey} ${url}`);
  terminal.out(`Ready: ${url}`);
}

/** A name for the policy: what of the witness's name is plain, since it only stands for the key there. */
function shortName(name: string): string {
  const short = (name.split(/[/.]/)[0] ?? '').replaceAll(/[^A-Za-z0-9-]/g, '');
  return short === '' || short === 'none' ? 'witness' : short;
}

/** A verifier key, or those of a file: one a line, or the `log` lines of a policy. */
async function readVkeys(keyOrFile: string): Promise<readonly string[]> {
  if (isVkey(keyOrFile)) return [keyOrFile];
  let text: string;
  try {
    text = await readFile(keyOrFile, 'utf8');
  } catch (error) {
    // Two plus signs are those of a key that was not copied well rather than of a file.
    if (keyOrFile.split('+').length > 2) parseVkey(keyOrFile);
    throw new CliError('LOG_KEY_UNREADABLE', { file: keyOrFile, reason: (error as Error).message }, { cause: error });
  }
  const vkeys = text.split('\n').flatMap((line) => line.split(/\s+/).filter((word) => isVkey(word)).slice(0, line.trim().startsWith('witness') ? 0 : 1));
  if (vkeys.length === 0) throw new CliError('LOG_KEY_MISSING', { file: keyOrFile });
  return vkeys;
}

function isVkey(text: string): boolean {
  try {
    parseVkey(text);
    return true;
  } catch {
    // Whatever is wrong with it, it may still be the name of a file.
    return false;
  }
}

function ended(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
