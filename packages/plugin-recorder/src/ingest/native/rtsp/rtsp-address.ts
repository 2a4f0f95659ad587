// Camera addresses: credentials are split off at once, so that nothing further on can print them.
import type { IngestSource } from '../../ingest-engine.ts';
import { IngestError } from '../../ingest-error.ts';

/** An address ready to connect. */
export interface RtspAddress {
  readonly host: string;
  readonly port: number;
  /** Request address without credentials. */
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** Parses the address of a source; throws `UNSUPPORTED_ADDRESS`. */
export function parseRtspAddress(source: IngestSource): RtspAddress {
  const url = URL.canParse(source.url) ? new URL(source.url) : undefined;
  if (url?.protocol !== 'rtsp:' || url.hostname === '') {
    throw new IngestError('UNSUPPORTED_ADDRESS', `the stream address must look like rtsp://host/path${url === undefined ? '' : `, not ${url.protocol}//...`}`);
  }
  const inline = url.username === '' ? undefined : { username: decode(url.username), password: decode(url.password) };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 554 : Number(url.port);
  // Cut the text instead of printing the URL: some cameras are particular about the exact path and query that they announced.
  return { host, port, url: source.url.replace(/^(rtsp:\/\/)[^/?#]*@/i, '$1'), credentials: source.credentials ?? inline };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that was meant literally.
  }
}
