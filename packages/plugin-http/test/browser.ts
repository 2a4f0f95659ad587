// A browser, as far as cookies and headers go.

/** What a server answered; `json` is there when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: any;
}

/** One person at one computer. */
export class Browser {
  cookie = '';
  language = 'en';
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  async fetch(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.#address + path, {
      method,
      redirect: 'manual',
      headers: { 'accept-language': this.language, ...(method !== 'GET' && { 'x-wanglou': '1' }), ...(body !== undefined && { 'content-type': 'application/json' }), ...(this.cookie && { cookie: this.cookie }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const set = response.headers.get('set-cookie');
    if (set) this.cookie = set.split(';')[0]!;
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: (response.headers.get('content-type') ?? '').includes('json') ? (JSON.parse(text) as unknown) : undefined };
  }

  signIn(name = 'operator', password = 'a long password'): Promise<Answer> {
    return this.fetch('POST', '/api/v1/session', { name, password });
  }

  call(operation: string, input: unknown = {}): Promise<Answer> {
    return this.fetch('POST', `/api/v1/operations/${operation}`, input);
  }
}
