// Leases: what an allowed call leaves open. No lease, no byte.
import type { Clock, Random } from '../contracts/clock.ts';
import { createId } from '../contracts/clock.ts';
import type { Principal, Resource } from '../contracts/permission.ts';
import { KernelError } from '../errors.ts';
import type { Disposer } from '../scope.ts';
import { createSignal, type Signal } from '../signal.ts';

/** What is fetched under a lease. */
export interface MediaRequest {
  /** Path below the lease, without a leading slash, as the lease's own playlists name it. Never a file path. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** First and last byte wanted, both inclusive (RFC 9110 section 14). */
  readonly range?: { readonly start: number; readonly end?: number };
}

/** What is served under a lease. */
export interface MediaResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** What a handler says of the lease it opens. */
export interface LeaseOptions {
  /** Longest life from now; one hour unless said. */
  readonly maxAgeMs?: number;
  /** Hard end, such as the end of a grant. */
  readonly endsMs?: number;
  /** Serves one fetch. `signal` is aborted when the lease ends or the fetcher goes away. */
  serve(request: MediaRequest, signal: AbortSignal): MediaResponse | Promise<MediaResponse>;
}

/** Why a lease is over. */
export type LeaseEnd = 'expired' | 'revoked' | 'released' | 'unloaded';

/** A lease, alive until `end` has a value. */
export interface Lease {
  readonly id: string;
  readonly call: string;
  readonly operation: string;
  readonly principal: Principal;
  readonly resource: Resource;
  readonly openedMs: number;
  readonly expiresMs: number;
  /** Aborted at the end of the lease, with the reason. */
  readonly signal: AbortSignal;
  readonly end: Signal<LeaseEnd | undefined>;
  /** Nothing is served while it is true: somebody who must be present is not. */
  readonly paused: Signal<boolean>;
}

/** The leases of the kernel, for the routes that serve them. */
export interface Leases {
  /** Lives, is not paused, and is the principal's own: same person, session and place. Otherwise throws `LEASE_UNKNOWN`, `LEASE_PAUSED` or `LEASE_ENDED`. */
  serve(id: string, principal: Principal, request: MediaRequest, signal?: AbortSignal): Promise<MediaResponse>;
  /** The holder gives it back. */
  release(id: string, principal: Principal): void;
  list(): readonly Lease[];
}

interface Entry {
  readonly lease: Lease;
  readonly controller: AbortController;
  readonly options: LeaseOptions;
  readonly endSignal: ReturnType<typeof createSignal<LeaseEnd | undefined>>;
  readonly pausedSignal: ReturnType<typeof createSignal<boolean>>;
  /** Aborts what is being served, when the lease pauses or ends. */
  serving: AbortController;
  readonly cancelExpiry: Disposer;
}

/** Hears of leases. */
export interface LeaseListener {
  ended(lease: Lease, reason: LeaseEnd): void;
  paused(lease: Lease, paused: boolean): void;
}

const defaultMaxAgeMs = 3_600_000;
/** Ended leases are remembered this long, so that a player learns why it was cut. */
const rememberEndedMs = 60_000;

/** A session that opens more ends its oldest: a page that was closed without giving its leases back must not lock anybody out. */
const leasesPerSession = 64;

/** Keeps the leases. Judging them again is the gate's work. */
export class LeaseRegistry implements Leases {
  /** What others get: they can serve, release and list, but neither open nor end. */
  readonly view: Leases = Object.freeze({
    serve: (id: string, principal: Principal, request: MediaRequest, signal?: AbortSignal) => this.serve(id, principal, request, signal),
    release: (id: string, principal: Principal) => this.release(id, principal),
    list: () => this.list(),
  });
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #entries = new Map<string, Entry>();
  readonly #ended = new Map<string, { readonly principal: Principal; readonly reason: LeaseEnd; readonly atMs: number }>();
  readonly #tell: LeaseListener;

  constructor(clock: Clock, random: Random, tell: LeaseListener) {
    this.#clock = clock;
    this.#random = random;
    this.#tell = tell;
  }

