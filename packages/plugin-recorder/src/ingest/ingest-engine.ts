// The seam between receiving a camera and storing it: whatever the engine, the sink sees runs, fragments and interruptions in order.
import type { TrackInfo } from '../fmp4/track-info.ts';
import type { IngestErrorCode } from './ingest-error.ts';

export type { TrackInfo } from '../fmp4/track-info.ts';

/** Where a stream comes from. Credentials stay in memory and never appear in messages. */
export interface IngestSource {
  /** Address without credentials, for instance `rtsp://10.0.0.5/Streaming/Channels/101`; `rtsps://` for TLS. */
  readonly url: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** How pictures travel. `auto` (default): over the RTSP connection, over UDP where the camera refuses that with 461. */
  readonly transport?: IngestTransport;
  /** How the certificate of an `rtsps://` source is checked. Default: by the certificate authorities of the system. */
  readonly tls?: IngestTls;
  /** Which engine receives it; where there is a choice. Default: what the recorder is configured to. */
  readonly engine?: 'auto' | 'native' | 'ffmpeg';
}

/**
 * Which engine receives a camera, and why.
 * - `default` the native one receives it; `configured` it was prescribed
 * - `address`, `transport`, `codec` only ffmpeg speaks it; `protocol` the camera violates RTSP, and ffmpeg forgives more
 */
export interface EngineChoice {
  readonly id: 'native' | 'ffmpeg';
  readonly reason: 'default' | 'configured' | 'address' | 'transport' | 'codec' | 'protocol';
}

/** Way of the pictures; `multicast` and `http` (a tunnel) only through ffmpeg. UDP saves nothing and loses packets on a busy network; some cameras offer nothing else. */
export type IngestTransport = 'auto' | 'tcp' | 'udp' | 'multicast' | 'http';

/** Trust in one camera. */
export interface IngestTls {
  /** SHA-256 of the camera's certificate, hex with or without colons: this certificate and no other, whoever signed it. */
  readonly fingerprint?: string;
}

/** A new run begins: one clock, one codec configuration, no break. */
export interface RunStart {
  /** Unique name of the run, file-name safe (`[a-z0-9]+`). */
  readonly run: string;
  readonly tracks: readonly TrackInfo[];
  /** ftyp + moov. */
  readonly init: Uint8Array;
  /** RFC 6381 codecs parameter, for instance `avc1.4d4028,mp4a.40.2`. */
  readonly codecs: string;
}

/** One moof + mdat. Times of fragments of a run follow each other without holes. */
export interface Fragment {
  /** Counts from 1 in every run. */
  readonly sequence: number;
  /** True when it starts with a keyframe. */
  readonly key: boolean;
  /** True when it was cut because a keyframe follows; absent when the engine cannot tell. */
  readonly lastOfGroup?: boolean;
  /** True when its camera signs the footage (ONVIF Media Signing), as far as that has been seen. */
  readonly cameraSigned?: boolean;
  /** Wall clock of its first frame, UTC epoch milliseconds, from the recorder's clock; may have a fraction. */
  readonly startMs: number;
  /** Wall clock of the end of its last frame; the next fragment of the run starts here. */
  readonly endMs: number;
  /** Media time, by the camera's clock. */
  readonly durationMs: number;
  /** Clock of the camera (RTCP sender report) minus clock of the recorder, when the camera says. */
  readonly cameraOffsetMs?: number;
  /** Payload in order. The sink owns it until the promise of {@link FragmentSink.fragment} settles. */
  readonly chunks: readonly Uint8Array[];
  readonly bytes: number;
  readonly frames: number;
}

/** Why no frames came for a while. */
export interface Interruption {
  /** `recorder`: memory for this camera is used up, since fragments are not taken off the engine. */
  readonly cause: 'network' | 'camera' | 'recorder';
  /** One English sentence for the gap row, without credentials. */
  readonly detail: string;
}

/**
 * Something that people should know and that does not stop the recording.
 * - `AUDIO_UNSUPPORTED` the camera's sound is in a codec that is not recorded
 * - `KEYFRAMES_RARE` the camera sends keyframes minutes apart, as smart codecs do
 * - `PICTURE_ENCODED` the camera's picture is in a codec that is encoded as H.264 for the recording
 */
