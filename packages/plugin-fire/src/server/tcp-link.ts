// One TCP connection: its bytes are cut into messages, its silence, its garbage and its appetite are bounded.
import type { Socket } from 'node:net';
import { Framer, type Piece, type Profile } from '../gb26875.ts';
import type { Channel } from './channel.ts';
import { plainIp } from './devices.ts';
import type { RefusalReason } from './refusals.ts';

/** What a {@link TcpLink} is made of. */
export interface TcpLinkOptions {
  readonly socket: Socket;
  readonly key: string;
  readonly profile: Profile;
  /** Time that passes, ms. */
  readonly elapsedMs: () => number;
  piece(link: TcpLink, piece: Piece): void;
  dropped(link: TcpLink, reason: RefusalReason): void;
  ended(link: TcpLink): void;
}

/** How long a connection may be open before a device is heard on it. */
export const firstMessageLimitMs = 30_000;
/** Bytes that are no message, since the last that was. */
const garbageLimitBytes = 64 * 1024;
/** Bytes of replies that a device has not taken. */
const unsentLimitBytes = 64 * 1024;
/** Messages of one link that wait for the disk. */
const waitingLimit = 256;
const keepAliveMs = 30_000;

/** A TCP connection of a device. */
export class TcpLink implements Channel {
  readonly key: string;
  readonly peer: string;
  readonly ip: string;
  readonly #options: TcpLinkOptions;
  readonly #socket: Socket;
  readonly #framer: Framer;
  #deadlineMs: number;
  #garbageBytes = 0;
  #waiting = 0;

  constructor(options: TcpLinkOptions) {
    const { socket, key, profile, elapsedMs } = options;
    this.#options = options;
    this.#socket = socket;
    this.key = key;
    this.ip = plainIp(socket.remoteAddress ?? '');
    this.peer = `${this.ip}:${socket.remotePort ?? 0}`;
    this.#framer = new Framer({ profile });
    this.#deadlineMs = elapsedMs() + firstMessageLimitMs;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('data', (bytes: Buffer) => this.#pieces(this.#framer.push(bytes, elapsedMs())));
    // A reset is an end as well: `close` follows.
    socket.on('error', () => undefined);
    socket.once('end', () => this.#pieces(this.#framer.expire(Infinity)));
    socket.once('close', () => options.ended(this));
  }

  send(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > unsentLimitBytes) this.#drop('doesNotRead');
  }

  hold(): void {
    this.#waiting += 1;
    if (this.#waiting >= waitingLimit) this.#socket.pause();
  }

  release(): void {
    this.#waiting -= 1;
    if (this.#waiting <= waitingLimit / 2 && this.#socket.isPaused()) this.#socket.resume();
  }

  heard(silenceLimitMs: number): void {
    this.#deadlineMs = this.#options.elapsedMs() + silenceLimitMs;
    this.#garbageBytes = 0;
  }

  /** Gives up beginnings that are too old, and the link when nobody was heard in time. A link that we do not read is not blamed for it. */
  tick(): void {
    this.#pieces(this.#framer.expire(this.#options.elapsedMs()));
    if (this.#waiting === 0 && this.#options.elapsedMs() > this.#deadlineMs) this.#drop('silent');
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #pieces(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      if (this.#socket.destroyed) return;
      this.#garbageBytes += piece.bytes.length;
      this.#options.piece(this, piece);
      if (this.#garbageBytes > garbageLimitBytes) this.#drop('tooMuchGarbage');
    }
  }

  #drop(reason: RefusalReason): void {
    if (this.#socket.destroyed) return;
    this.#socket.destroy();
    this.#options.dropped(this, reason);
  }
}