  open(about: Pick<Lease, 'call' | 'operation' | 'principal' | 'resource'>, options: LeaseOptions): Lease {
    const openedMs = this.#clock.now();
    const ofSession = this.list().filter((other) => isSame(other.principal, about.principal));
    if (ofSession.length >= leasesPerSession) this.finish(ofSession[0]!.id, 'released');
    const expiresMs = Math.min(openedMs + (options.maxAgeMs ?? defaultMaxAgeMs), options.endsMs ?? Number.MAX_SAFE_INTEGER);
    const controller = new AbortController();
    const endSignal = createSignal<LeaseEnd | undefined>(undefined);
    const pausedSignal = createSignal(false);
    const lease: Lease = { ...about, id: createId(this.#random), openedMs, expiresMs, signal: controller.signal, end: endSignal, paused: pausedSignal };
    // Timers may be late; `serve` compares with the clock as well.
    const cancelExpiry = this.#clock.after(Math.max(0, Math.min(expiresMs - openedMs, 2 ** 31 - 1)), () => this.finish(lease.id, 'expired'));
    this.#entries.set(lease.id, { lease, controller, options, endSignal, pausedSignal, serving: new AbortController(), cancelExpiry });
    return lease;
  }

  async serve(id: string, principal: Principal, request: MediaRequest, signal?: AbortSignal): Promise<MediaResponse> {
    const entry = this.#own(id, principal);
    if (this.#clock.now() >= entry.lease.expiresMs) {
      this.finish(id, 'expired');
      throw new KernelError('LEASE_ENDED', { reason: 'expired' });
    }
    if (entry.lease.paused.value) throw new KernelError('LEASE_PAUSED');
    const both = AbortSignal.any([entry.lease.signal, entry.serving.signal, ...(signal ? [signal] : [])]);
    const response = await entry.options.serve(request, both);
    if (entry.lease.end.value) throw new KernelError('LEASE_ENDED', { reason: entry.lease.end.value });
    if (entry.lease.paused.value) throw new KernelError('LEASE_PAUSED');
    return typeof response.body === 'string' || response.body instanceof Uint8Array ? response : { ...response, body: whileAlive(response.body, both) };
  }

  release(id: string, principal: Principal): void {
    this.#own(id, principal);
    this.finish(id, 'released');
  }

  /** Stops serving, or goes on. */
  pause(id: string, paused: boolean): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.lease.paused.value === paused) return;
    entry.pausedSignal.set(paused);
    if (paused) entry.serving.abort(new KernelError('LEASE_PAUSED'));
    else entry.serving = new AbortController();
    this.#tell.paused(entry.lease, paused);
  }

  finish(id: string, reason: LeaseEnd): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    const atMs = this.#clock.now();
    for (const [old, { atMs: endedMs }] of this.#ended) {
      if (endedMs > atMs - rememberEndedMs) break;
      this.#ended.delete(old);
    }
    this.#ended.set(id, { principal: entry.lease.principal, reason, atMs });
    void entry.cancelExpiry();
    entry.endSignal.set(reason);
    entry.controller.abort(new KernelError('LEASE_ENDED', { reason }));
    this.#tell.ended(entry.lease, reason);
  }

  list(): readonly Lease[] {
    return [...this.#entries.values()].map((entry) => entry.lease);
  }

  #own(id: string, principal: Principal): Entry {
    const entry = this.#entries.get(id);
    if (entry && isSame(entry.lease.principal, principal)) return entry;
    const ended = this.#ended.get(id);
    if (ended && isSame(ended.principal, principal)) throw new KernelError('LEASE_ENDED', { reason: ended.reason });
    throw new KernelError('LEASE_UNKNOWN');
  }
}

/** No byte after the end of the lease, whatever the plugin behind it does with its signal. */
async function* whileAlive(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    signal.throwIfAborted();
    yield chunk;
  }
}

/** The same person in the same session at the same place: a lease opened at a registered workstation is no good elsewhere (article 9(4)). */
function isSame(a: Principal, b: Principal): boolean {
  return a.kind === b.kind && a.id === b.id && a.session === b.session && a.address === b.address && a.certificateSha256 === b.certificateSha256;
}
