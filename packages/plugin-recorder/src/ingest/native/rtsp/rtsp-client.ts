// The order of requests that makes a camera play (RFC 2326): OPTIONS, DESCRIBE, SETUP for each track, PLAY; then keep-alive.
import { IngestError } from '../../ingest-error.ts';
import { controlUrl, parseSdp, type Sdp, type SdpMedia } from '../sdp.ts';
import type { RtspConnection } from './rtsp-connection.ts';
import { header, type RtspResponse } from './rtsp-message.ts';

/** What DESCRIBE told. */
export interface Description {
  readonly sdp: Sdp;
  readonly baseUrl: string;
}

/** Interleaved channels of a track. */
export interface Channels {
  readonly media: number;
  readonly control: number;
}

const defaultSessionSeconds = 60;

/** Speaks one RTSP session over a connection. */
export class RtspClient {
  readonly #connection: RtspConnection;
  readonly #url: string;
  #methods: ReadonlySet<string> = new Set();
  #aggregateUrl: string;
  #sessionSeconds = defaultSessionSeconds;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(connection: RtspConnection, url: string) {
    this.#connection = connection;
    this.#url = url;
    this.#aggregateUrl = url;
  }

  /** Asks what the server can do, and for the description of the stream. */
  async describe(): Promise<Description> {
    const options = await this.#connection.request('OPTIONS', this.#url);
    // Some servers refuse OPTIONS without a session; the answer only helps to choose the keep-alive.
    this.#methods = new Set((header(options.headers, 'public') ?? '').split(',').map((method) => method.trim().toUpperCase()));
    const response = accepted('DESCRIBE', await this.#connection.request('DESCRIBE', this.#url, { Accept: 'application/sdp' }));
    const baseUrl = header(response.headers, 'content-base') ?? header(response.headers, 'content-location') ?? this.#url;
    const sdp = parseSdp(response.body.toString('utf8'));
    if (sdp.media.length === 0) throw new IngestError('PROTOCOL', 'the camera describes its stream with an SDP that has no media');
    this.#aggregateUrl = controlUrl(withScheme(baseUrl, this.#url), sdp.control);
    return { sdp, baseUrl: withScheme(baseUrl, this.#url) };
  }

  /** Sets a track up over the same connection. */
  async setup(description: Description, media: SdpMedia, index: number): Promise<Channels> {
    const wanted = { media: index * 2, control: index * 2 + 1 };
    const response = accepted('SETUP', await this.#connection.request('SETUP', controlUrl(description.baseUrl, media.control), {
      Transport: `RTP/AVP/TCP;unicast;interleaved=${wanted.media}-${wanted.control}`,
    }));
    const session = /^([^;\s]+)(?:.*;\s*timeout\s*=\s*(\d+))?/i.exec(header(response.headers, 'session') ?? '');
    if (session?.[1] === undefined) throw new IngestError('PROTOCOL', 'the camera answered SETUP without a session');
    this.#connection.session = session[1];
    if (session[2] !== undefined) this.#sessionSeconds = Math.min(3600, Math.max(4, Number(session[2])));
    const given = /interleaved\s*=\s*(\d{1,3})\s*-\s*(\d{1,3})/i.exec(header(response.headers, 'transport') ?? '');
    return given === null ? wanted : { media: Number(given[1]), control: Number(given[2]) };
  }

  /** Starts the flow and keeps the session alive. */
  async play(): Promise<void> {
    accepted('PLAY', await this.#connection.request('PLAY', this.#aggregateUrl, { Range: 'npt=0.000-' }));
    this.#connection.startTicking();
    this.#keepAlive = setInterval(() => void this.#stayAlive(), (this.#sessionSeconds * 1000) / 2);
  }

  /** Says goodbye as far as possible and ends the connection. */
  async teardown(): Promise<void> {
    this.release();
    const farewell = this.#connection.request('TEARDOWN', this.#aggregateUrl).catch(() => undefined);
    const patience = new Promise((resolve) => setTimeout(resolve, 300).unref());
    await Promise.race([farewell, patience]);
    this.#connection.fail(new IngestError('STOPPED', 'recording was stopped'));
  }

  /** Stops the keep-alive; for a connection that is over. */
  release(): void {
    clearInterval(this.#keepAlive);
  }

  /** Any request keeps a session alive (ONVIF Streaming Specification), but some cameras understand only one: choose from Public, learn from refusals. */
  async #stayAlive(): Promise<void> {
    const method = this.#methods.has('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS';
    try {
      const response = await this.#connection.request(method, this.#aggregateUrl);
      if (response.status >= 400 && method === 'GET_PARAMETER') this.#methods = new Set();
    } catch {
      // Media may flow without answers to keep-alives; the silence watchdog decides whether the camera is gone.
    }
  }
}

/** A relative or foreign base (cameras behind address translation announce their inner address) keeps the path only. */
function withScheme(base: string, url: string): string {
  if (!/^rtsp:\/\//i.test(base)) return url;
  const authority = /^rtsp:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
  return base.trim().replace(/^(rtsp:\/\/)[^/?#]*/i, `$1${authority}`);
}

/** The response, or the error that its status means. */
function accepted(method: string, response: RtspResponse): RtspResponse {
  const { status, reason } = response;
  const said = `${method}: ${status} ${reason.slice(0, 80)}`.trim();
  if (status >= 200 && status < 300) return response;
  if (status === 403) throw new IngestError('UNAUTHORIZED', `the camera forbids this user to play the stream (${said})`);
  if (status === 404) throw new IngestError('NOT_FOUND', `the camera has no such stream (${said}); check the path`);
  if (status >= 300 && status < 400) throw new IngestError('REFUSED', `the camera redirects to another address (${said}); configure that address`);
  throw new IngestError('REFUSED', `the camera refuses to play (${said})`);
}
