// A stand-in for the server while the page is worked on: the API with sample data and nothing kept.
// Run: node --conditions=@wanglou/source packages/plugin-console/test/mock/mock-server.ts [port]
// Any account of mock-data.ts signs in with any password. Empty lists: MOCK=empty. Failing lists: MOCK=error.
// Step-up: MOCK=step-up. The account `administrator` wants six digits, `newcomer` must change the password.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AccessRequest, Denial, Grant, Person } from '@wanglou/core';
import type { PackProposal } from '@wanglou/plugin-access/contract';
import { auditRecords, cameraList, campus, denials, gapsOf, people, sessionOf, statusList } from './mock-data.ts';
import { makeMockMedia, type MockMedia } from './mock-media.ts';
import { grantWith, sampleRequests } from './mock-requests.ts';
import { workflow } from './mock-workflow.ts';

const builtSite = new URL('../../dist/site/', import.meta.url);
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.m4s': 'video/mp4', '.mp4': 'video/mp4' };
const policy = "default-src 'self'; base-uri 'none'; object-src 'none'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:";

class Refused extends Error {
  readonly denials: readonly Denial[];
  readonly next: unknown;
  constructor(reasons: readonly Denial[], next?: unknown) {
    super('denied');
    this.denials = reasons;
    this.next = next;
  }
}

/** A failure with a code, as the server would answer it. */
export class CodedAnswer extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: { readonly zh: string; readonly en: string };
  constructor(status: number, code: string, zh: string, en: string) {
    super(code);
    this.status = status;
    this.code = code;
    this.text = { zh, en };
  }
}

interface Lease {
  readonly kind: 'live' | 'playback';
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly grant?: string;
}

/** State of one mock server: one person at a time. */
export class Mock {
  person: Person | undefined;
  onDuty = false;
  readonly mode: string;
  /** Where the built page lies. */
  readonly site: URL;
  readonly leases = new Map<string, Lease>();
  readonly readers = new Set<ServerResponse>();
  readonly media: MockMedia | undefined;
  requests: AccessRequest[];
  grants: Grant[];
  proposals: PackProposal[] = [];
  /** Visitors who said that they are here. */
  readonly present = new Set<string>();
  changedPassword = false;
  /** When the person last proved who they are; `MOCK=step-up` begins without. */
  provenMs = 0;
  #counter = 10;

  constructor(media: MockMedia | undefined, mode: string, site: URL) {
    this.site = site;
    this.media = media;
    this.mode = mode;
    ({ requests: this.requests, grants: this.grants } = mode === 'empty' ? { requests: [], grants: [] } : sampleRequests(Date.now()));
  }

  /** As it was at the start, with nobody signed in. */
  reset(): void {
    ({ requests: this.requests, grants: this.grants } = sampleRequests(Date.now()));
    this.person = undefined;
    this.onDuty = false;
    this.proposals = [];
    this.present.clear();
    this.changedPassword = false;
    this.leases.clear();
  }

  /** Opens the session of an account, as a browser that has its cookie would find it. */
  signIn(account: string): void {
    this.person = people.find(({ id }) => id === account);
  }

  id(): string {
    return `m${this.#counter++}`;
  }

