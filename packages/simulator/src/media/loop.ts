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

/** H.264 track: samples hold length-prefixed NAL units, as in the file (ISO/IEC 14496-15 clause 5.3). */
export interface VideoTrack extends LoopTrack {
  readonly nalLengthBytes: number;
  readonly sequenceParameterSets: readonly Buffer[];
  readonly pictureParameterSets: readonly Buffer[];
  readonly width: number;
  readonly height: number;
}

/** AAC-LC track: samples hold raw data blocks without ADTS headers. */
export interface AudioTrack extends LoopTrack {
  /** AudioSpecificConfig, ISO/IEC 14496-3 clause 1.6.2.1. */
  readonly specificConfig: Buffer;
  readonly channels: number;
  readonly samplesPerFrame: number;
}

/** The content of one loop file. */
export interface Loop {
  readonly video: VideoTrack;
  readonly audio?: AudioTrack;
}
