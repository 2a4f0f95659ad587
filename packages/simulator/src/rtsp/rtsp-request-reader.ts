// Cuts the bytes of an RTSP connection into requests and interleaved packets (RFC 2326 clauses 4, 6 and 10.12), with caps.

/** One parsed request. Header names are lower case; of repeated headers the last counts. */
export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly version: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** An interleaved packet from the client, in practice an RTCP receiver report. */
export interface InterleavedPacket {
  readonly kind: 'packet';
  readonly channel: number;
  readonly payload: Buffer;
}

/** The bytes are not RTSP, or too many. The connection cannot go on: where the next message starts is unknown. */
export class RtspSyntaxError extends Error {
  override readonly name = 'RtspSyntaxError';
  /** RTSP status that says it best. */
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

const maxHeaderBytes = 16 * 1024;
const maxBodyBytes = 64 * 1024;
const headerEnd = '\r\n\r\n';

/** Incremental reader of one connection. */
export class RtspRequestReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Adds received bytes. */
  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
  }

  /** The next whole message, or `undefined` until more bytes come. Throws {@link RtspSyntaxError}. */
  next(): RtspRequest | InterleavedPacket | undefined {
    this.#skipEmptyLines();
    if (this.#pending.length === 0) return undefined;
    return this.#pending[0] === 0x24 ? this.#nextPacket() : this.#nextRequest();
  }

  #skipEmptyLines(): void {
    let start = 0;
    while (this.#pending[start] === 0x0d || this.#pending[start] === 0x0a) start += 1;
    if (start > 0) this.#pending = this.#pending.subarray(start);
  }

  #nextPacket(): InterleavedPacket | undefined {
    if (this.#pending.length < 4) return undefined;
    const end = 4 + this.#pending.readUInt16BE(2);
    if (this.#pending.length < end) return undefined;
    const packet = { kind: 'packet', channel: this.#pending.readUInt8(1), payload: this.#pending.subarray(4, end) } as const;
    this.#pending = this.#pending.subarray(end);
    return packet;
  }

  #nextRequest(): RtspRequest | undefined {
    const end = this.#pending.indexOf(headerEnd);
    if (end > maxHeaderBytes || (end < 0 && this.#pending.length > maxHeaderBytes)) {
      throw new RtspSyntaxError(413, `request header over ${maxHeaderBytes} bytes`);
    }
    if (end < 0) return undefined;
    const lines = this.#pending.toString('utf8', 0, end).split('\r\n');
    const match = /^([A-Z_]{1,32}) (\S{1,4096}) (RTSP\/\d\.\d)$/.exec(lines[0] ?? '');
    if (!match) throw new RtspSyntaxError(400, 'no RTSP request line');
    const headers = parseHeaders(lines.slice(1));
    const bodyStart = end + headerEnd.length;
    const bodyEnd = bodyStart + bodyLength(headers);
    if (this.#pending.length < bodyEnd) return undefined;
    const body = this.#pending.subarray(bodyStart, bodyEnd);
    this.#pending = this.#pending.subarray(bodyEnd);
    return { kind: 'request', method: match[1] ?? '', uri: match[2] ?? '', version: match[3] ?? '', headers, body };
  }
}

function parseHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new RtspSyntaxError(400, 'header line without a name');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

function bodyLength(headers: ReadonlyMap<string, string>): number {
  const text = headers.get('content-length');
  if (text === undefined) return 0;
  if (!/^\d{1,9}$/.test(text)) throw new RtspSyntaxError(400, 'Content-Length is not a number');
  const length = Number(text);
  if (length > maxBodyBytes) throw new RtspSyntaxError(413, `request body over ${maxBodyBytes} bytes`);
  return length;
}
