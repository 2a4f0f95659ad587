// Files of a log that a web server gives out. It is not trusted: not for sizes, not for times, not for where it sends us.
import { concatBytes } from '../bytes/bytes.ts';
import { VerifyError } from '../errors.ts';
import type { LogSource } from '../log/source.ts';
import type { Text } from '../text.ts';
import { chunksOf } from './files-source.ts';

/** What {@link createUrlSource} takes. */
export interface UrlSourceOptions {
  /** Time for one file, 30 seconds unless said. */
  readonly deadlineMs?: number;
}

const mostRedirects = 3;

/** The files below an http or https address. Throws `SOURCE_UNREADABLE` for any other address. */
export function createUrlSource(address: string, { deadlineMs = 30_000 }: UrlSourceOptions = {}): LogSource {
  const base = URL.parse(address.endsWith('/') ? address : `${address}/`);
  if (!base || !['http:', 'https:'].includes(base.protocol) || base.username !== '' || base.password !== '') {
    throw new VerifyError('SOURCE_UNREADABLE', { path: base ? `${base.protocol}//${base.host}` : address, reason: { zh: '须为不含用户名与密码的 http 或 https 地址', en: 'it must be an http or https address without user name and password' } });
  }
  return {
    async read(path, limitBytes) {
      const url = new URL(path, base);
      const fail = (reason: Text | string, cause?: unknown) => new VerifyError('SOURCE_UNREADABLE', { path: url.href, reason }, { cause });
      const signal = AbortSignal.timeout(deadlineMs);
      try {
        return await fetchBytes(url, limitBytes, signal, fail);
      } catch (error) {
        if (error instanceof VerifyError) throw error;
        if (signal.aborted) throw fail({ zh: `${deadlineMs / 1000} 秒内未完成`, en: `it was not complete within ${deadlineMs / 1000} s` }, error);
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw fail(cause instanceof Error ? cause.message : String(cause), error);
      }
    },
  };
}

async function fetchBytes(url: URL, limitBytes: number, signal: AbortSignal, fail: (reason: Text) => VerifyError): Promise<Uint8Array | undefined> {
  let at = url;
  let response = await fetch(at, { redirect: 'manual', signal });
  for (let count = 0; response.status >= 300 && response.status < 400; count++) {
    await response.body?.cancel();
    const target = URL.parse(response.headers.get('location') ?? '', at.href);
    if (target?.origin !== url.origin) throw fail({ zh: '服务器重定向到其他地址，已拒绝', en: 'the server redirects to another origin, which is refused' });
    if (count === mostRedirects) throw fail({ zh: '重定向过多', en: 'there are too many redirects' });
    at = target;
    response = await fetch(at, { redirect: 'manual', signal });
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    if (response.status === 404 || response.status === 410) return undefined;
    throw fail({ zh: `服务器答复 ${response.status}`, en: `the server answered ${response.status}` });
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body) {
    for await (const chunk of chunksOf(response.body)) {
      bytes += chunk.length;
      if (bytes > limitBytes) throw fail({ zh: `超过上限 ${limitBytes} 字节`, en: `it has more than the ${limitBytes} bytes that are read` });
      chunks.push(chunk);
    }
  }
  return concatBytes(...chunks);
}
