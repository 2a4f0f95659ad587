// A camera for tests: a small RTSP server on loopback that can misbehave in every way the recorder must survive.
import { createHash } from 'node:crypto';
import net from 'node:net';
import { audioUnit, parameterSets, picture, type PictureOptions } from './picture-stream.ts';
import { RtpPacker, senderReport } from './rtp-packer.ts';

/** How the source behaves. */
export interface SourceOptions {
  readonly password?: string;
  readonly scheme?: 'basic' | 'MD5' | 'SHA-256';
  /** The nonce is declared stale after this many requests. */
  readonly staleAfter?: number;
  readonly audio?: boolean;
  readonly pictures?: PictureOptions;
  /** Pictures a second. */
  readonly rate?: number;
  /** Stop the flow after this many pictures, keeping the connection. */
  readonly silentAfter?: number;
  /** Close the connection after this many pictures. */
  readonly closeAfter?: number;
  /** Replaces the answer to a method with these bytes; undefined gives the normal answer. */
  readonly answer?: (method: string, connection: number) => string | Buffer | undefined;
  /** Changes or drops the packets of a picture. */
  readonly mangle?: (packets: Buffer[], index: number) => Buffer[];
  readonly sdp?: string;
  readonly cameraClockMs?: number;
  /** Leave sprop-parameter-sets out of the SDP. */
  readonly withoutSprop?: boolean;
  /** Pictures after this index use other parameter sets. */
  readonly changeAt?: number;
  /** Sent before the answer to PLAY. */
  readonly early?: Buffer;
  /** A request of the server, sent after this many pictures. */
  readonly ask?: { readonly after: number; readonly text: string };
  /** Address of the stream in Content-Base, instead of the requested one. */
  readonly base?: string;
}

const tickRate = 90_000;

/** A running source. Pictures are numbered over all connections, so that a test can see what was missed. */
export class RtspSource {
  readonly methods: string[] = [];
  /** Heads as they came. */
  readonly requests: string[] = [];
  connections = 0;
  sent = 0;
  readonly #server: net.Server;
  readonly #options: SourceOptions;
  readonly #sockets = new Set<net.Socket>();

  private constructor(options: SourceOptions) {
    this.#options = options;
    this.#server = net.createServer((socket) => this.#serve(socket));
  }

