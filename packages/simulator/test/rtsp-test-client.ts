// A small RTSP client for tests: digest answers, responses in order, interleaved packets collected.
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { Socket } from 'node:net';

export interface TestResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface TestPacket {
  readonly channel: number;
  readonly payload: Buffer;
}

export class RtspTestClient {
  readonly socket: Socket;
  readonly packets: TestPacket[] = [];
  readonly url: string;
  username = 'admin';
  password = 'wanglou-sim';
  closed = false;
  session = '';
  #buffer: Buffer = Buffer.alloc(0);
  #challenge: { realm: string; nonce: string; algorithm: string } | undefined;
  #sequence = 0;
  #responses: TestResponse[] = [];
  #wake: (() => void) | undefined;

  constructor(url: string) {
    this.url = url;
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (chunk) => this.#receive(chunk));
    this.socket.on('error', () => this.socket.destroy());
    this.socket.once('close', () => {
      this.closed = true;
      this.#wake?.();
    });
  }

  /** Sends a request and, when challenged and `authenticate` is set, sends it again with a digest. */
  async request(method: string, uri: string, headers: Record<string, string> = {}, authenticate = true): Promise<TestResponse> {
    const first = await this.#exchange(method, uri, headers);
    if (first.status !== 401 || !authenticate) return first;
    this.learn(first);
    return this.#exchange(method, uri, headers);
  }

  /** Remembers the challenge of a 401. */
  learn(response: TestResponse): void {
    const challenge = response.headers.get('www-authenticate') ?? '';
    const value = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(challenge)?.[1] ?? '';
    this.#challenge = { realm: value('realm'), nonce: value('nonce'), algorithm: value('algorithm') };
  }

  /** DESCRIBE, SETUP of the first `tracks` tracks, PLAY. */
  async play(tracks = 1): Promise<TestResponse> {
    await this.request('DESCRIBE', this.url);
    for (let track = 0; track < tracks; track += 1) {
      const answer = await this.request('SETUP', `${this.url}/trackID=${track}`, {
        Transport: `RTP/AVP/TCP;unicast;interleaved=${track * 2}-${track * 2 + 1}`,
        ...(this.session === '' ? {} : { Session: this.session }),
      });
      this.session = answer.headers.get('session')?.split(';')[0] ?? '';
    }
    return this.request('PLAY', this.url, { Session: this.session });
  }

  rtp(channel: number): Buffer[] {
    return this.packets.filter((packet) => packet.channel === channel).map((packet) => packet.payload);
  }

  /** Waits until `condition` holds or the connection closes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    const closing = once(this.socket, 'close');
    this.socket.destroy();
    await closing;
  }

  async #exchange(method: string, uri: string, headers: Record<string, string>): Promise<TestResponse> {
    this.#sequence += 1;
    const authorization = this.#challenge ? { Authorization: this.#authorization(method, uri) } : {};
    const lines = Object.entries({ CSeq: String(this.#sequence), ...authorization, ...headers }).map(([name, value]) => `${name}: ${value}`);
    this.socket.write(`${method} ${uri} RTSP/1.0\r\n${lines.join('\r\n')}\r\n\r\n`);
    const count = this.#responses.length;
    await this.until(() => this.#responses.length > count);
    return this.#responses[count] ?? { status: 0, headers: new Map(), body: '' };
  }

  #authorization(method: string, uri: string): string {
    const { realm, nonce, algorithm } = this.#challenge ?? { realm: '', nonce: '', algorithm: '' };
    const hash = (text: string): string => createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5').update(text).digest('hex');
    const response = hash(`${hash(`${this.username}:${realm}:${this.password}`)}:${nonce}:${hash(`${method}:${uri}`)}`);
    return `Digest username="${this.username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}`;
  }

  #receive(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    while (this.#takeOne());
    this.#wake?.();
  }

  #takeOne(): boolean {
    if (this.#buffer[0] === 0x24) {
      if (this.#buffer.length < 4) return false;
      const end = 4 + this.#buffer.readUInt16BE(2);
      if (this.#buffer.length < end) return false;
      this.packets.push({ channel: this.#buffer.readUInt8(1), payload: this.#buffer.subarray(4, end) });
      this.#buffer = this.#buffer.subarray(end);
      return true;
    }
    const headerEnd = this.#buffer.indexOf('\r\n\r\n');
    if (headerEnd < 0) return false;
    const [first = '', ...lines] = this.#buffer.toString('utf8', 0, headerEnd).split('\r\n');
    const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const));
    const end = headerEnd + 4 + Number(headers.get('content-length') ?? 0);
    if (this.#buffer.length < end) return false;
    this.#responses.push({ status: Number(first.split(' ')[1]), headers, body: this.#buffer.toString('utf8', headerEnd + 4, end) });
    this.#buffer = this.#buffer.subarray(end);
    return true;
  }
}
