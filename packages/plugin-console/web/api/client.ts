// The HTTP API as the page uses it: same origin, cookie session, every change marked against cross-site forgery.
import type { CampusFacts, Language } from '@wanglou/core';
import type { SessionView } from '@wanglou/plugin-access/contract';
import type { InputOf, OperationId, OutputOf } from './operations.ts';
import { networkProblem, parseProblem, Problem } from './problem.ts';

/** What a client needs of its surroundings. */
export interface ClientOptions {
  readonly fetch: typeof fetch;
  /** Language of the sentences the server makes. */
  readonly language: () => Language;
  /** Called when an answer says that nobody is signed in. */
  readonly onSignedOut?: () => void;
  /** Asks the person to prove anew who they are; `true` when they did. */
  readonly stepUp?: () => Promise<boolean>;
  readonly now?: () => number;
}

/** What an act answered, and the call it was. */
export interface Done<T> {
  readonly output: T;
  readonly call?: string;
}

/** Calls the server. Every method rejects with a {@link Problem} and with nothing else, save an abort. */
export interface Client {
  campus(signal?: AbortSignal): Promise<CampusFacts>;
  session(signal?: AbortSignal): Promise<SessionView>;
  /** `code`: six digits of the authenticator, for accounts that have one. */
  signIn(name: string, password: string, code?: string): Promise<SessionView>;
  signOut(): Promise<void>;
  /** Does something a person asked for. Where nothing but a fresh proof is missing, asks for it and does it again. */
  call<Id extends OperationId>(operation: Id, input: InputOf<Id>, signal?: AbortSignal): Promise<OutputOf<Id>>;
  /** The same, with the id of the call: by it the receipt of the act is asked for. Absent where the server does not name it. */
  act<Id extends OperationId>(operation: Id, input: InputOf<Id>, signal?: AbortSignal): Promise<Done<OutputOf<Id>>>;
  /** The same for what a page reads by itself: it opens no dialog. */
  read<Id extends OperationId>(operation: Id, input: InputOf<Id>, signal?: AbortSignal): Promise<OutputOf<Id>>;
  /** What the operations are called in the reader's language, by id. */
  operationNames(signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Gives a lease back; failures do not matter, it runs out by itself. `keepalive` lets it go out while the page closes. */
  release(lease: string): void;
  /** How far the server's clock is ahead of this machine's. */
  readonly clockOffsetMs: number;
}

/** Address of what a lease opened. */
export function mediaUrl(lease: string, path: string): string {
  return `/media/${encodeURIComponent(lease)}/${path}`;
}

/** Makes a client. */
export function createClient({ fetch, language, onSignedOut, stepUp, now = Date.now }: ClientOptions): Client {
  let clockOffsetMs = 0;

  async function send(method: string, path: string, body: unknown, signal: AbortSignal | undefined): Promise<Done<unknown>> {
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json', 'accept-language': language() };
    if (method !== 'GET') headers['x-wanglou'] = '1';
    if (body !== undefined) headers['content-type'] = 'application/json';
    const sentMs = now();
    let response: Response;
    try {
      response = await fetch(path, { method, headers, credentials: 'same-origin', cache: 'no-store', ...(body !== undefined && { body: JSON.stringify(body) }), ...(signal && { signal }) });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw networkProblem(error);
    }
    clockOffsetMs = readOffset(response.headers.get('date'), sentMs, now()) ?? clockOffsetMs;
    return await readAnswer(response);
  }

  async function readAnswer(response: Response): Promise<Done<unknown>> {
    const call = response.headers.get('wanglou-call');
    const text = await response.text().catch((error: unknown) => {
      throw networkProblem(error);
    });
    const body = parseJson(text);
    if (response.ok && (text === '' || body !== undefined)) return { output: body, ...(call !== null && { call }) };
    const problem = parseProblem(response.status, body, call ?? undefined);
    if (problem.signedOut) onSignedOut?.();
    throw problem;
  }

  async function once(operation: string, input: unknown, signal?: AbortSignal): Promise<Done<never>> {
    try {
      return (await send('POST', `/api/v1/operations/${operation}`, input, signal)) as Done<never>;
    } catch (error) {
      throw error instanceof Problem && error.denied ? error.about(operation, input) : error;
    }
  }

  async function act(operation: string, input: unknown, signal?: AbortSignal): Promise<Done<never>> {
    try {
      return await once(operation, input, signal);
    } catch (error) {
      if (!(error instanceof Problem && error.onlyStepUp && stepUp && (await stepUp()))) throw error;
      return once(operation, input, signal);
    }
  }

  const output = async <T>(done: Promise<Done<unknown>>) => (await done).output as T;

  return {
    campus: (signal) => output<CampusFacts>(send('GET', '/api/v1/campus', undefined, signal)),
    session: (signal) => output<SessionView>(send('GET', '/api/v1/session', undefined, signal)),
    signIn: (name, password, code) => output<SessionView>(send('POST', '/api/v1/session', { name, password, ...(code && { code }) }, undefined)),
    signOut: async () => {
      await send('DELETE', '/api/v1/session', undefined, undefined);
    },
    call: (operation, input, signal) => output(act(operation, input, signal)),
    act,
    read: (operation, input, signal) => output(once(operation, input, signal)),
    operationNames: async (signal) => namesIn(await output(send('GET', '/api/v1/openapi.json', undefined, signal))),
    release: (lease) => {
      void fetch(`/media/${encodeURIComponent(lease)}`, { method: 'DELETE', headers: { 'x-wanglou': '1' }, credentials: 'same-origin', keepalive: true }).catch(() => undefined);
    },
    get clockOffsetMs() {
      return clockOffsetMs;
    },
  };
}

/** The `Date` header has whole seconds, so half a second is added, and differences that the trip explains count as none. */
function readOffset(header: string | null, sentMs: number, receivedMs: number): number | undefined {
  const serverMs = header ? Date.parse(header) : Number.NaN;
  if (Number.isNaN(serverMs)) return undefined;
  const offsetMs = serverMs + 500 - (sentMs + receivedMs) / 2;
  return Math.abs(offsetMs) > 1000 + (receivedMs - sentMs) ? Math.round(offsetMs) : 0;
}

/** Ids and summaries of an OpenAPI description. */
function namesIn(description: unknown): ReadonlyMap<string, string> {
  const { paths = {} } = (description ?? {}) as { readonly paths?: Readonly<Record<string, { readonly post?: { readonly operationId?: unknown; readonly summary?: unknown } }>> };
  return new Map(Object.values(paths).flatMap(({ post }) => (typeof post?.operationId === 'string' && typeof post.summary === 'string' ? [[post.operationId, post.summary] as const] : [])));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
