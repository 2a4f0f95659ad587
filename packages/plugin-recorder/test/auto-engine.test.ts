// The choice between engines, with engines that only play their part.
import { describe, expect, it } from 'vitest';
import { autoEngine } from '../src/ingest/auto-engine.ts';
import { defaultIngestOptions, type FragmentSink, type IngestEngine, type IngestOptions, type IngestSource, type IngestStatus } from '../src/ingest/ingest-engine.ts';
import { IngestError, type IngestErrorCode } from '../src/ingest/ingest-error.ts';
import { MemorySink } from './support/memory-sink.ts';

const camera: IngestSource = { url: 'rtsp://127.0.0.1/camera' };

/** An engine that does what the test says. */
class PlayedEngine implements IngestEngine {
  readonly id: string;
  readonly sinks: FragmentSink[] = [];
  readonly paces: number[] = [];
  stopped = 0;

  constructor(id: string) {
    this.id = id;
  }

  async probe(): Promise<never> {
    throw new IngestError('UNSUPPORTED_CODEC', `${this.id} was asked`);
  }

  open(_source: IngestSource, sink: FragmentSink): ReturnType<IngestEngine['open']> {
    this.sinks.push(sink);
    return {
      stats: () => ({ frames: 10, bytes: 100, packets: 0, lostPackets: 0, malformedPackets: 0, connects: 1 }),
      setPace: ({ fragmentMs }) => void this.paces.push(fragmentMs),
      stop: async () => void (this.stopped += 1),
    };
  }

  fail(code: IngestErrorCode): void {
    this.sinks.at(-1)?.status({ state: 'error', code, message: 'a failure', retryMs: 1 });
  }

  play(): void {
    this.sinks.at(-1)?.status({ state: 'recording' });
  }
}

function start(source: IngestSource = camera, preferred?: 'auto' | 'native' | 'ffmpeg', ingest: Partial<IngestOptions> = {}) {
  const native = new PlayedEngine('native');
  const ffmpeg = new PlayedEngine('ffmpeg');
  const sink = new MemorySink();
  const engine = autoEngine({ native, ffmpeg, preferred });
  const session = engine.open(source, sink, { ...defaultIngestOptions, ...ingest });
  const told = (): IngestStatus | undefined => sink.statuses.at(-1);
  return { native, ffmpeg, sink, session, engine, told, opened: () => [native.sinks.length, ffmpeg.sinks.length] };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('autoEngine', () => {
  it('takes the native engine for RTSP, and says so', () => {
    const { native, told, opened } = start();
    native.play();
    expect(opened()).toEqual([1, 0]);
    expect(told()).toEqual({ state: 'recording', engine: { id: 'native', reason: 'default' } });
  });

  it.each<[string, IngestSource, string]>([
    ['HTTP', { url: 'http://127.0.0.1/video.mjpg' }, 'address'],
    ['RTMP', { url: 'rtmp://127.0.0.1/live/gate' }, 'address'],
    ['multicast', { ...camera, transport: 'multicast' }, 'transport'],
    ['an RTSP tunnel', { ...camera, transport: 'http' }, 'transport'],
    ['a camera for which it is prescribed', { ...camera, engine: 'ffmpeg' }, 'configured'],
  ])('takes ffmpeg at once for %s', (_name, source, reason) => {
    const { ffmpeg, told, opened } = start(source);
    ffmpeg.play();
    expect(opened()).toEqual([0, 1]);
    expect(told()).toMatchObject({ engine: { id: 'ffmpeg', reason } });
  });

  it('changes to ffmpeg when the native engine does not speak the codec, and stays with it', async () => {
    const { native, ffmpeg, sink, session, told, opened } = start();
    session.setPace({ fragmentMs: 100, prompt: true });
    native.fail('UNSUPPORTED_CODEC');
    await settled();
    ffmpeg.play();
    expect(opened()).toEqual([1, 1]);
    expect(native.stopped).toBe(1);
    expect(told()).toEqual({ state: 'recording', engine: { id: 'ffmpeg', reason: 'codec' } });
    expect(sink.statuses.map(({ state }) => state)).toEqual(['recording']); // Nobody is told of an error that is none.
    expect(ffmpeg.paces).toEqual([100]);
    expect(session.stats()).toMatchObject({ frames: 20, connects: 2 });
    ffmpeg.fail('CLOSED');
    await settled();
    expect(opened()).toEqual([1, 1]);
  });

  it('asks the native engine again when ffmpeg loses a camera after a long time', async () => {
    let nowMs = 0;
    const { native, ffmpeg, opened } = start(camera, 'auto', { now: () => nowMs });
    native.fail('UNSUPPORTED_CODEC');
    await settled();
    nowMs = 600_000;
    ffmpeg.fail('CLOSED');
    await settled();
    expect(opened()).toEqual([2, 1]);
  });

  it('forgives two violations of the protocol, not three in a row', async () => {
    const { native, told, opened } = start();
    for (const code of ['PROTOCOL', 'PROTOCOL', 'TIMEOUT', 'PROTOCOL', 'PROTOCOL'] as const) native.fail(code);
    await settled();
    expect(told()).toMatchObject({ state: 'error', engine: { id: 'native' } });
    expect(opened()).toEqual([1, 0]);
    native.fail('PROTOCOL');
    await settled();
    expect(opened()).toEqual([1, 1]);
  });

  it('stays with the native engine where that is prescribed, and with failures that another engine would share', async () => {
    const prescribed = start(camera, 'native');
    prescribed.native.fail('UNSUPPORTED_CODEC');
    const refused = start();
    for (const code of ['UNAUTHORIZED', 'NOT_FOUND', 'CONNECT', 'CERTIFICATE'] as const) refused.native.fail(code);
    await settled();
    expect([prescribed.opened(), refused.opened()]).toEqual([[1, 0], [1, 0]]);
    expect(prescribed.told()).toMatchObject({ state: 'error', code: 'UNSUPPORTED_CODEC', engine: { id: 'native', reason: 'configured' } });
  });

  it('stops in the middle of a change without opening another engine', async () => {
    const { native, session, opened } = start();
    native.fail('UNSUPPORTED_CODEC');
    await session.stop();
    expect(opened()).toEqual([1, 0]);
  });

  it('probes with ffmpeg what the native engine does not speak', async () => {
    const { engine } = start();
    await expect(engine.probe(camera, defaultIngestOptions)).rejects.toThrow('ffmpeg was asked');
    await expect(engine.probe({ ...camera, engine: 'native' }, defaultIngestOptions)).rejects.toThrow('native was asked');
  });
});
