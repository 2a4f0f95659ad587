// A camera on HTTP for tests: pictures in a multipart answer, or any film as it is, behind Basic authentication.
import { execFile } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
const boundary = 'camera-picture';
const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);

/** JPEG pictures out of a generator of ffmpeg, for instance `testsrc=size=320x180:rate=10:duration=1`. */
export async function jpegs(generator: string): Promise<Buffer[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', generator, '-f', 'image2pipe', '-c:v', 'mjpeg', '-'], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  const pictures: Buffer[] = [];
  for (let at = 0; at < stdout.length;) {
    const next = stdout.indexOf(startOfImage, at + 3);
    pictures.push(stdout.subarray(at, next < 0 ? stdout.length : next));
    at = next < 0 ? stdout.length : next;
  }
  return pictures;
}

/** A film of a generator, in any container of ffmpeg. */
export async function film(format: readonly string[], seconds = 2): Promise<Buffer> {
  const inputs = ['-f', 'lavfi', '-i', `testsrc=size=320x180:rate=25:duration=${seconds}`, '-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`];
  const { stdout } = await run('ffmpeg', ['-v', 'error', ...inputs, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '25', '-bf', '0', ...format, '-'], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** A running HTTP camera. */
export interface HttpCamera extends AsyncDisposable {
  readonly url: string;
  /** Answers `401` were given to wrong or missing credentials. */
  readonly refused: () => number;
  /** Keeps connections open and sends nothing more. */
  fallSilent(): void;
}

/** What a camera serves. */
export interface HttpCameraOptions {
  /** Sent in turn, so many a second. */
  readonly pictures?: { readonly list: readonly Buffer[]; readonly rate: number };
  /** By path. */
  readonly files?: Readonly<Record<string, Buffer>>;
  readonly login?: { readonly username: string; readonly password: string };
}

/** Starts on a free port. */
export async function startHttpCamera({ pictures, files = {}, login }: HttpCameraOptions): Promise<HttpCamera> {
  let refused = 0;
  let silent = false;
  const expected = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const server = http.createServer((request, response) => {
    if (expected !== undefined && request.headers.authorization !== expected) {
      refused += 1;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end();
      return;
    }
    const file = files[request.url ?? ''];
    if (file !== undefined) response.writeHead(200, { 'content-length': String(file.length) }).end(file);
    else if (pictures === undefined || request.url !== '/video') response.writeHead(404).end();
    else {
      response.writeHead(200, { 'content-type': `multipart/x-mixed-replace; boundary=${boundary}` });
      let index = 0;
      const timer = setInterval(() => {
        const picture = pictures.list[index % pictures.list.length];
        index += 1;
        if (picture !== undefined && !silent) response.write(Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`), picture, Buffer.from('\r\n')]));
      }, 1000 / pictures.rate);
      response.on('close', () => clearInterval(timer));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    fallSilent: () => void (silent = true),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
