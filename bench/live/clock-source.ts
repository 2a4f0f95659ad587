// A camera whose picture shows the time: raw pictures with a bar code of the wall clock, encoded in real time by ffmpeg, served over RTSP to
// any number of clients. Runs as a process of its own and tells its port.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { drawClock, height, rate, width } from './clock-code.ts';

const payloadBytes = 1398;
const encoder = spawn('ffmpeg', [
  '-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', String(rate), '-probesize', '32', '-i', 'pipe:0',
  '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-threads', '1', '-pix_fmt', 'yuv420p', '-g', String(rate * 2), '-b:v', '600k', '-f', 'h264', '-flush_packets', '1', 'pipe:1',
], { stdio: ['pipe', 'pipe', 'inherit'] });

const clients = new Set<net.Socket>();
let [sps, pps] = [Buffer.alloc(0), Buffer.alloc(0)];
let sequence = 0;
let picture = 0;
const frame = Buffer.alloc(width * height, 96);
const startedMs = performance.now();
const described: (() => void)[] = [];

setInterval(() => {
  // Catches up after a late timer, so that the picture's rate is the camera's.
  while ((drawn * 1000) / rate <= performance.now() - startedMs) {
    drawn += 1;
    if (encoder.stdin.writableLength > frame.length * 4) continue;
    drawClock(frame, Date.now());
    encoder.stdin.write(Buffer.from(frame));
  }
}, 4);
let drawn = 0;

let pending = Buffer.alloc(0);
encoder.stdout.on('data', (chunk: Buffer) => {
  pending = Buffer.concat([pending, chunk]);
  // A unit is whole when the next one begins; the encoder writes a picture at once, so the last unit of a chunk is whole too.
  const starts: number[] = [];
  for (let at = pending.indexOf('\0\0\u0001', 0, 'latin1'); at >= 0; at = pending.indexOf('\0\0\u0001', at + 3, 'latin1')) starts.push(at + 3);
  starts.forEach((start, index) => unit(trim(pending.subarray(start, index + 1 < starts.length ? (starts[index + 1] ?? 0) - 3 : pending.length))));
  pending = Buffer.alloc(0);
});

function trim(nal: Buffer): Buffer {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end -= 1;
  return nal.subarray(0, end);
}

function unit(nal: Buffer): void {
  const type = (nal[0] ?? 0) & 31;
  if (type === 7) sps = Buffer.from(nal);
  if (type === 8) {
    pps = Buffer.from(nal);
    for (const tell of described.splice(0)) tell();
  }
  const slice = type === 1 || type === 5;
  const timestamp = picture * (90_000 / rate);
  if (nal.length <= payloadBytes) send(slice, timestamp, [nal]);
  else {
    for (let from = 1; from < nal.length; from += payloadBytes) {
      const to = Math.min(nal.length, from + payloadBytes);
      const head = Buffer.from([((nal[0] ?? 0) & 0xe0) | 28, (from === 1 ? 0x80 : 0) | (to === nal.length ? 0x40 : 0) | type]);
      send(slice && to === nal.length, timestamp, [head, nal.subarray(from, to)]);
    }
  }
  if (slice) picture += 1;
}

function send(marker: boolean, timestamp: number, payload: readonly Buffer[]): void {
  const length = payload.reduce((sum, part) => sum + part.length, 12);
  const head = Buffer.alloc(16);
  head[0] = 0x24;
  head.writeUInt16BE(length, 2);
  head[4] = 0x80;
  head[5] = (marker ? 0x80 : 0) | 96;
  head.writeUInt16BE(sequence++ & 0xffff, 6);
  head.writeUInt32BE(timestamp >>> 0, 8);
  head.writeUInt32BE(1, 12);
  const packet = Buffer.concat([head, ...payload]);
  for (const client of clients) client.write(packet);
}

const server = net.createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.on('error', () => {});
  socket.on('close', () => clients.delete(socket));
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const request = text.slice(text.search(/[A-Z_]+ rtsp:/), end);
      text = text.slice(end + 4);
      const [method = '', url = ''] = request.split(' ');
      const answer = (headers: string, body = ''): void => {
        socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${/CSeq: *(\d+)/i.exec(request)?.[1] ?? 0}\r\n${headers}${body === '' ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body}`);
      };
      if (method === 'DESCRIBE') answer(`Content-Type: application/sdp\r\nContent-Base: ${url}/\r\n`, description());
      else if (method === 'SETUP') answer('Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1234;timeout=60\r\n');
      else answer('Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\nSession: 1234\r\n');
      if (method === 'PLAY') clients.add(socket);
      else if (method === 'TEARDOWN') socket.end();
    }
  });
});

function description(): string {
  return ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=clock', 't=0 0', 'a=control:*', 'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000',
    `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sps.toString('base64')},${pps.toString('base64')}`, 'a=control:video', ''].join('\r\n');
}

described.push(() => server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port)));
process.on('disconnect', () => {
  encoder.kill('SIGKILL');
  process.exit(0);
});
