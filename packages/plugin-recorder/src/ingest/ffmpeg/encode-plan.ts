// What ffmpeg copies and what it encodes anew. It is learned from what ffmpeg says about the stream, and kept for the next connection.
import type { FfmpegProgram } from '../../ffmpeg/ffmpeg-program.ts';

/** How a stream is taken. */
export interface EncodePlan {
  /** Codecs that a recording can hold are copied bit for bit. */
  readonly video: 'copy' | 'encode';
  /** `adts`: AAC whose frames carry headers, as in MPEG-TS; they go, the sound stays. */
  readonly audio: 'copy' | 'adts' | 'encode';
  /** The stream has no times of its own. */
  readonly arrivalTimes: boolean;
  /** What the camera sends, in ffmpeg's words. */
  readonly videoCodec?: string | undefined;
  readonly audioCodec?: string | undefined;
}

/** Where everything begins. */
export const copyPlan: EncodePlan = { video: 'copy', audio: 'copy', arrivalTimes: false };

const recordableVideo: ReadonlySet<string> = new Set(['h264', 'hevc']);
const recordableAudio: ReadonlySet<string> = new Set(['aac', 'opus']);
/** In order of preference; which of them there are depends on who built ffmpeg. */
const encoders: readonly (readonly [string, readonly string[]])[] = [
  ['libx264', ['-preset', 'veryfast', '-tune', 'zerolatency', '-crf', '23']],
  ['libopenh264', ['-b:v', '3M']],
  ['h264_videotoolbox', ['-b:v', '3M', '-realtime', '1']],
  ['h264_mf', ['-b:v', '3M']],
];
const keyframeSeconds = 2;

/**
 * Listens to one line; the same plan when it says nothing new.
 * @param hasNoClock - a series of single pictures has no times of its own there
 */
export function learn(plan: EncodePlan, line: string, hasNoClock: boolean): EncodePlan {
  if (line.includes('Malformed AAC bitstream')) return { ...plan, audio: 'adts' };
  const [, kind, codec] = /^\s*Stream #0:\d+.*?: (Video|Audio): ([\w]+)/.exec(line) ?? [];
  if (kind === 'Video' && codec !== undefined && plan.videoCodec === undefined) {
    return { ...plan, videoCodec: codec, video: recordableVideo.has(codec) ? 'copy' : 'encode', arrivalTimes: hasNoClock && codec === 'mjpeg' };
  }
  if (kind === 'Audio' && codec !== undefined && plan.audioCodec === undefined) {
    const audio = !recordableAudio.has(codec) ? 'encode' : plan.audio === 'adts' && codec === 'aac' ? 'adts' : 'copy';
    return { ...plan, audioCodec: codec, audio };
  }
  return plan;
}

/** True when ffmpeg must be started anew for it. */
export function differs(left: EncodePlan, right: EncodePlan): boolean {
  return left.video !== right.video || left.audio !== right.audio || left.arrivalTimes !== right.arrivalTimes;
}

/** Fragments instead of one table at the end. Where AAC carries headers its configuration is known only after them: then the beginning waits, without edit lists. */
export function fragmentArguments({ audio }: EncodePlan, fragmentMs: number): readonly string[] {
  const beginning = audio === 'adts' ? ['+frag_keyframe+empty_moov+default_base_moof+delay_moov', '-use_editlist', '0'] : ['+frag_keyframe+empty_moov+default_base_moof'];
  return ['-f', 'mp4', '-movflags', ...beginning, '-frag_duration', `${fragmentMs * 1000}`, '-flush_packets', '1'];
}

/** Each picture once, at its own time: otherwise ffmpeg fills up to a rate that it guesses. */
function asTheyCome(version: string): readonly string[] {
  return [/^n?5\.0(\.|$|-)/.test(version) ? '-vsync' : '-fps_mode', 'vfr', '-enc_time_base', '1:1000'];
}

/** Arguments for the output; `undefined` when the picture must be encoded and this ffmpeg has no encoder. */
export function codecArguments(plan: EncodePlan, { encoders: available, version }: Pick<FfmpegProgram, 'encoders' | 'version'>): readonly string[] | undefined {
  const audio = plan.audio === 'encode' ? ['-c:a', 'aac', '-b:a', '96k'] : ['-c:a', 'copy', ...(plan.audio === 'adts' ? ['-bsf:a', 'aac_adtstoasc'] : [])];
  if (plan.video === 'copy') return ['-c:v', 'copy', ...audio];
  const encoder = encoders.find(([name]) => available.has(name));
  if (encoder === undefined) return undefined;
  const [name, settings] = encoder;
  return ['-c:v', name, ...settings, '-pix_fmt', 'yuv420p', '-bf', '0', ...asTheyCome(version), '-force_key_frames', `expr:gte(t,n_forced*${keyframeSeconds})`, ...audio];
}
