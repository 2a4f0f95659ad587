// Camera addresses: credentials are split off at once, so that nothing further on can print them.
import type { IngestSource } from '../../ingest-engine.ts';
import { IngestError } from '../../ingest-error.ts';

/** An address ready to connect. */
export interface RtspAddress {
  readonly host: string;
  readonly port: number;
  /** Over TLS. */
  readonly secure: boolean;
  /** Request address without credentials. */
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** Parses the address of a source; throws `UNSUPPORTED_ADDRESS`. */
export function parseRtspAddress(source: IngestSource): RtspAddress {
  const url = URL.canParse(source.url) ? new URL(source.url) : undefined;
  if ((url?.protocol !== 'rtsp:' && url?.protocol !== 'rtsps:') || url.hostname === '') {
    throw new IngestError('UNSUPPORTED_ADDRESS', `the stream address must look like rtsp://host/path or rtsps://host/path${url === undefined ? '' : `, not ${url.protocol}//...`}`);
  }
  const inline = url.username === '' ? undefined : { username: decode(url.username), password: decode(url.password) };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'rtsps:';
  const port = url.port === '' ? (secure ? 322 : 554) : Number(url.port);
  // Cut the text instead of printing the URL: some cameras are particular about the exact path and query that they announced.
  return { host, port, secure, url: source.url.replace(/^(rtsps?:\/\/)[^/?#]*@/i, '$1'), credentials: source.credentials ?? inline };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that was meant literally.
  }
}

/**
 * The source that a redirection leads to. Credentials go along to the same host only.
 * Throws `REFUSED` where following would give up encryption or leave RTSP.
 */
export function redirected(source: IngestSource, location: string): IngestSource {
  const from = parseRtspAddress(source);
  const where = location.trim().replace(/^(rtsps?:\/\/)[^/?#]*@/i, '$1').slice(0, 300);
  const advice = 'configure the address that is meant';
  if (!/^rtsps?:\/\/[^/?#]/i.test(where) || !URL.canParse(where)) throw new IngestError('REFUSED', `the camera redirects to ${printable(where)}, which is no RTSP address; ${advice}`);
  const to = parseRtspAddress({ url: where });
  if (from.secure && !to.secure) throw new IngestError('REFUSED', `the camera redirects from TLS to ${printable(where)} without; ${advice}`);
  const { credentials: _, url: __, ...rest } = source;
  return { ...rest, url: where, ...(to.host === from.host && from.credentials !== undefined && { credentials: from.credentials }) };
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
