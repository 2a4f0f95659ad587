// One client connection: reads requests, writes answers and media, enforces timeout and queue cap, acts out faults.
import { bigHeaderBytes, garbageBytes } from '../device-fault.ts';
import { encodeRtspResponse } from './rtsp-response.ts';
import { sendMedia } from './media-output.ts';
import { RtspMethods } from './rtsp-methods.ts';
import { RtspRequestReader, RtspSyntaxError } from './rtsp-request-reader.ts';
import type { DeviceFault } from '../device-fault.ts';
import type { MediaSender } from '../media/media-sender.ts';
import type { RtspContext } from './rtsp-context.ts';
import type { RtspRequest } from './rtsp-request-reader.ts';
import type { RtspResponse } from './rtsp-response.ts';
import type { Socket } from 'node:net';
import type { TickListener } from './shared-tick.ts';

/** Serves `socket` until it closes. */
export class RtspConnection implements TickListener {
  readonly #socket: Socket;
  readonly #context: RtspContext;
  readonly #reader = new RtspRequestReader();
  readonly #methods: RtspMethods;
  #stopTicking: (() => void) | undefined;
  #stopHearing: (() => void)[] = [];
  #lastSignOfLifeMs: number;
  #noiseSeed = 1;

  constructor(socket: Socket, context: RtspContext) {
    this.#socket = socket;
    this.#context = context;
    this.#methods = new RtspMethods(context);
    this.#lastSignOfLifeMs = context.clock.now();
    context.counters.connections += 1;
    socket.setNoDelay(true);
    // Covers a client that connects and says nothing; once it plays, tick() watches it.
    socket.setTimeout(context.limits.sessionTimeoutSeconds * 1000, () => this.#expireIdle());
    socket.on('data', (chunk) => this.#receive(chunk));
    // A reset by the client is ordinary; 'close' follows and does the work.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#stopPlaying();
      context.counters.connections -= 1;
    });
  }

  /** Cuts the connection, with a TCP reset when the device went away. */
  close(fault?: DeviceFault): void {
    this.#stopPlaying();
    // A reset is of TCP; what wraps it for TLS cannot send one.
    if (fault === 'offline' && !('encrypted' in this.#socket)) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  /** Sends what is due. Called by the shared tick while playing. */
  tick(): void {
    const { clock, limits, counters } = this.#context;
    const { session } = this.#methods;
    const sender = session?.sender;
    if (!session || !sender || this.#socket.destroyed) return;
    if (this.#context.fault() === 'cut') {
      // What TCP keeps for later, UDP loses.
      if (session.datagrams.size > 0) sender.collect(clock.now());
      return;
    }
    const nowMs = clock.now();
    if (nowMs - this.#lastSignOfLifeMs > limits.sessionTimeoutSeconds * 1000) {
      counters.expiredSessions += 1;
      this.close();
      return;
    }
    const before = sender.packetsSent;
    const due = sender.collect(nowMs, limits.maxQueueBytes);
    if (due.length === 0 || this.#context.fault() === 'silent') return;
    counters.packetsSent += sender.packetsSent - before;
    counters.bytesSent += due.length;
    const bytes = sendMedia(due, session, this.#context);
    if (this.#socket.writableLength + bytes.length > limits.maxQueueBytes) {
      counters.slowClientsDropped += 1;
      this.close();
      return;
    }
    if (bytes.length > 0) this.#writeMedia(bytes);
  }

  #writeMedia(bytes: Buffer): void {
    const fault = this.#context.fault();
    if (fault === 'garbage') this.#socket.write(garbageBytes(bytes.length, this.#noiseSeed++));
    else if (fault === 'truncated') this.#finish(bytes.subarray(0, bytes.length >> 1));
    else this.#socket.write(bytes);
  }

  /** Sends the last bytes and closes, without waiting for the client to close its side. */
  #finish(bytes: Buffer): void {
    this.#stopPlaying();
    this.#socket.write(bytes);
    this.#socket.destroySoon();
  }

  #receive(chunk: Buffer): void {
    if (this.#context.fault() === 'silent' || this.#socket.writableEnded) return;
    try {
      this.#reader.push(chunk);
      this.#serve();
    } catch (error) {
      if (!(error instanceof RtspSyntaxError)) throw error;
      this.#context.counters.malformedRequests += 1;
      this.#finish(encodeRtspResponse({ status: error.status, headers: [['Connection', 'close']] }, undefined));
    }
  }

  /** The network is cut or whole again: what came meanwhile is answered then. */
  resume(): void {
    this.#receive(Buffer.alloc(0));
  }

  /** Current sender, once it plays. */
  get sender(): MediaSender | undefined {
    return this.#methods.session?.sender;
  }

  #serve(): void {
    if (this.#context.fault() === 'cut') return;
    for (let message = this.#reader.next(); message && !this.#socket.writableEnded; message = this.#reader.next()) {
      this.#lastSignOfLifeMs = this.#context.clock.now();
      if (message.kind === 'request') this.#answer(message);
    }
  }

  #answer(request: RtspRequest): void {
    this.#context.counters.requests += 1;
    const response = this.#methods.answer(request, this.#socket.remoteAddress ?? '');
    const done = response.status === 200 ? request.method : undefined;
    if (done === 'TEARDOWN') this.#stopPlaying();
    this.#respond(response, request.headers.get('cseq'));
    if (done === 'TEARDOWN') this.#socket.destroySoon();
    if (done === 'PLAY' && !this.#socket.writableEnded) this.#startPlaying();
  }

  #respond(response: RtspResponse, sequence: string | undefined): void {
    const bytes = encodeRtspResponse(response, sequence);
    const fault = this.#context.fault();
    if (fault === 'truncated') this.#finish(bytes.subarray(0, bytes.length >> 1));
    else if (fault === 'big-header') this.#socket.write(Buffer.concat([Buffer.from('RTSP/1.0 200 OK\r\nX-Padding: '), Buffer.alloc(bigHeaderBytes, 'a')]));
    else this.#socket.write(bytes);
  }

  #startPlaying(): void {
    if (this.#stopTicking) return;
    this.#socket.setTimeout(0);
    this.#context.counters.playing += 1;
    const { datagrams } = this.#context;
    // Over UDP the client's reports keep its session alive.
    const alive = (): void => {
      this.#lastSignOfLifeMs = this.#context.clock.now();
    };
    if (datagrams) this.#stopHearing = [...(this.#methods.session?.datagrams.values() ?? [])].map((ports) => datagrams.listen(ports, alive));
    this.#stopTicking = this.#context.tick.add(this);
  }

  #stopPlaying(): void {
    if (!this.#stopTicking) return;
    this.#stopTicking();
    this.#stopTicking = undefined;
    for (const stop of this.#stopHearing) stop();
    this.#context.counters.playing -= 1;
  }

  #expireIdle(): void {
    this.#context.counters.expiredSessions += 1;
    this.close();
  }
}
