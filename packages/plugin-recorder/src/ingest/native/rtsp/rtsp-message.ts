// RTSP/1.0 messages (RFC 2326): parsing of untrusted heads and writing of requests.

/** An answer of the server. */
export interface RtspResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: RtspHeaders;
  readonly body: Buffer;
}

/** A request that the server sends to us (some send OPTIONS or SET_PARAMETER to see whether we live). */
export interface RtspServerRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly headers: RtspHeaders;
}

/** Header values by lower-case name; a header may come several times (WWW-Authenticate does). */
export type RtspHeaders = ReadonlyMap<string, readonly string[]>;

/** A parsed head; the body follows. */
export type RtspHead = (Omit<RtspResponse, 'body'> | RtspServerRequest) & { readonly contentLength: number };

const statusLine = /^RTSP\/\d\.\d (\d{3})(?: (.*))?$/;
const requestLine = /^([A-Z_]{3,20}) \S+ RTSP\/\d\.\d$/;

/** Parses everything before the empty line; undefined when it is not RTSP. */
export function parseRtspHead(text: string): RtspHead | undefined {
  const lines = text.split(/\r?\n/);
  const first = lines[0]?.trim() ?? '';
  const headers = parseHeaders(lines.slice(1));
  const length = Number(headers.get('content-length')?.[0] ?? '0');
  if (!Number.isInteger(length) || length < 0) return undefined;
  const status = statusLine.exec(first);
  if (status !== null) return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', headers, contentLength: length };
  const request = requestLine.exec(first);
  return request === null ? undefined : { kind: 'request', method: request[1] ?? '', headers, contentLength: length };
}

function parseHeaders(lines: readonly string[]): RtspHeaders {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const values = headers.get(name);
    const value = line.slice(colon + 1).trim();
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  }
  return headers;
}

/** First value of a header. */
export function header(headers: RtspHeaders, name: string): string | undefined {
  return headers.get(name)?.[0];
}

/** Writes a request without body. Values must not hold line breaks; they are cut off to keep the message whole. */
export function formatRtspRequest(method: string, url: string, headers: Readonly<Record<string, string | undefined>>): string {
  const lines = [`${method} ${clean(url)} RTSP/1.0`];
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) lines.push(`${name}: ${clean(value)}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function clean(text: string): string {
  return text.replace(/[\r\n]/g, '');
}
