// Which tracks of a description are recorded: the first picture and the first sound that the engine speaks.
import type { IngestWarning } from '../ingest-engine.ts';
import { IngestError } from '../ingest-error.ts';
import { audioFormat, type AudioFormat } from './audio/audio-format.ts';
import type { Sdp, SdpMedia } from './sdp.ts';
import { h264Codec } from './video/h264-codec.ts';
import { h265Codec } from './video/h265-codec.ts';
import { ParameterSets } from './video/parameter-sets.ts';
import type { VideoCodec } from './video/video-codec.ts';

/** What will be received. */
export interface ChosenMedia {
  readonly video: SdpMedia;
  readonly codec: VideoCodec;
  readonly sets: ParameterSets;
  readonly audio: { readonly media: SdpMedia; readonly format: AudioFormat } | undefined;
  readonly warnings: readonly IngestWarning[];
}

const videoCodecs: Readonly<Record<string, VideoCodec>> = { H264: h264Codec, H265: h265Codec, HEVC: h265Codec };

/** Chooses; tracks for talking to the camera are left alone. Throws `UNSUPPORTED_CODEC` when there is no picture to record. */
export function chooseMedia(sdp: Sdp): ChosenMedia {
  const offered = sdp.media.filter((media) => media.direction !== 'sendonly' && media.direction !== 'inactive');
  const video = offered.find((media) => media.kind === 'video' && videoCodecs[media.encoding] !== undefined);
  const codec = video && videoCodecs[video.encoding];
  if (video === undefined || codec === undefined) {
    throw new IngestError('UNSUPPORTED_CODEC', `the native engine records H.264 and H.265; the camera offers ${namesOf(offered) || 'nothing'}`);
  }
  const sounds = offered.filter((media) => media.kind === 'audio');
  const audio = sounds.map((media) => ({ media, format: audioFormat(media) })).find((candidate) => candidate.format !== undefined);
  const silent = audio === undefined && sounds.length > 0;
  const warning = { code: 'AUDIO_UNSUPPORTED', message: `the sound of the camera is not recorded, since it is ${namesOf(sounds)}; set it to AAC, G.711 or Opus` } as const;
  return { video, codec, sets: ParameterSets.of(codec, video), audio: audio?.format === undefined ? undefined : { media: audio.media, format: audio.format }, warnings: silent ? [warning] : [] };
}

function namesOf(media: readonly SdpMedia[]): string {
  // The names come from the camera: letters, digits and marks only, and not too many.
  return media.map((one) => `${one.kind} ${one.encoding || `type ${one.payloadType}`}`.replace(/[^\w .-]/g, '')).join(', ').slice(0, 120);
}
