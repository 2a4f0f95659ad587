// One page of a video wall: the endless streams of several leases over one WebSocket. docs/design/live.md.
import type { Lease, MediaResponse } from '@wanglou/core';

/** The part of a WebSocket that is used. */
export interface Socket {
  readonly bufferedAmount: number;
  send(data: string | Uint8Array, options: { readonly binary?: boolean; readonly fin?: boolean }, sent?: (error?: Error | null) => void): void;
  close(code: number, reason: string): void;
}

/** What a wall socket works with. */
export interface WallSocketOptions {
  readonly socket: Socket;
  find(lease: string): Lease | undefined;
  /** The stream of a lease, or the same in a smaller picture. Throws a coded error. */
  open(lease: string, small: boolean, signal: AbortSignal): Promise<MediaResponse>;
  /** Code of a failure, for the page. */
  codeOf(error: unknown): string;
}

/** Tiles of one wall, with room for pages that change. */
const mostChannels = 64;
/** A browser that has more than this still to read gets nothing new: its channels lose groups of pictures rather than this process its memory. */
const mostQueuedBytes = 4 * 1024 * 1024;
const protocolError = 1002;

/** Serves one WebSocket until it is closed. */
export class WallSocket {
  readonly #options: WallSocketOptions;
  readonly #channels = new Map<number, AbortController>();

  constructor(options: WallSocketOptions) {
    this.#options = options;
  }

  /** A message of the page: `{"open":"<lease>","channel":n,"small":true}` (`small` as one likes) or `{"close":n}`. Anything else ends the connection. */
  message(text: string): void {
    const message = parse(text);
    if (message === undefined || (message.lease !== undefined && this.#channels.size >= mostChannels)) {
      this.#options.socket.close(protocolError, 'not understood');
      return;
    }
    const { channel, lease, small } = message;
    this.#channels.get(channel)?.abort();
    this.#channels.delete(channel);
    if (lease === undefined) return;
    const controller = new AbortController();
    this.#channels.set(channel, controller);
    void this.#pump(channel, { id: lease, small }, controller.signal).finally(() => {
      if (this.#channels.get(channel) === controller) this.#channels.delete(channel);
    });
  }

  /** The connection is over. */
  closed(): void {
    for (const controller of this.#channels.values()) controller.abort();
  }

  async #pump(channel: number, { id, small }: { readonly id: string; readonly small: boolean }, signal: AbortSignal): Promise<void> {
    const { find, open, codeOf } = this.#options;
    const lease = find(id);
    // A stream that ends while its lease lives began anew with another codec: the page opens it again.
    const over = (): Record<string, unknown> => (lease?.end.value === undefined ? (lease?.paused.value === true ? { paused: true } : { again: true }) : { ended: lease.end.value });
    try {
      const { status, headers, body } = await open(id, small, signal);
      if (signal.aborted) return;
      if (status !== 200 || typeof body === 'string' || body instanceof Uint8Array) this.#tell(channel, { failed: 'NOT_LIVE' });
      else {
        this.#tell(channel, { type: headers['content-type'] ?? '' });
        for await (const piece of body) {
          await this.#send(channel, piece, signal);
          if (signal.aborted) return;
        }
        if (!signal.aborted) this.#tell(channel, over());
      }
    } catch (error) {
      if (!signal.aborted) this.#tell(channel, lease?.end.value === undefined && lease?.paused.value !== true ? { failed: codeOf(error) } : over());
    }
  }

  /** One message: the number of the channel in two bytes, and the piece. Waits while the browser has too much to read. */
  async #send(channel: number, piece: Uint8Array, signal: AbortSignal): Promise<void> {
    const { socket } = this.#options;
    if (signal.aborted) return;
    const head = new Uint8Array([channel >> 8, channel & 0xff]);
    socket.send(head, { binary: true, fin: false });
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.send(piece, { binary: true, fin: true }, () => resolve());
    // Called back when the bytes are with the system; a connection that breaks calls back too.
    if (socket.bufferedAmount > mostQueuedBytes) await promise;
  }

  #tell(channel: number, what: Record<string, unknown>): void {
    this.#options.socket.send(JSON.stringify({ channel, ...what }), { binary: false });
  }
}

function parse(text: string): { readonly channel: number; readonly lease?: string; readonly small: boolean } | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { open, channel, close, small = false } = message as Record<string, unknown>;
  if (isChannel(close) && open === undefined) return { channel: close, small: false };
  return typeof open === 'string' && open.length <= 64 && isChannel(channel) && typeof small === 'boolean' ? { channel, lease: open, small } : undefined;
}

function isChannel(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff;
}
