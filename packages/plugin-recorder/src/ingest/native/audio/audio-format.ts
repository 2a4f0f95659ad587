// Audio codecs that the native engine records, and how their packets become samples of a file.
import type { AudioTrackInfo } from '../../../fmp4/track-info.ts';
import type { RtpPayloadHandler } from '../rtp/rtp-receiver.ts';
import type { SdpMedia } from '../sdp.ts';
import { aacFormat } from './aac-depacketizer.ts';
import { opusFormat } from './opus-depacketizer.ts';
import { pcmFormat } from './pcm-depacketizer.ts';

/** Receives whole units of sound; the bytes are valid during the call only. */
export interface AudioSink {
  /**
   * @param timestamp - RTP timestamp of its first sample
   * @param ticks - its length
   */
  audioUnit(buffer: Buffer, start: number, end: number, timestamp: number, ticks: number): void;
}

/** A track of sound that can be recorded. */
export interface AudioFormat {
  readonly track: AudioTrackInfo;
  depacketizer(sink: AudioSink): RtpPayloadHandler;
}

/** How a section of an SDP is recorded; undefined when it is not. */
export function audioFormat(media: SdpMedia): AudioFormat | undefined {
  return media.kind === 'audio' ? (aacFormat(media) ?? opusFormat(media) ?? pcmFormat(media)) : undefined;
}
