// The built-in ingest engine: RTSP over TCP, TLS and UDP, H.264 and H.265 with sound, in this process, for hundreds of cameras on one thread.
import type { TrackInfo } from '../../fmp4/track-info.ts';
import { SlabPool } from '../../fmp4/slab-pool.ts';
import type { FragmentSink, IngestEngine } from '../ingest-engine.ts';
import { ReconnectingSession } from '../reconnecting-session.ts';
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
    probe: (source, options): Promise<readonly TrackInfo[]> => new NativeConnection(source, silentSink, options, shared, createCameraMemory()).probe(),
    open: (source, sink, options) => {
      const memory = createCameraMemory();
      return new ReconnectingSession({
        sink, ingest: options,
        connect: () => new NativeConnection(source, sink, options, shared, memory),
        failed: (problem) => {
          memory.redirect = problem.location;
        },
      });
    },
  };
}

const silentSink: FragmentSink = { run: () => {}, fragment: async () => {}, interrupted: () => {}, missing: () => {}, status: () => {} };
