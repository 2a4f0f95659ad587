// The SDP of a loop (RFC 4566; H.264 parameters RFC 6184 clause 8.2.1, H.265 RFC 7798 clause 7.1, AAC RFC 3640 clause 4.1, Opus RFC 7587).
import { audioPayloadTypes, videoClockRate, videoPayloadType } from '../media/packetized-loop.ts';
import type { AudioTrack, Loop, VideoTrack } from '../media/loop.ts';

/** Describes `loop`; track controls are `trackID=0` (video) and `trackID=1` (audio), relative to Content-Base. */
export function describeLoop(loop: Loop, title: string): string {
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', `s=${title.replaceAll(/[\r\n]/g, ' ')}`, 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*', 'a=range:npt=now-'];
  lines.push(...describeVideo(loop.video));
  if (loop.audio) lines.push(...describeAudio(loop.audio));
  return `${lines.join('\r\n')}\r\n`;
}

function describeVideo(video: VideoTrack): string[] {
  const framesPerSecond = (video.samples.length * video.ticksPerSecond) / video.durationTicks;
  return [
    `m=video 0 RTP/AVP ${videoPayloadType}`,
    `a=rtpmap:${videoPayloadType} ${video.codec.toUpperCase()}/${videoClockRate}`,
    `a=fmtp:${videoPayloadType} ${video.codec === 'h264' ? h264Parameters(video) : h265Parameters(video)}`,
    `a=framerate:${Number(framesPerSecond.toFixed(3))}`,
    'a=control:trackID=0',
  ];
}

function h264Parameters(video: VideoTrack): string {
  const profile = video.sequenceParameterSets[0]?.toString('hex', 1, 4) ?? '';
  return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${base64([...video.sequenceParameterSets, ...video.pictureParameterSets])}`;
}

function h265Parameters(video: VideoTrack): string {
  return `sprop-vps=${base64(video.videoParameterSets)};sprop-sps=${base64(video.sequenceParameterSets)};sprop-pps=${base64(video.pictureParameterSets)}`;
}

function base64(sets: readonly Buffer[]): string {
  return sets.map((set) => set.toString('base64')).join(',');
}

function describeAudio(audio: AudioTrack): string[] {
  const type = audioPayloadTypes[audio.codec];
  return [`m=audio 0 RTP/AVP ${type}`, ...audioParameters(audio, type), 'a=control:trackID=1'];
}

function audioParameters(audio: AudioTrack, type: number): string[] {
  if (audio.codec === 'opus') return [`a=rtpmap:${type} opus/48000/2`];
  // Payload types 0 and 8 need no rtpmap, and some cameras give none.
  if (audio.codec !== 'aac') return [];
  return [
    `a=rtpmap:${type} mpeg4-generic/${audio.ticksPerSecond}/${audio.channels}`,
    `a=fmtp:${type} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=${audio.specificConfig.toString('hex')}`,
  ];
}
