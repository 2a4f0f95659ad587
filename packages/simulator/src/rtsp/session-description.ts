// The SDP of a loop (RFC 4566; H.264 parameters RFC 6184 clause 8.2.1, AAC parameters RFC 3640 clause 4.1).
import { audioPayloadType, videoClockRate, videoPayloadType } from '../media/packetized-loop.ts';
import type { AudioTrack, Loop, VideoTrack } from '../media/loop.ts';

/** Describes `loop`; track controls are `trackID=0` (video) and `trackID=1` (audio), relative to Content-Base. */
export function describeLoop(loop: Loop, title: string): string {
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', `s=${title.replaceAll(/[\r\n]/g, ' ')}`, 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*', 'a=range:npt=now-'];
  lines.push(...describeVideo(loop.video));
  if (loop.audio) lines.push(...describeAudio(loop.audio));
  return `${lines.join('\r\n')}\r\n`;
}

function describeVideo(video: VideoTrack): string[] {
  const sets = [...video.sequenceParameterSets, ...video.pictureParameterSets].map((set) => set.toString('base64')).join(',');
  const profile = video.sequenceParameterSets[0]?.toString('hex', 1, 4) ?? '';
  const framesPerSecond = (video.samples.length * video.ticksPerSecond) / video.durationTicks;
  return [
    `m=video 0 RTP/AVP ${videoPayloadType}`,
    `a=rtpmap:${videoPayloadType} H264/${videoClockRate}`,
    `a=fmtp:${videoPayloadType} packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets}`,
    `a=framerate:${Number(framesPerSecond.toFixed(3))}`,
    'a=control:trackID=0',
  ];
}

function describeAudio(audio: AudioTrack): string[] {
  return [
    `m=audio 0 RTP/AVP ${audioPayloadType}`,
    `a=rtpmap:${audioPayloadType} mpeg4-generic/${audio.ticksPerSecond}/${audio.channels}`,
    `a=fmtp:${audioPayloadType} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=${audio.specificConfig.toString('hex')}`,
    'a=control:trackID=1',
  ];
}
