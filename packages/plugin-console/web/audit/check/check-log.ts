// Checks the whole log from its files, in this browser, trusting no server: the verifier of outsiders, over a lease.
import { parsePolicy, parseVkey, textOf, VerifyError, verifyLog, type LogSource, type Policy } from '@wanglou/verify/browser';
import type { CheckFound, CheckInput } from './check-messages.ts';

/** What {@link checkLog} takes beside the input. */
export interface CheckOptions {
  readonly fetch: typeof fetch;
  progress(done: { readonly index: number; readonly size: number }): void;
}

const policyBytes = 1_000_000;
const keyBytes = 1000;

/** Reads and checks. Throws `VerifyError` `SOURCE_UNREADABLE` where files cannot be read. */
export async function checkLog({ address, since }: CheckInput, { fetch, progress }: CheckOptions): Promise<CheckFound> {
  const files = sourceOf(address, fetch);
  let note = '';
  const source: LogSource = {
    async read(path, limitBytes) {
      const bytes = await files.read(path, limitBytes);
      if (path === 'checkpoint' && bytes) note = textOf(bytes) ?? '';
      return bytes;
    },
  };
  const policy = await readPolicy(files);
  const result = await verifyLog(source, { policy, progress, ...(since !== undefined && { since }) });
  return { result, note };
}

/** Whom the campus trusts; its own log among them, which a file of witnesses may leave out. */
async function readPolicy(files: LogSource): Promise<Policy> {
  const need = async (path: string, limitBytes: number) => {
    const bytes = await files.read(path, limitBytes);
    if (!bytes) throw unreadable(path, { zh: '文件不存在', en: 'it is not there' });
    return bytes;
  };
  const policy = parsePolicy(await need('witnesses.txt', policyBytes));
  const key = parseVkey((textOf(await need('log.vkey', keyBytes)) ?? '').trim());
  return { ...policy, logs: [{ key }, ...policy.logs.filter((log) => log.key.vkey !== key.vkey)] };
}

/** Files below an address of this site. */
function sourceOf(address: string, fetch: CheckOptions['fetch']): LogSource {
  return {
    async read(path, limitBytes) {
      let response: Response;
      try {
        response = await fetch(address + path, { credentials: 'same-origin', cache: 'no-store' });
      } catch (error) {
        throw unreadable(path, { zh: '无法连接服务器，请检查网络', en: 'the server cannot be reached; check the network' }, error);
      }
      if (response.status === 404) return undefined;
      if (!response.ok) throw unreadable(path, { zh: `服务器答复 ${response.status}`, en: `the server answered ${response.status}` });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length > limitBytes) throw unreadable(path, { zh: `超过上限 ${limitBytes} 字节`, en: `it has more than the ${limitBytes} bytes that are read` });
      return bytes;
    },
  };
}

function unreadable(path: string, reason: { readonly zh: string; readonly en: string }, cause?: unknown): VerifyError {
  return new VerifyError('SOURCE_UNREADABLE', { path, reason }, { cause });
}
