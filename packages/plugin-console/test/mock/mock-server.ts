// A stand-in for the server while the page is worked on: the API with sample data and nothing kept.
// Run: node --conditions=@wanglou/source packages/plugin-console/test/mock/mock-server.ts [port]
// Any account of mock-data.ts signs in with any password. Empty lists: MOCK=empty. Failing lists: MOCK=error.
// Step-up: MOCK=step-up. The account `administrator` wants six digits, `newcomer` must change the password.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cameraList, campus, denials, gapsOf, healthList, people, sessionOf, statusList } from './mock-data.ts';
import { alarmWorkflow } from './mock-alarms.ts';
import { auditWorkflow } from './mock-audit.ts';
import { makeMockMedia } from './mock-media.ts';
import { CodedAnswer, Mock, Refused } from './mock-state.ts';
import { storageWorkflow } from './mock-storage.ts';
import { workflow } from './mock-workflow.ts';
import { operationNames } from './operation-names.ts';

const builtSite = new URL('../../dist/site/', import.meta.url);
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.m4s': 'video/mp4', '.mp4': 'video/mp4' };
const policy = "default-src 'self'; base-uri 'none'; object-src 'none'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:";

function answerOperation(mock: Mock, name: string, input: any): unknown {
  const nowMs = Date.now();
  if (mock.mode === 'error' && /list|timeline|status|health/.test(name)) throw new Error('mock');
  if (mock.person?.standing === 'individual' && !name.startsWith('session.')) throw new Refused(denials.individual);
  const empty = mock.mode === 'empty';
  const handler = workflow[name] ?? auditWorkflow[name] ?? storageWorkflow[name] ?? alarmWorkflow[name];
  if (handler) return handler(mock, input, nowMs);
  switch (name) {
    case 'camera.list':
      return { cameras: empty ? [] : cameraList() };
    case 'recording.status':
      return { statuses: statusList(nowMs) };
    case 'recording.health':
      return { healths: empty ? [] : healthList(nowMs) };
    case 'recording.renew-reference':
      mock.send('health', { ...healthList(nowMs).find(({ camera }) => camera === input.camera), problems: [] });
      return {};
    case 'recording.live':
      return mock.live(input);
    case 'recording.playback':
      return mock.playback(input);
    case 'recording.export':
      throw new Refused(denials.copy, { operation: 'request.submit', input: { cameras: input.cameras, fromMs: input.fromMs, toMs: input.toMs, actions: ['copy'] } });
    case 'recording.timeline':
      return { timelines: input.cameras.map((camera: string) => ({ camera, gaps: gapsOf(camera, nowMs), recorded: recordedOf(camera, nowMs), deleted: [{ fromMs: nowMs - 24 * 3_600_000, toMs: nowMs - 20 * 3_600_000 }] })) };
    case 'duty.begin':
      mock.onDuty = true;
      return { sinceMs: nowMs };
    case 'duty.end':
      mock.onDuty = false;
      return {};
    default:
      throw new Error(`no ${name}`);
  }
}

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
  if (pathname === '/api/v1/openapi.json') return void json(200, { paths: Object.fromEntries(operationNames(request.headers['accept-language']).map(([id, summary]) => [`/${id}`, { post: { operationId: id, summary } }])) });
  if (operation) {
    try {
      if (mock.audit && mock.person && operation.startsWith('audit.')) {
        const { output, call } = await mock.audit.call(operation, input, mock.person);
        return void response.writeHead(200, { 'content-type': 'application/json', ...(call !== undefined && { 'wanglou-call': call }) }).end(JSON.stringify(output));
      }
      response.setHeader('wanglou-call', mock.call);
      return void json(200, answerOperation(mock, operation, input));
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
  if (mock.audit && mock.person && request.method === 'GET' && !mock.leases.has(id)) {
    const { status, headers, body } = await mock.audit.serve(id, path, mock.person);
    response.writeHead(status, headers);
    if (typeof body === 'string' || body instanceof Uint8Array) return void response.end(body);
    for await (const chunk of body) response.write(chunk);
    return void response.end();
  }
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