  /** Starts on a free port. */
  static async start(options: SourceOptions = {}): Promise<RtspSource> {
    const source = new RtspSource(options);
    await new Promise<void>((resolve) => source.#server.listen(0, '127.0.0.1', resolve));
    return source;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get url(): string {
    return `rtsp://127.0.0.1:${this.port}/camera`;
  }

  /** Cuts all connections, as a switch that loses power. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: net.Socket): void {
    this.connections += 1;
    const connection = this.connections;
    this.#sockets.add(socket);
    let text = '';
    let stop = (): void => {};
    let asked = 0;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      stop();
    });
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const request = text.slice(0, end);
        text = text.slice(end + 4);
        asked += 1;
        const method = this.#answer(socket, request, connection, asked);
        if (method === 'PLAY') stop = this.#play(socket);
      }
    });
  }

  /** Answers; gives the method when the answer was a success. */
  #answer(socket: net.Socket, request: string, connection: number, asked: number): string | undefined {
    const [method = '', url = ''] = request.split(' ');
    this.methods.push(method);
    this.requests.push(request);
    const sequence = /CSeq: (\d+)/.exec(request)?.[1] ?? '0';
    const special = this.#options.answer?.(method, connection);
    if (special !== undefined) {
      socket.write(typeof special === 'string' ? special.replace('$CSEQ', sequence).replace('$PORT', String(this.port)) : special);
      return undefined;
    }
    const refusal = this.#refusal(method, url, request, asked);
    const answer = (status: string, headers: string, body = ''): boolean =>
      socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\n${headers}${body === '' ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body}`);
    if (refusal !== undefined) {
      answer('401 Unauthorized', refusal);
      return undefined;
    }
    if (method === 'OPTIONS') answer('200 OK', 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n');
    else if (method === 'DESCRIBE') answer('200 OK', `Content-Type: application/sdp\r\nContent-Base: ${this.#options.base ?? `${url}/`}\r\n`, this.#options.sdp ?? this.#sdp());
    else if (method === 'SETUP') answer('200 OK', `Session: 12345678;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=${url.endsWith('audio') ? '2-3' : '0-1'}\r\n`);
    else {
      if (method === 'PLAY' && this.#options.early !== undefined) socket.write(this.#options.early);
      answer('200 OK', 'Session: 12345678\r\n');
    }
    if (method === 'TEARDOWN') socket.end();
    return method;
  }

  #refusal(method: string, url: string, request: string, asked: number): string | undefined {
    const { password, scheme = 'MD5', staleAfter = Number.POSITIVE_INFINITY } = this.#options;
    if (password === undefined) return undefined;
    const given = /Authorization: (.*)/.exec(request)?.[1] ?? '';
    if (scheme === 'basic') return given === `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` ? undefined : 'WWW-Authenticate: Basic realm="camera"\r\n';
    const nonce = asked > staleAfter ? 'second' : 'first';
    const field = (name: string): string => new RegExp(`${name}="?([^",]*)`).exec(given)?.[1] ?? '';
    const hash = (value: string): string => createHash(scheme === 'MD5' ? 'md5' : 'sha256').update(value).digest('hex');
    const first = hash(`admin:camera:${password}`);
    const second = hash(`${method}:${url}`);
    const expected = hash(`${first}:${nonce}:${field('nc')}:${field('cnonce')}:auth:${second}`);
    if (field('response') === expected) return undefined;
    const stale = field('nonce') === 'first' && nonce === 'second' ? ', stale=true' : '';
    return `WWW-Authenticate: Digest realm="camera", nonce="${nonce}", algorithm=${scheme}, qop="auth", random="7"${stale}\r\n`;
  }

  #sdp(): string {
    const { pictures, audio, withoutSprop } = this.#options;
    const { sps, pps } = pictures?.sets ?? parameterSets.large;
    const sprop = withoutSprop === true ? '' : `;sprop-parameter-sets=${sps.toString('base64')},${pps.toString('base64')}`;
    const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=test', 't=0 0', 'a=control:*', 'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000 ', `a=fmtp:96 packetization-mode=1${sprop}`, 'a=control:video'];
    if (audio === true) lines.push('m=audio 0 RTP/AVP 97', 'a=rtpmap:97 MPEG4-GENERIC/48000/1', 'a=fmtp:97 streamtype=5; mode=AAC-hbr; sizelength=13; indexlength=3; indexdeltalength=3; config=1188', 'a=control:audio');
    return `${lines.join('\r\n')}\r\n`;
  }

  #play(socket: net.Socket): () => void {
    const { rate = 25, pictures = {}, audio, mangle, silentAfter = Number.POSITIVE_INFINITY, closeAfter = Number.POSITIVE_INFINITY, cameraClockMs, changeAt = Number.POSITIVE_INFINITY } = this.#options;
    const video = new RtpPacker(0, 96);
    const sound = new RtpPacker(2, 97, 0x2222, 10);
    const startTicks = 0xffff_0000; // Wraps after a few pictures.
    let played = 0;
    let units = 0;
    const first = this.sent;
    if (cameraClockMs !== undefined) socket.write(Buffer.concat([senderReport(1, 0x1234_5678, cameraClockMs, startTicks), senderReport(3, 0x2222, cameraClockMs, 0)]));
    const timer = setInterval(() => {
      if (played >= silentAfter) return;
      const index = this.sent;
      const one = picture(index, index >= changeAt ? { ...pictures, sets: parameterSets.small } : pictures);
      const packets = video.picture(one.nals, startTicks + (index - first) * (tickRate / 25));
      this.sent += 1;
      played += 1;
      socket.write(Buffer.concat(mangle === undefined ? packets : mangle(packets, index)));
      while (audio === true && units * 1024 < (played / 25) * 48_000) {
        socket.write(sound.audio([audioUnit(units), audioUnit(units + 1)], units * 1024));
        units += 2;
      }
      if (played === this.#options.ask?.after) socket.write(this.#options.ask.text);
      if (played >= closeAfter) socket.destroy();
    }, 1000 / rate);
    return () => clearInterval(timer);
  }
}