export interface IngestWarning {
  readonly code: IngestWarningCode;
  /** One English sentence, without credentials. */
  readonly message: string;
}

/** Codes of {@link IngestWarning}. */
export type IngestWarningCode = 'AUDIO_UNSUPPORTED' | 'KEYFRAMES_RARE' | 'PICTURE_ENCODED';

/** State of a session, for people; with the engine, where one was chosen. `recording` is told again when a warning is added. */
export type IngestStatus = { readonly engine?: EngineChoice } & IngestState;

type IngestState =
  | { readonly state: 'connecting' }
  | { readonly state: 'recording'; readonly warnings?: readonly IngestWarning[] }
  | { readonly state: 'error'; readonly code: IngestErrorCode; readonly message: string; readonly retryMs: number; readonly advice?: string };

/** Receives one camera. Calls arrive in order and are never concurrent. */
export interface FragmentSink {
  run(start: RunStart): void;
  /** Settles when the bytes are no longer needed; it does not reject. */
  fragment(fragment: Fragment): Promise<void>;
  /** The stream broke after the last fragment; the next fragment ends the gap. */
  interrupted(interruption: Interruption): void;
  /** Frames are missing inside a run. */
  missing(hole: Interruption & { readonly startMs: number; readonly endMs: number }): void;
  status(status: IngestStatus): void;
}

/** Counters of a session since it was opened. */
export interface IngestStats {
  readonly frames: number;
  readonly bytes: number;
  readonly packets: number;
  readonly lostPackets: number;
  readonly malformedPackets: number;
  readonly connects: number;
}

/** How soon footage is delivered. */
export interface IngestPace {
  /** Longest fragment. */
  readonly fragmentMs: number;
  /** Reads packets as they come instead of together with all other cameras: more work, no delay. */
  readonly prompt: boolean;
}

/** A camera being received; it reconnects by itself until it is stopped. */
export interface IngestSession {
  stats(): IngestStats;
  /** Somebody watches the camera on a wall from now on, or no longer. Engines that cannot change go on as they are. */
  setPace(pace: IngestPace): void;
  /** Ends the session; the last fragment is delivered before the promise settles. */
  stop(): Promise<void>;
}

/** What one camera may hold in memory. */
export interface IngestMemory {
  /** Largest picture, and largest fragment, in bytes. */
  readonly unitBytes: number;
  /** Fragments that were delivered and are not settled, in bytes; beyond that whole groups of pictures are dropped. */
  readonly waitingBytes: number;
}

/** Knobs of an engine; see {@link defaultIngestOptions}. */
export interface IngestOptions {
  /** Longest fragment. */
  readonly fragmentMs: number;
  /** Deadline of the TCP connection. */
  readonly connectMs: number;
  /** Deadline of each answer. */
  readonly requestMs: number;
  /** A stream without a packet for this long is dead. */
  readonly silenceMs: number;
  readonly memory: IngestMemory;
  readonly backoff: { readonly minMs: number; readonly maxMs: number; readonly unauthorizedMinMs: number };
  /** UTC epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Defaults that fit cameras in a campus network: one that comes back is recorded again within five seconds. Wrong passwords wait longer, since cameras lock accounts. */
export const defaultIngestOptions: IngestOptions = {
  fragmentMs: 500,
  connectMs: 5_000,
  requestMs: 10_000,
  silenceMs: 10_000,
  memory: { unitBytes: 16 * 1024 * 1024, waitingBytes: 32 * 1024 * 1024 },
  backoff: { minMs: 500, maxMs: 3_000, unauthorizedMinMs: 30_000 },
  now: Date.now,
  random: Math.random,
};

/** A way to receive cameras. `native` is built in; one on ffmpeg for everything else fits the same interface. */
export interface IngestEngine {
  readonly id: string;
  /** Connects, reads what the source offers, disconnects. Throws {@link IngestError}. */
  probe(source: IngestSource, options: IngestOptions): Promise<readonly TrackInfo[]>;
  open(source: IngestSource, sink: FragmentSink, options: IngestOptions): IngestSession;
}
