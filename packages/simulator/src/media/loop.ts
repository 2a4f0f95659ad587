// What a loop file holds after it was read: coded samples with their times, and the decoder settings.

/** One access unit (video) or one AAC frame (audio). */
export interface LoopSample {
  readonly data: Buffer;
  /** Decode time from the start of the loop, in ticks of the track. */
  readonly startTicks: number;
  /** Presentation time minus decode time; 0 when there are no B-frames. */
  readonly compositionOffsetTicks: number;
  readonly key: boolean;
}

interface LoopTrack {
  readonly ticksPerSecond: number;
  readonly durationTicks: number;
  readonly samples: readonly LoopSample[];
}

/** H.264 or H.265 track: samples hold length-prefixed NAL units, as in the file (ISO/IEC 14496-15 clauses 5.3 and 8.3). */
export interface VideoTrack extends LoopTrack {
  readonly codec: 'h264' | 'h265';
  /** Empty for H.264. */
  readonly videoParameterSets: readonly Buffer[];
  readonly nalLengthBytes: number;
  readonly sequenceParameterSets: readonly Buffer[];
  readonly pictureParameterSets: readonly Buffer[];
  readonly width: number;
  readonly height: number;
}

interface SoundTrack extends LoopTrack {
  readonly channels: number;
  readonly samplesPerFrame: number;
}

/** AAC-LC track: samples hold raw data blocks without ADTS headers. */
export interface AacTrack extends SoundTrack {
  readonly codec: 'aac';
  /** AudioSpecificConfig, ISO/IEC 14496-3 clause 1.6.2.1. */
  readonly specificConfig: Buffer;
}

/** Opus track: a sample is a packet. */
export interface OpusTrack extends SoundTrack {
  readonly codec: 'opus';
}

/** G.711 track: a sample is 20 ms. */
export interface G711Track extends SoundTrack {
  readonly codec: 'pcma' | 'pcmu';
}

/** A track of sound. */
export type AudioTrack = AacTrack | OpusTrack | G711Track;

/** The content of one loop file. */
export interface Loop {
  readonly video: VideoTrack;
  readonly audio?: AudioTrack;
}
