// A log that signs and a witness over HTTP, for tests.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointText, leafHash, rootOfLeaves, signatureLine, toBase64, utf8 } from '@wanglou/verify';
import { createWitness, keyToVkey, serveWitness, type ServeOptions, type Witness, type WitnessEvent, type WitnessOptions } from '../src/index.ts';

/** A log with one leaf for each number; `salt` makes another history. */
export interface SigningLog {
  readonly origin: string;
  readonly vkey: string;
  root(size: number): Uint8Array;
  note(size: number, root?: Uint8Array): string;
  proof(from: number, to: number): readonly Uint8Array[];
  /** The body of a request. */
  body(old: number, size: number, changes?: { readonly proof?: readonly Uint8Array[]; readonly note?: string }): string;
}

/** Makes a log; its key comes from its name, so that two histories can have one. */
export function createSigningLog(origin: string, salt = ''): SigningLog {
  const seed = createHash('sha256').update(origin).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const key = keyToVkey(privateKey, origin, 1);
  const leaves = (size: number) => Array.from({ length: size }, (_, index) => leafHash(utf8(`${salt}${index}`)));
  const note = (size: number, root = rootOfLeaves(leaves(size))) => {
    const text = checkpointText(origin, size, root);
    return `${text}\n${signatureLine(key, sign(null, utf8(text), privateKey))}\n`;
  };
  const proof = (from: number, to: number) => (from === 0 || from === to ? [] : subproof(from, leaves(to), true));
  return {
    origin,
    vkey: key.vkey,
    root: (size) => rootOfLeaves(leaves(size)),
    note,
    proof,
    body: (old, size, changes = {}) => `old ${old}\n${(changes.proof ?? proof(old, size)).map((hash) => `${toBase64(hash)}\n`).join('')}\n${changes.note ?? note(size)}`,
  };
}

/** RFC 6962 section 2.1.2. */
function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): readonly Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [rootOfLeaves(leaves)];
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return m <= k ? [...subproof(m, leaves.slice(0, k), whole), rootOfLeaves(leaves.slice(k))] : [...subproof(m - k, leaves.slice(k), false), rootOfLeaves(leaves.slice(0, k))];
}

/** A folder that is removed when it is disposed of. */
export async function createFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'wanglou-witness-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A witness that serves. */
export interface ServedWitness extends AsyncDisposable {
  readonly witness: Witness;
  readonly url: string;
  readonly events: WitnessEvent[];
  add(body: string | Uint8Array): Promise<{ readonly status: number; readonly type: string | null; readonly text: string }>;
}

export const nowMs = 1_790_000_000_500;

/** Starts a witness in a folder. */
export async function startWitness(folder: string, logs: readonly SigningLog[], options: Partial<WitnessOptions> & ServeOptions = {}): Promise<ServedWitness> {
  const events: WitnessEvent[] = [];
  const witness = await createWitness({ folder, name: 'office.example/w1', logs: logs.map((log) => log.vkey), now: () => nowMs, report: (event) => void events.push(event), ...options });
  const server = await serveWitness(witness, { port: 0, ...options });
  return {
    witness,
    url: server.url,
    events,
    async add(body) {
      const response = await fetch(`${server.url}add-checkpoint`, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body) });
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await witness[Symbol.asyncDispose]();
    },
  };
}

