// A small S3 server: what the target needs of one, strict where that matters. It checks signatures by the shared secret.
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A stored object. */
export interface StoredObject {
  bytes: Buffer;
  readonly headers: IncomingMessage['headers'];
}

/** Runs on a free port of loopback. */
export class S3Server implements AsyncDisposable {
  readonly objects = new Map<string, StoredObject>();
  /** Answers every request with this status. */
  fails: number | undefined;
  /** Knows no locks. */
  ignoresLocks = false;
  /** Answers nothing. */
  hangs = false;
  readonly #server: Server;
  readonly #secret: string;

  private constructor(secret: string) {
    this.#secret = secret;
    this.#server = createServer((request, response) => void this.#serve(request, response).catch(() => response.destroy()));
  }

  static async start(secret: string): Promise<S3Server> {
    const server = new S3Server(secret);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.hangs) return;
    const body = await buffer(request);
    const key = decodeURIComponent(new URL(request.url ?? '/', this.endpoint).pathname.slice(1));
    const refuse = (status: number, code: string): void => void response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    if (this.fails !== undefined) return refuse(this.fails, 'SlowDown');
    if (!this.#isSigned(request)) return refuse(403, 'SignatureDoesNotMatch');
    const { searchParams: asked } = new URL(request.url ?? '/', this.endpoint);
    if (asked.has('list-type')) return void response.writeHead(200, { 'content-type': 'application/xml' }).end(this.#list(key.replace('/', ''), asked));
    const stored = this.objects.get(key);
    if (request.method === 'PUT') {
      if (request.headers['if-none-match'] === '*' && stored !== undefined) return refuse(412, 'PreconditionFailed');
      if (request.headers['x-amz-checksum-sha256'] !== createHash('sha256').update(body).digest('base64')) return refuse(400, 'BadDigest');
      this.objects.set(key, { bytes: body, headers: request.headers });
      return void response.writeHead(200).end();
    }
    if (stored === undefined) return refuse(404, 'NoSuchKey');
    const locks = this.ignoresLocks ? [] : Object.entries(stored.headers).filter(([name]) => name.startsWith('x-amz-object-lock-'));
    response.writeHead(200, { 'content-length': stored.bytes.length, ...Object.fromEntries(locks) }).end(request.method === 'HEAD' ? undefined : stored.bytes);
  }

  /** Folders below a prefix, two a page. */
  #list(bucket: string, asked: URLSearchParams): string {
    const prefix = asked.get('prefix') ?? '';
    const keys = [...this.objects.keys()].map((key) => key.slice(bucket.length + 1)).filter((key) => key.startsWith(prefix));
    const folders = [...new Set(keys.map((key) => key.slice(0, key.indexOf('/', prefix.length) + 1)))].sort();
    const from = Number(asked.get('continuation-token') ?? 0);
    const page = folders.slice(from, from + 2).map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`).join('');
    return `<?xml version="1.0"?><ListBucketResult>${page}${from + 2 < folders.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''}</ListBucketResult>`;
  }

  /** AWS Signature Version 4 with the hash of the payload, or without. */
  #isSigned({ method, url, headers }: IncomingMessage): boolean {
    const [, key, scope, names, signature] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '') ?? [];
    if (key === undefined || scope === undefined || names === undefined) return false;
    const [day = '', region = '', service = ''] = scope.split('/');
    const { pathname, searchParams } = new URL(url ?? '/', this.endpoint);
    const query = [...searchParams].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).sort().join('&');
    const canonical = [method, pathname, query, ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`), '', names, headers['x-amz-content-sha256']].join('\n');
    const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
    const hmac = (secret: Buffer | string, value: string): Buffer => createHmac('sha256', secret).update(value).digest();
    return hmac(hmac(hmac(hmac(hmac(`AWS4${this.#secret}`, day), region), service), 'aws4_request'), text).toString('hex') === signature;
  }
}
