// One TCP or TLS connection that carries RTSP requests, their answers and interleaved media. Knows no media; every wait has a deadline.
import { randomBytes } from 'node:crypto';
import type net from 'node:net';
import type { IngestTls } from '../../ingest-engine.ts';
import { IngestError, toIngestError } from '../../ingest-error.ts';
import { readBuffer, type DrainTick } from './drain-tick.ts';
import { InterleavedReader } from './interleaved-reader.ts';
import { openSocket } from './open-socket.ts';
import { Authorizer, parseChallenges } from './rtsp-authentication.ts';
import { formatRtspRequest, header, type RtspResponse, type RtspServerRequest } from './rtsp-message.ts';

/** What a connection needs. */
export interface RtspConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** How the certificate is checked; undefined without TLS. */
  readonly secure: IngestTls | undefined;
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
  readonly connectMs: number;
  readonly requestMs: number;
  readonly tick: DrainTick;
  /** Called for each interleaved packet; the bytes are valid during the call only. */
  readonly onPacket: (channel: number, buffer: Buffer, start: number, end: number) => void;
}

interface Pending {
  resolve(response: RtspResponse): void;
  reject(error: IngestError): void;
  readonly timer: NodeJS.Timeout;
}

/** An open connection; `closed` rejects with the reason when it ends, whoever ends it. */
export class RtspConnection {
  readonly closed: Promise<never>;
  /** Answers so far: a camera that answers lives, even when it has nothing to show. */
  answers = 0;
  readonly #options: RtspConnectionOptions;
  readonly #socket: net.Socket;
  readonly #ready: Promise<void>;
  readonly #reader: InterleavedReader;
  readonly #authorizer: Authorizer | undefined;
  readonly #pending = new Map<number, Pending>();
  #sequence = 0;
  #session: string | undefined;
  #ticking = false;
  #prompt = false;
  #failure: IngestError | undefined;
  #rejectClosed: (error: IngestError) => void = () => {};

