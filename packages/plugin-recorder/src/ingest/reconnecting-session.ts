// Keeps one camera connected, whatever receives it: reconnects for ever, reports every failure once, and waits longer after each.
import { Backoff } from './backoff.ts';
import type { FragmentSink, IngestOptions, IngestPace, IngestSession, IngestStats } from './ingest-engine.ts';
import { toIngestError, type IngestError } from './ingest-error.ts';

/** Counters of one connection. */
export interface ConnectionCounters {
  readonly frames: number;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
  readonly malformed: number;
}

/** One connection to a camera, from its beginning to its end. */
export interface IngestConnection {
  /** Receives until it fails; always ends with an {@link IngestError}. `onPlaying` is called once the camera plays. */
  receive(onPlaying: () => void): Promise<never>;
  counters(): ConnectionCounters;
  setPace(pace: IngestPace): void;
  /** Ends reception; what was received is delivered before `receive` ends. */
  stop(): Promise<void>;
}

/** What a session works with. */
export interface ReconnectingSessionOptions {
  readonly sink: FragmentSink;
  readonly ingest: IngestOptions;
  readonly connect: () => IngestConnection;
  /** Called for each failure, before the next connection. */
  readonly failed?: (problem: IngestError) => void;
}

const networkCodes: ReadonlySet<string> = new Set(['CONNECT', 'TIMEOUT', 'CLOSED']);
const nothing: IngestStats = { frames: 0, bytes: 0, packets: 0, lostPackets: 0, malformedPackets: 0, connects: 0 };

/** A session of an engine that connects. */
export class ReconnectingSession implements IngestSession {
  readonly #options: ReconnectingSessionOptions;
  readonly #backoff: Backoff;
  readonly #done: Promise<void>;
  #connection: IngestConnection | undefined;
  #pace: IngestPace;
  #stopped = false;
  #wake: () => void = () => {};
  #past = nothing;

  constructor(options: ReconnectingSessionOptions) {
    this.#options = options;
    this.#pace = { fragmentMs: options.ingest.fragmentMs, prompt: false };
    this.#backoff = new Backoff({ ...options.ingest.backoff, random: options.ingest.random });
    this.#done = this.#run();
  }

  stats(): IngestStats {
    const now = this.#connection?.counters();
    if (now === undefined) return this.#past;
    const past = this.#past;
    return {
      frames: past.frames + now.frames,
      bytes: past.bytes + now.bytes,
      packets: past.packets + now.packets,
      lostPackets: past.lostPackets + now.lost,
      malformedPackets: past.malformedPackets + now.malformed,
      connects: past.connects,
    };
  }

  setPace(pace: IngestPace): void {
    this.#pace = pace;
    this.#connection?.setPace(pace);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#connection?.stop();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { sink, ingest } = this.#options;
    // The caller gets the session before the first event.
    await Promise.resolve();
    sink.status({ state: 'connecting' });
    // While it tries again, the last error stays what there is to tell.
    while (!this.#stopped) {
      const problem = await this.#connect();
      if (this.#stopped) return;
      sink.interrupted({ cause: networkCodes.has(problem.code) ? 'network' : 'camera', detail: problem.message });
      const retryMs = this.#backoff.next(problem.code === 'UNAUTHORIZED' ? ingest.backoff.unauthorizedMinMs : 0);
      sink.status({ state: 'error', code: problem.code, message: problem.message, retryMs, ...(problem.advice !== undefined && { advice: problem.advice }) });
      await this.#sleep(retryMs);
    }
  }

  async #connect(): Promise<IngestError> {
    const connection = this.#options.connect();
    connection.setPace(this.#pace);
    this.#connection = connection;
    try {
      return await connection.receive(() => {
        this.#past = { ...this.#past, connects: this.#past.connects + 1 };
        this.#options.sink.status({ state: 'recording' });
      });
    } catch (error) {
      // Only a connection that really delivered pictures makes the next failure a first one.
      if (connection.counters().frames > 0) this.#backoff.reset();
      const problem = toIngestError(error);
      this.#options.failed?.(problem);
      return problem;
    } finally {
      this.#past = this.stats();
      this.#connection = undefined;
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