  send(name: string, data: unknown): void {
    for (const reader of this.readers) reader.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  cut(grant: string): void {
    for (const [lease, { grant: owner }] of this.leases) {
      if (owner !== grant) continue;
      this.leases.delete(lease);
      this.send('lease', { lease, reason: 'revoked' });
    }
  }

  live({ camera }: { camera: string }) {
    const ask = { operation: 'request.submit', input: { cameras: [camera], fromMs: Date.now(), toMs: Date.now() + 3_600_000, actions: ['live'] } };
    if (this.person?.standing === 'individual') throw new Refused(denials.individual);
    if (!this.person?.roles.includes('operator')) throw new Refused(denials.office, ask);
    if (!this.onDuty) throw new Refused(denials.live, { operation: 'duty.begin', input: {} });
    return this.lease({ kind: 'live', camera, fromMs: 0, toMs: 0 }, Date.now() + 3_600_000);
  }

  playback({ camera, fromMs, toMs }: { camera: string; fromMs: number; toMs: number }) {
    const grant = this.grants.find((candidate) => candidate.holder === this.person?.id && candidate.revokedMs === undefined && candidate.scope.cameras.includes(camera) && candidate.scope.range.fromMs <= fromMs && candidate.scope.range.toMs >= toMs && candidate.endsMs > Date.now());
    if (!grant) throw new Refused(denials.playback, { operation: 'request.submit', input: { cameras: [camera], fromMs, toMs, actions: ['playback'] } });
    if (grant.request === 'r5' && this.present.size < 2) throw new Refused([{ rule: 'a13.1-present', article: '13(1)', text: { zh: '来访人员须全部在场', en: 'All visitors must be present' }, missing: [{ kind: 'presence', count: 2 - this.present.size }] }]);
    return { ...this.lease({ kind: 'playback', camera, fromMs, toMs, grant: grant.id }, grant.endsMs), gaps: gapsOf(camera, Date.now()) };
  }

  lease(lease: Lease, expiresMs: number) {
    const id = this.id();
    this.leases.set(id, lease);
    return { lease: id, path: 'index.m3u8', expiresMs };
  }

  judge(id: string, verdict: 'approve' | 'deny', minutes: number, reason: string) {
    const request = this.requests.find((candidate) => candidate.id === id)!;
    if (this.mode === 'step-up' && this.provenMs === 0) throw new Refused([{ rule: 'a9-step-up', article: '9', text: { zh: '审批前须再次验证身份', en: 'A review needs a fresh proof of who you are' }, missing: [{ kind: 'step-up' }] }]);
    const unit = request.needs.find((step) => !request.reviews.some((review) => review.unit === step.unit))?.unit ?? '';
    const reviews = [...request.reviews, { reviewer: this.person!.id, unit, verdict, reason, atMs: Date.now() }];
    const done = verdict === 'approve' && request.needs.every((step) => reviews.some((review) => review.unit === step.unit));
    const grant: Grant | undefined = done ? grantWith({ id: this.id(), request: id, holder: request.requester, scope: request.scope, approvals: request.needs.map((step) => step.unit), startsMs: Date.now(), useMs: minutes * 60_000 }) : undefined;
    const updated: AccessRequest = { ...request, reviews, state: verdict === 'deny' ? 'denied' : done ? 'approved' : 'submitted', ...(grant && { grant: grant.id }) };
    this.requests = this.requests.map((candidate) => (candidate.id === id ? updated : candidate));
    if (grant) this.grants.push(grant);
    this.send('request', updated);
    return { request: updated, ...(grant && { grant }) };
  }

  operation(name: string, input: any): unknown {
    const nowMs = Date.now();
    if (this.mode === 'error' && /list|timeline|status/.test(name)) throw new Error('mock');
    if (this.person?.standing === 'individual' && !name.startsWith('session.')) throw new Refused(denials.individual);
    const empty = this.mode === 'empty';
    const handler = workflow[name];
    if (handler) return handler(this, input, nowMs);
    switch (name) {
      case 'camera.list':
        return { cameras: empty ? [] : cameraList() };
      case 'recording.status':
        return { statuses: statusList(nowMs) };
      case 'recording.live':
        return this.live(input);
      case 'recording.playback':
        return this.playback(input);
      case 'recording.export':
        throw new Refused(denials.copy, { operation: 'request.submit', input: { cameras: [input.camera], fromMs: input.fromMs, toMs: input.toMs, actions: ['copy'] } });
      case 'recording.timeline':
        return { timelines: input.cameras.map((camera: string) => ({ camera, gaps: gapsOf(camera, nowMs), recorded: recordedOf(camera, nowMs) })) };
      case 'duty.begin':
        this.onDuty = true;
        return { sinceMs: nowMs };
      case 'duty.end':
        this.onDuty = false;
        return {};
      case 'audit.list':
        return { records: empty || input.beforeSeq !== undefined ? [] : auditRecords(60, nowMs) };
      case 'audit.verify':
        return { ok: true, size: 4201, checkpoint: checkpoint(nowMs) };
      case 'audit.checkpoint':
        return checkpoint(nowMs);
      default:
        throw new Error(`no ${name}`);
    }
  }
}

const checkpoint = (atMs: number) => ({ size: 4201, hash: '9f2c4e1ab07d63'.padEnd(64, 'e'), atMs, signature: 'c2ln', key: 'a2V5' });

function recordedOf(camera: string, nowMs: number) {
  const [first, second] = gapsOf(camera, nowMs);
  return [
    { fromMs: nowMs - 20 * 3_600_000, toMs: first!.fromMs },
    { fromMs: first!.toMs!, toMs: second!.fromMs },
    { fromMs: second!.toMs!, toMs: nowMs },
  ];
}

async function answer(mock: Mock, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://mock');
  const json = (status: number, body: unknown, type = 'application/json') => response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  const problem = (status: number, code: string, zh: string, en: string, more: object = {}) => json(status, { type: `https://wanglou.dev/errors/${code}`, title: code, status, code, detail: zh, instance: pathname, text: { zh, en }, ...more }, 'application/problem+json');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const input: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
  if (request.method !== 'GET' && request.headers['x-wanglou'] !== '1') return void problem(403, 'HEADER_MISSING', '缺少请求头', 'The header x-wanglou is missing');
  if (pathname === '/api/v1/campus') return void json(200, campus);
  if (pathname === '/api/v1/session') {
    if (request.method === 'POST') {
      mock.person = people.find(({ id }) => id === (input as { name: string }).name);
      const { code } = input as { code?: string };
      mock.provenMs = 0;
      mock.changedPassword = false;
      if (mock.person?.id === 'administrator' && code === undefined) {
        mock.person = undefined;
        return void problem(401, 'CODE_NEEDED', '还需要动态口令', 'The six-digit code is needed');
      }
      if (!mock.person) return void problem(401, 'SIGN_IN_FAILED', '账号或密码不正确', 'Wrong account or password');
    }
    if (request.method === 'DELETE') mock.person = undefined;
    return void (mock.person ? json(200, { ...sessionOf(mock.person, mock.onDuty, Date.now()), ...(mock.changedPassword && { mustChangePassword: false }), ...(mock.mode === 'suspended' && { suspended: true }) }) : request.method === 'DELETE' ? json(200, {}) : problem(401, 'SESSION_NEEDED', '请先登录', 'Sign in first'));
  }
  if (pathname === '/api/v1/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 2000\n\n');
    mock.readers.add(response);
    response.once('close', () => mock.readers.delete(response));
    return;
  }
  const operation = /^\/api\/v1\/operations\/(.+)$/.exec(pathname)?.[1];
  if (operation) {
    try {
      return void json(200, mock.operation(operation, input));
    } catch (error) {
      if (error instanceof CodedAnswer) return void problem(error.status, error.code, error.text.zh, error.text.en);
      if (!(error instanceof Refused)) return void problem(500, 'UNEXPECTED', '服务器内部错误', 'Something went wrong in the server');
      return void problem(403, 'PERMISSION_DENIED', '不允许', 'Denied', { decision: { denials: error.denials, articles: [], pack: 'upc-2013@1' }, next: error.next });
    }
  }
  const [, lease, path] = /^\/media\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
  if (lease !== undefined) return serveMedia(mock, lease, path ?? '', request, response, problem);
  await serveSite(mock.site, pathname, response);
}

