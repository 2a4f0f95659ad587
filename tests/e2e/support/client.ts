// A browser, as far as cookies and headers go.
import type { AccessRequest, Gap, Grant, RecordingStatus, Timeline } from '../../../packages/core/src/index.ts';

/** An answer of the campus; `json` is there when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: any;
}

/** The example campus's password. */
const password = 'wanglou-demo';

/** One person at one workstation. */
export class Client {
  readonly address: string;
  cookie = '';

  constructor(address: string) {
    this.address = address;
  }

  /** The same session at the address of a campus that was started anew. */
  at(address: string): Client {
    const client = new Client(address);
    client.cookie = this.cookie;
    return client;
  }

  async fetch(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.address + path, {
      method,
      headers: { 'accept-language': 'en', ...(method !== 'GET' && { 'x-wanglou': '1' }), ...(body !== undefined && { 'content-type': 'application/json' }), ...(this.cookie && { cookie: this.cookie }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    this.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: (response.headers.get('content-type') ?? '').includes('json') ? (JSON.parse(text) as unknown) : undefined };
  }

  async signIn(name: string): Promise<this> {
    const { status, text } = await this.fetch('POST', '/api/v1/session', { name, password });
    if (status !== 200) throw new Error(`${name} could not sign in: ${status} ${text}`);
    return this;
  }

  /** Calls an operation; a refusal is an answer too. */
  call(operation: string, input: unknown = {}): Promise<Answer> {
    return this.fetch('POST', `/api/v1/operations/${operation}`, input);
  }

  /** Calls an operation that must succeed. */
  async do<T>(operation: string, input: unknown = {}): Promise<T> {
    const { status, text, json } = await this.call(operation, input);
    if (status !== 200) throw new Error(`${operation} was refused: ${status} ${text}`);
    return json as T;
  }

  async statuses(): Promise<ReadonlyMap<string, RecordingStatus>> {
    const { statuses } = await this.do<{ statuses: readonly RecordingStatus[] }>('recording.status');
    return new Map(statuses.map((status) => [status.camera, status]));
  }

  async timelines(cameras: readonly string[], fromMs: number, toMs: number): Promise<readonly Timeline[]> {
    return (await this.do<{ timelines: readonly Timeline[] }>('recording.timeline', { cameras, fromMs, toMs })).timelines;
  }

  submit(input: { readonly cameras: readonly string[]; readonly fromMs: number; readonly toMs: number; readonly actions: readonly string[]; readonly reason: string; readonly destination?: string }): Promise<AccessRequest> {
    return this.do<AccessRequest>('request.submit', { purpose: 'incident', ...input });
  }

  approve({ id, sha256 }: Pick<AccessRequest, 'id' | 'sha256'>): Promise<{ readonly request: AccessRequest; readonly grant?: Grant }> {
    return this.do('request.approve', { request: id, sha256 });
  }

  /** Opens footage under a lease. */
  open(operation: 'recording.playback' | 'recording.export', input: object): Promise<{ readonly lease: string; readonly path: string; readonly gaps: readonly Gap[] }> {
    return this.do(operation, input);
  }
}
