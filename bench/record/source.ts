// Many cheap cameras in one process of their own: one shared buffer per picture, one socket write per picture and client.
import net from 'node:net';
import { readLoop, type Loop } from './loop.ts';

const [folder = ''] = process.argv.slice(2);
const loop = await readLoop(folder);
const phaseCount = 8;
const payloadBytes = 1398;

/** Cameras of one phase send the same bytes at the same time; phases spread the keyframes. */
class Phase {
  readonly clients = new Set<net.Socket>();
  readonly #loop: Loop;
  readonly #shift: number;
  #picture = 0;
  #sound = 0;
  #videoSequence = 0;
  #audioSequence = 0;
  readonly #scratch = Buffer.alloc(2 * 1024 * 1024);

  constructor(source: Loop, index: number) {
    this.#loop = source;
    this.#shift = index * 6;
  }

  /** Sends what is due after `elapsedMs`. */
  advance(elapsedMs: number): void {
    for (; this.#picture * 40 <= elapsedMs; this.#picture += 1) this.#sendPicture();
    for (; (this.#sound * 1024) / 48 <= elapsedMs; this.#sound += 1) this.#sendSound();
  }

  #sendPicture(): void {
    const nals = this.#loop.pictures[(this.#shift + this.#picture) % this.#loop.pictures.length] ?? [];
    let at = 0;
    nals.forEach((nal, index) => {
      const last = index === nals.length - 1;
      if (nal.length <= payloadBytes) {
        at = this.#packet(at, 0, 96, this.#videoSequence++, this.#picture * 3600, last, [nal]);
        return;
      }
      const header = nal[0] ?? 0;
      for (let from = 1; from < nal.length; from += payloadBytes) {
        const to = Math.min(nal.length, from + payloadBytes);
        const unit = Buffer.from([(header & 0xe0) | 28, (from === 1 ? 0x80 : 0) | (to === nal.length ? 0x40 : 0) | (header & 31)]);
        at = this.#packet(at, 0, 96, this.#videoSequence++, this.#picture * 3600, last && to === nal.length, [unit, nal.subarray(from, to)]);
      }
    });
    this.#send(at);
  }

  #sendSound(): void {
    const unit = this.#loop.sound[this.#sound % this.#loop.sound.length] ?? Buffer.alloc(1);
    const header = Buffer.from([0, 16, (unit.length >> 5) & 0xff, (unit.length << 3) & 0xff]);
    this.#send(this.#packet(0, 2, 97, this.#audioSequence++, this.#sound * 1024, true, [header, unit]));
  }

  #packet(at: number, channel: number, type: number, sequence: number, timestamp: number, marker: boolean, payload: readonly Buffer[]): number {
    const length = payload.reduce((sum, part) => sum + part.length, 12);
    const scratch = this.#scratch;
    scratch[at] = 0x24;
    scratch[at + 1] = channel;
    scratch.writeUInt16BE(length, at + 2);
    scratch[at + 4] = 0x80;
    scratch[at + 5] = (marker ? 0x80 : 0) | type;
    scratch.writeUInt16BE(sequence & 0xffff, at + 6);
    scratch.writeUInt32BE(timestamp >>> 0, at + 8);
    scratch.writeUInt32BE(channel + 1, at + 12);
    let end = at + 16;
    for (const part of payload) end += part.copy(scratch, end);
    return end;
  }

  #send(length: number): void {
    if (this.clients.size === 0) return;
    const bytes = Buffer.from(this.#scratch.subarray(0, length));
    for (const client of this.clients) client.write(bytes);
  }
}

const phases = Array.from({ length: phaseCount }, (_, index) => new Phase(loop, index));
const startedMs = performance.now();
setInterval(() => {
  const elapsedMs = performance.now() - startedMs;
  phases.forEach((phase, index) => phase.advance(elapsedMs + (index * 40) / phaseCount));
}, 5);

const sdp = [
  'v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=bench', 't=0 0', 'a=control:*',
  'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000',
  `a=fmtp:96 packetization-mode=1;profile-level-id=${loop.sps.toString('hex', 1, 4)};sprop-parameter-sets=${loop.sps.toString('base64')},${loop.pps.toString('base64')}`,
  'a=framerate:25', 'a=control:video',
  'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 MPEG4-GENERIC/48000/1',
  'a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1188', 'a=control:audio', '',
].join('\r\n');

const server = net.createServer({ noDelay: true }, (socket) => {
  let text = '';
  let phase: Phase | undefined;
  socket.on('error', () => {}); // A recorder that is killed resets its connections.
  socket.on('close', () => phase?.clients.delete(socket));
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const request = text.slice(text.search(/[A-Z]+ rtsp:/), end);
      text = text.slice(end + 4);
      const [method = '', url = ''] = request.split(' ');
      const answer = (headers: string, body = ''): void => {
        socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${/CSeq: *(\d+)/i.exec(request)?.[1] ?? 0}\r\n${headers}${body === '' ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body}`);
      };
      if (method === 'OPTIONS') answer('Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n');
      else if (method === 'DESCRIBE') answer(`Content-Type: application/sdp\r\nContent-Base: ${url}/\r\n`, sdp);
      else if (method === 'SETUP') answer(`Transport: RTP/AVP/TCP;unicast;interleaved=${url.includes('audio') ? '2-3' : '0-1'}\r\nSession: 1234;timeout=60\r\n`);
      else answer('Session: 1234\r\n');
      if (method === 'PLAY') {
        phase = phases[Number(/\/(\d+)\/?$/.exec(url)?.[1] ?? 0) % phaseCount];
        phase?.clients.add(socket);
      } else if (method === 'TEARDOWN') socket.end();
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port));
process.on('disconnect', () => process.exit(0));