async function serveMedia(mock: Mock, id: string, path: string, request: IncomingMessage, response: ServerResponse, problem: (status: number, code: string, zh: string, en: string) => void): Promise<void> {
  const lease = mock.leases.get(id);
  if (request.method === 'DELETE') {
    mock.leases.delete(id);
    response.end('{}');
    return;
  }
  if (!lease || !mock.media) return problem(410, 'LEASE_ENDED', '访问凭证已终止：revoked', 'The lease has ended: revoked');
  if (lease.camera === 'dormitory-entrance' && lease.kind === 'playback' && mock.present.size < 2) return problem(423, 'LEASE_PAUSED', '访问凭证已暂停', 'The lease pauses');
  if (path === 'index.m3u8') {
    const gap = gapsOf(lease.camera, Date.now()).map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs! }))[1];
    response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(lease.kind === 'live' ? mock.media.live(Date.now()) : mock.media.playback(lease.fromMs, lease.toMs, gap));
    return;
  }
  const bytes = await mock.media.file(path);
  if (bytes) response.writeHead(200, { 'content-type': 'video/mp4' }).end(bytes);
  else problem(404, 'NOT_FOUND', '没有该文件', 'No such file');
}

async function serveSite(site: URL, pathname: string, response: ServerResponse): Promise<void> {
  const wanted = /\.[a-z0-9]+$/.test(pathname) ? pathname.slice(1) : 'index.html';
  const file = await readFile(new URL(wanted, site)).catch(() => undefined);
  if (!file) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': types[extname(wanted)] ?? 'application/octet-stream', 'content-security-policy': policy }).end(file);
}

/** Starts a mock server on loopback; port 0 takes a free one. */
export async function startMockServer(port = 0, mode = '', site = builtSite): Promise<{ readonly url: string; readonly mock: Mock; close(): Promise<void> }> {
  const mock = new Mock(await makeMockMedia(), mode, site);
  const server: Server = createServer((request, response) => void answer(mock, request, response).catch((error: unknown) => response.destroy(error as Error)));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`;
  return {
    url,
    mock,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await startMockServer(Number(process.argv[2] ?? 0), process.env['MOCK']);
  process.stdout.write(`Mock: ${url}\n`);
}
