// The order of requests that makes a camera play (RFC 2326): OPTIONS, DESCRIBE, SETUP for each track, PLAY; then keep-alive.
import { IngestError } from '../../ingest-error.ts';
import { controlUrl, parseSdp, type Sdp, type SdpMedia } from '../sdp.ts';
import { KeepAlive } from './keep-alive.ts';
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
const farewellMs = 300;
const unsupportedTransport = 461;

/** Speaks one RTSP session over a connection. */
export class RtspClient {
  readonly #connection: RtspConnection;
  readonly #url: string;
  readonly #refusedKeepAlives: Set<string>;
  #methods: ReadonlySet<string> = new Set();
  #aggregateUrl: string;
  #sessionSeconds = defaultSessionSeconds;
  #keepAlive: KeepAlive | undefined;

  /** @param refusedKeepAlives - what the camera refused earlier; refusals are added */
  constructor(connection: RtspConnection, url: string, refusedKeepAlives: Set<string>) {
    this.#connection = connection;
    this.#url = url;
    this.#aggregateUrl = url;
    this.#refusedKeepAlives = refusedKeepAlives;
  }

  /** Asks what the server can do, and for the description of the stream. A redirection is an error with its `location`. */
  async describe(): Promise<Description> {
    const options = await this.#connection.request('OPTIONS', this.#url);
    // Some servers refuse OPTIONS without a session; the answer only helps to choose the keep-alive.
    this.#methods = new Set((header(options.headers, 'public') ?? '').split(',').map((method) => method.trim().toUpperCase()));
    const response = accepted('DESCRIBE', await this.#connection.request('DESCRIBE', this.#url, { Accept: 'application/sdp' }));
    const baseUrl = withAuthority(header(response.headers, 'content-base') ?? header(response.headers, 'content-location') ?? this.#url, this.#url);
    const sdp = parseSdp(response.body.toString('utf8'));
    if (sdp.media.length === 0) throw new IngestError('PROTOCOL', 'the camera describes its stream with an SDP that has no media');
    this.#aggregateUrl = controlUrl(baseUrl, sdp.control);
    return { sdp, baseUrl };
  }

  /**
   * Sets a track up over the same connection.
   * @returns undefined when the camera does not send pictures that way (461)
   */
  async setupInterleaved(description: Description, media: SdpMedia, wanted: Channels): Promise<Channels | undefined> {
    const transport = await this.#setup(description, media, `RTP/AVP/TCP;unicast;interleaved=${wanted.media}-${wanted.control}`);
    if (transport === undefined) return undefined;
    const given = /interleaved\s*=\s*(\d{1,3})\s*-\s*(\d{1,3})/i.exec(transport);
    return given === null ? wanted : { media: Number(given[1]), control: Number(given[2]) };
  }

  /**
   * Sets a track up over UDP.
   * @returns the port from which the camera sends control packets, 0 when it does not say; undefined for 461
   */
  async setupUdp(description: Description, media: SdpMedia, port: number): Promise<number | undefined> {
    const transport = await this.#setup(description, media, `RTP/AVP;unicast;client_port=${port}-${port + 1}`);
    if (transport === undefined) return undefined;
    const given = /server_port\s*=\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?/i.exec(transport);
    const control = Number(given?.[2] ?? Number(given?.[1] ?? -1) + 1);
    return control > 0 && control < 65_536 ? control : 0;
  }

  /** Starts the flow and keeps the session alive. */
  async play(): Promise<void> {
    accepted('PLAY', await this.#connection.request('PLAY', this.#aggregateUrl, { Range: 'npt=0.000-' }));
    this.#connection.startTicking();
    this.#keepAlive = new KeepAlive({ connection: this.#connection, url: this.#aggregateUrl, offered: this.#methods, refused: this.#refusedKeepAlives, sessionSeconds: this.#sessionSeconds });
  }

  /** Says goodbye as far as possible and ends the connection. */
  async teardown(): Promise<void> {
    this.release();
    const farewell = this.#connection.request('TEARDOWN', this.#aggregateUrl).catch(() => undefined);
    const patience = new Promise((resolve) => setTimeout(resolve, farewellMs).unref());
    await Promise.race([farewell, patience]);
    this.#connection.fail(new IngestError('STOPPED', 'recording was stopped'));
  }

  /** Stops the keep-alive; for a connection that is over. */
  release(): void {
    this.#keepAlive?.stop();
  }

  /** The Transport header of the answer; undefined for 461. */
  async #setup(description: Description, media: SdpMedia, transport: string): Promise<string | undefined> {
    const answer = await this.#connection.request('SETUP', controlUrl(description.baseUrl, media.control), { Transport: transport });
    if (answer.status === unsupportedTransport) return undefined;
    const response = accepted('SETUP', answer);
    const session = /^([^;\s]+)(?:.*;\s*timeout\s*=\s*(\d+))?/i.exec(header(response.headers, 'session') ?? '');
    if (session?.[1] === undefined) throw new IngestError('PROTOCOL', 'the camera answered SETUP without a session');
    this.#connection.session = session[1];
    if (session[2] !== undefined) this.#sessionSeconds = Math.min(3600, Math.max(4, Number(session[2])));
    return header(response.headers, 'transport') ?? '';
  }
}

/** A relative or foreign base (cameras behind address translation announce their inner address) keeps the path only. */
function withAuthority(base: string, url: string): string {
  const foreign = /^rtsps?:\/\/[^/?#]*/i;
  const own = foreign.exec(url)?.[0] ?? '';
  return foreign.test(base.trim()) ? base.trim().replace(foreign, () => own) : url;
}

/** The response, or the error that its status means. */
function accepted(method: string, response: RtspResponse): RtspResponse {
  const { status, reason } = response;
  const said = `${method}: ${status} ${reason.slice(0, 80)}`.trim();
  if (status >= 200 && status < 300) return response;
  if (status === 403) throw new IngestError('UNAUTHORIZED', `the camera forbids this user to play the stream (${said})`);
  if (status === 404) throw new IngestError('NOT_FOUND', `the camera has no such stream (${said}); check the path`);
  const location = header(response.headers, 'location');
  if (status >= 300 && status < 400 && location !== undefined) throw new IngestError('REFUSED', `the camera redirects to another address (${said})`, { location });
  throw new IngestError('REFUSED', `the camera refuses to play (${said})`);
}