  private constructor(options: RtspConnectionOptions) {
    this.#options = options;
    this.closed = new Promise<never>((_, reject) => {
      this.#rejectClosed = reject;
    });
    this.closed.catch(() => {}); // Nobody may be waiting when it ends.
    const credentials = options.credentials;
    this.#authorizer = credentials === undefined ? undefined : new Authorizer(credentials.username, credentials.password, () => randomBytes(8).toString('hex'));
    this.#reader = new InterleavedReader({ packet: options.onPacket, message: (message) => this.#message(message) });
    const { host, port, secure } = options;
    const { socket, ready } = openSocket({ host, port, secure, buffer: readBuffer(), read: (length, buffer) => this.#read(length, buffer) });
    this.#socket = socket;
    this.#ready = ready;
    ready.catch(() => {}); // Whoever opens the connection waits for it, unless it has failed before.
  }

  /** Connects. Rejects with `CONNECT`, `TIMEOUT` or `CERTIFICATE`. */
  static async open(options: RtspConnectionOptions): Promise<RtspConnection> {
    const connection = new RtspConnection(options);
    const socket = connection.#socket;
    const where = `${options.host}:${options.port}`;
    const timer = setTimeout(() => connection.fail(new IngestError('TIMEOUT', `no connection to ${where} within ${options.connectMs} ms; is the camera switched on and reachable?`)), options.connectMs);
    let open = false;
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const text = `${error.code ?? error.message}`;
      connection.fail(open ? new IngestError('CLOSED', `connection to ${where} broke (${text})`) : new IngestError('CONNECT', `cannot connect to ${where} (${text}); check address, port and network`));
    });
    socket.on('close', () => connection.fail(new IngestError('CLOSED', `the camera at ${where} closed the connection`)));
    try {
      await Promise.race([connection.#ready, connection.closed]);
      open = true;
      return connection;
    } catch (error) {
      connection.fail(toIngestError(error));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Own address and the camera's, as this connection sees them. */
  get addresses(): { readonly local: string; readonly remote: string } {
    return { local: this.#socket.localAddress ?? '', remote: this.#socket.remoteAddress ?? '' };
  }

  /** RTSP session id that SETUP gave. */
  set session(value: string | undefined) {
    this.#session = value;
  }

  /** Media flows from now on: the socket is read by the shared tick instead of packet by packet. Not so TLS, which hands on 16 KiB at a time at most. */
  startTicking(): void {
    if (this.#options.secure !== undefined) return;
    this.#ticking = true;
    this.#options.tick.add(this.#socket);
  }

  /** Reads as packets come while it is true, even though media flows. */
  setPrompt(prompt: boolean): void {
    this.#prompt = prompt;
  }

  /** Sends a request and waits for its answer, answering authentication challenges on the way. Any status but 401 is returned. */
  async request(method: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<RtspResponse> {
    for (let attempt = 0; ; attempt += 1) {
      const response = await this.#exchange(method, url, headers);
      if (response.status !== 401) return response;
      if (this.#authorizer === undefined) throw new IngestError('UNAUTHORIZED', 'the camera asks for a user name and password, and none is configured');
      const verdict = this.#authorizer.challenged(parseChallenges(response.headers.get('www-authenticate') ?? []));
      if (verdict === 'unspoken') throw new IngestError('UNAUTHORIZED', 'the camera offers no way to sign in that is spoken here; set it to Digest with MD5 or SHA-256');
      if (verdict === 'refused' || attempt >= 2) throw new IngestError('UNAUTHORIZED', 'the camera refuses the user name or password');
    }
  }

  /** Sends a request whose answer does not matter. */
  send(method: string, url: string, headers: Readonly<Record<string, string>> = {}): void {
    if (this.#failure === undefined) this.#write(method, url, headers);
  }

  /** Ends the connection for this reason; the first reason counts. */
  fail(error: IngestError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#options.tick.remove(this.#socket);
    this.#socket.destroy();
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(error);
    }
    this.#pending.clear();
    this.#rejectClosed(error);
  }

  #read(length: number, buffer: Buffer): boolean {
    if (this.#failure !== undefined) return false;
    try {
      this.#reader.push(buffer, length);
    } catch (error) {
      this.fail(toIngestError(error));
      return false;
    }
    // Returning false pauses until the next tick. A full buffer means that more is waiting: keep reading, or the bit rate would be capped.
    return !this.#ticking || this.#prompt || length === buffer.length;
  }

  #exchange(method: string, url: string, headers: Readonly<Record<string, string>>): Promise<RtspResponse> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { requestMs } = this.#options;
    return new Promise((resolve, reject) => {
      const sequence = this.#write(method, url, headers);
      const timer = setTimeout(() => {
        this.#pending.delete(sequence);
        reject(new IngestError('TIMEOUT', `the camera did not answer ${method} within ${requestMs} ms`));
      }, requestMs);
      this.#pending.set(sequence, { resolve, reject, timer });
    });
  }

  #write(method: string, url: string, headers: Readonly<Record<string, string>>): number {
    this.#sequence += 1;
    const text = formatRtspRequest(method, url, {
      CSeq: String(this.#sequence),
      'User-Agent': 'Wanglou',
      Session: this.#session,
      Authorization: this.#authorizer?.authorization(method, url),
      ...headers,
    });
    this.#socket.write(text);
    return this.#sequence;
  }

  #message(message: RtspResponse | RtspServerRequest): void {
    this.answers += 1;
    if (message.kind === 'request') {
      // Some cameras look whether we live, with whatever method they like.
      const status = ['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'REDIRECT'].includes(message.method) ? '200 OK' : '405 Method Not Allowed';
      this.#socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${header(message.headers, 'cseq')?.replace(/\D/g, '') ?? '0'}\r\n\r\n`);
      const location = message.method === 'REDIRECT' ? header(message.headers, 'location') : undefined;
      if (location !== undefined) this.fail(new IngestError('CLOSED', 'the camera asks to be connected at another address', { location }));
      return;
    }
    const sequence = Number(header(message.headers, 'cseq') ?? Number.NaN);
    // Some cameras leave CSeq out; with one request under way the answer is clear anyway.
    const key = this.#pending.has(sequence) ? sequence : Number.isNaN(sequence) ? this.#pending.keys().next().value : undefined;
    const pending = key === undefined ? undefined : this.#pending.get(key);
    if (key === undefined || pending === undefined) return;
    this.#pending.delete(key);
    clearTimeout(pending.timer);
    this.#authorizer?.informed(header(message.headers, 'authentication-info'));
    pending.resolve(message);
  }
}
