// Chooses the engine for each camera: the native one, which costs least, and ffmpeg for what it does not speak.
import type { EngineChoice, FragmentSink, IngestEngine, IngestOptions, IngestPace, IngestSession, IngestSource, IngestStats, IngestStatus } from './ingest-engine.ts';
import type { IngestErrorCode } from './ingest-error.ts';

/** The engines to choose from, and what to use where a source does not say. */
export interface AutoEngineOptions {
  readonly native: IngestEngine;
  readonly ffmpeg: IngestEngine;
  readonly preferred?: 'auto' | 'native' | 'ffmpeg' | undefined;
}

/** What the native engine will never receive, and why; the rest is tried again by itself. */
const speechless: Partial<Record<IngestErrorCode, EngineChoice['reason']>> = { UNSUPPORTED_CODEC: 'codec', UNSUPPORTED_ADDRESS: 'address' };
/** Violations of the protocol in a row before ffmpeg, which forgives more, is tried. */
const protocolLimit = 3;
/** A camera may have been set to another codec: when ffmpeg loses it after this time, the native engine is asked again. */
const rememberMs = 600_000;

/** Creates the engine. `source.engine` wins over `preferred`. */
export function autoEngine({ native, ffmpeg, preferred = 'auto' }: AutoEngineOptions): IngestEngine {
  return {
    id: 'auto',
    probe: async (source, options) => {
      const wanted = source.engine ?? preferred;
      if (firstChoice(source, wanted).id === 'ffmpeg') return ffmpeg.probe(source, options);
      try {
        return await native.probe(source, options);
      } catch (error) {
        if (wanted === 'native' || speechless[(error as { code: IngestErrorCode }).code] === undefined) throw error;
        return ffmpeg.probe(source, options);
      }
    },
    open: (source, sink, options) => new ChoosingSession({ source, sink, ingest: options, engines: { native, ffmpeg }, wanted: source.engine ?? preferred }),
  };
}

/** What is known without asking the camera. */
function firstChoice({ url, transport }: IngestSource, wanted: 'auto' | 'native' | 'ffmpeg'): EngineChoice {
  if (wanted !== 'auto') return { id: wanted, reason: 'configured' };
  if (!/^rtsps?:/i.test(url)) return { id: 'ffmpeg', reason: 'address' };
  if (transport === 'multicast' || transport === 'http') return { id: 'ffmpeg', reason: 'transport' };
  return { id: 'native', reason: 'default' };
}

interface ChoosingSessionOptions {
  readonly source: IngestSource;
  readonly sink: FragmentSink;
  readonly ingest: IngestOptions;
  readonly engines: Readonly<Record<EngineChoice['id'], IngestEngine>>;
  readonly wanted: 'auto' | 'native' | 'ffmpeg';
}

/** One camera, on one engine after the other. */
class ChoosingSession implements IngestSession {
  readonly #options: ChoosingSessionOptions;
  #choice: EngineChoice;
  #chosenMs: number;
  #session: IngestSession;
  #past: IngestStats = { frames: 0, bytes: 0, packets: 0, lostPackets: 0, malformedPackets: 0, connects: 0 };
  #pace: IngestPace | undefined;
  #violations = 0;
  #changing: Promise<void> | undefined;
  #stopped = false;

  constructor(options: ChoosingSessionOptions) {
    this.#options = options;
    this.#choice = firstChoice(options.source, options.wanted);
    this.#chosenMs = options.ingest.now();
    this.#session = this.#open();
  }

  stats(): IngestStats {
    return sum(this.#past, this.#session.stats());
  }

  setPace(pace: IngestPace): void {
    this.#pace = pace;
    this.#session.setPace(pace);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#changing;
    await this.#session.stop();
  }

  #open(): IngestSession {
    const { engines, source, sink, ingest } = this.#options;
    const session = engines[this.#choice.id].open(source, {
      run: (start) => sink.run(start),
      fragment: (fragment) => sink.fragment(fragment),
      interrupted: (interruption) => sink.interrupted(interruption),
      missing: (hole) => sink.missing(hole),
      status: (status) => this.#status(status),
    }, ingest);
    if (this.#pace !== undefined) session.setPace(this.#pace);
    return session;
  }

  #status(status: IngestStatus): void {
    const next = status.state === 'error' && this.#options.wanted === 'auto' ? this.#reconsider(status.code) : undefined;
    if (status.state === 'recording') this.#violations = 0;
    if (next === undefined || this.#stopped) this.#options.sink.status({ ...status, engine: this.#choice });
    else this.#changing ??= this.#change(next);
  }

  /** Another engine, when the failure says so. */
  #reconsider(code: IngestErrorCode): EngineChoice | undefined {
    if (this.#choice.id === 'ffmpeg') {
      // Addresses and transports that only ffmpeg speaks stay with it.
      const learned = this.#choice.reason === 'codec' || this.#choice.reason === 'protocol';
      return learned && this.#options.ingest.now() - this.#chosenMs >= rememberMs ? { id: 'native', reason: 'default' } : undefined;
    }
    const reason = speechless[code];
    if (reason !== undefined) return { id: 'ffmpeg', reason };
    this.#violations = code === 'PROTOCOL' ? this.#violations + 1 : 0;
    return this.#violations >= protocolLimit ? { id: 'ffmpeg', reason: 'protocol' } : undefined;
  }

  async #change(next: EngineChoice): Promise<void> {
    const before = this.#session;
    await before.stop();
    this.#past = sum(this.#past, before.stats());
    this.#choice = next;
    this.#chosenMs = this.#options.ingest.now();
    this.#violations = 0;
    this.#changing = undefined;
    if (!this.#stopped) this.#session = this.#open();
  }
}

function sum(left: IngestStats, right: IngestStats): IngestStats {
  return {
    frames: left.frames + right.frames,
    bytes: left.bytes + right.bytes,
    packets: left.packets + right.packets,
    lostPackets: left.lostPackets + right.lostPackets,
    malformedPackets: left.malformedPackets + right.malformedPackets,
    connects: left.connects + right.connects,
  };
}
