// The built-in ingest engine: RTSP over TCP, TLS and UDP, H.264 and H.265 with sound, in this process, for hundreds of cameras on one thread.
import type { TrackInfo } from '../../fmp4/track-info.ts';
import { SlabPool } from '../../fmp4/slab-pool.ts';
import { Backoff } from '../backoff.ts';
import type { FragmentSink, IngestEngine, IngestOptions, IngestPace, IngestSession, IngestSource, IngestStats } from '../ingest-engine.ts';
import { toIngestError, type IngestError } from '../ingest-error.ts';
import { createCameraMemory } from './camera-memory.ts';
import { NativeConnection, type SharedResources } from './native-connection.ts';
import { DrainTick } from './rtsp/drain-tick.ts';

/** Settings of {@link nativeEngine}. */
export interface NativeEngineOptions {
  /** All sockets are read this often; adds as much latency. */
  readonly tickMs?: number;
}

/** Creates the engine. All its sessions share one timer and one memory pool. */
export function nativeEngine({ tickMs = 50 }: NativeEngineOptions = {}): IngestEngine {
  const shared: SharedResources = { pool: new SlabPool(), tick: new DrainTick(tickMs) };
  return {
    id: 'native',
    probe: (source, options): Promise<readonly TrackInfo[]> => new NativeConnection(silentSink, options, shared, createCameraMemory()).probe(source),
    open: (source, sink, options) => new NativeSession(source, sink, options, shared),
  };
}

const silentSink: FragmentSink = { run: () => {}, fragment: async () => {}, interrupted: () => {}, missing: () => {}, status: () => {} };

/** Reconnects for ever; every failure is reported once and waits longer than the one before. */
class NativeSession implements IngestSession {
  readonly #source: IngestSource;
  readonly #sink: FragmentSink;
  readonly #options: IngestOptions;
  readonly #shared: SharedResources;
  readonly #backoff: Backoff;
  readonly #memory = createCameraMemory();
  readonly #done: Promise<void>;
  #connection: NativeConnection | undefined;
  #pace: IngestPace;
  #stopped = false;
  #wake: () => void = () => {};
  #past: IngestStats = { frames: 0, bytes: 0, packets: 0, lostPackets: 0, malformedPackets: 0, connects: 0 };

  constructor(source: IngestSource, sink: FragmentSink, options: IngestOptions, shared: SharedResources) {
    this.#source = source;
    this.#sink = sink;
    this.#options = options;
    this.#shared = shared;
    this.#pace = { fragmentMs: options.fragmentMs, prompt: false };
    this.#backoff = new Backoff({ ...options.backoff, random: options.random });
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
    // The caller gets the session before the first event.
    await Promise.resolve();
    this.#sink.status({ state: 'connecting' });
    // While it tries again, the last error stays what there is to tell.
    while (!this.#stopped) {
      const error = await this.#connect();
      if (this.#stopped) return;
      this.#sink.interrupted({ cause: error.code === 'CONNECT' || error.code === 'TIMEOUT' || error.code === 'CLOSED' ? 'network' : 'camera', detail: error.message });
      const retryMs = this.#backoff.next(error.code === 'UNAUTHORIZED' ? this.#options.backoff.unauthorizedMinMs : 0);
      this.#sink.status({ state: 'error', code: error.code, message: error.message, retryMs });
      await this.#sleep(retryMs);
    }
  }

  async #connect(): Promise<IngestError> {
    const connection = new NativeConnection(this.#sink, this.#options, this.#shared, this.#memory);
    connection.setPace(this.#pace);
    this.#connection = connection;
    try {
      return await connection.receive(this.#source, () => {
        this.#past = { ...this.#past, connects: this.#past.connects + 1 };
        this.#sink.status({ state: 'recording' });
      });
    } catch (error) {
      // Only a connection that really delivered pictures makes the next failure a first one.
      if (connection.counters().frames > 0) this.#backoff.reset();
      const problem = toIngestError(error);
      this.#memory.redirect = problem.location;
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
