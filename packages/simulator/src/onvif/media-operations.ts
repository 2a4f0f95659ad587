// Operations of the media services: Media1 (ver10/media/wsdl) and Media2 (ver20/media/wsdl). One profile, `main`.
import { childOf, escapeXml } from './xml-element.ts';
import { SoapFault } from './soap-message.ts';
import type { OnvifContext } from './onvif-context.ts';
import type { SoapOperation } from './soap-operation.ts';
import type { XmlElement } from './xml-element.ts';

/** Token of the only profile. */
const profileToken = 'main';

/** Names of sound in Media1 (tt:AudioEncoding; Opus is unknown to it) and in Media2 (IANA media subtypes). */
const audioEncodings = { aac: 'AAC', opus: 'OPUS', pcma: 'G711', pcmu: 'G711' } as const;
const audioEncodings2 = { aac: 'MP4A-LATM', opus: 'OPUS', pcma: 'PCMA', pcmu: 'PCMU' } as const;

/** By operation name. */
export const mediaOperations: Readonly<Record<string, SoapOperation>> = {
  GetServiceCapabilities: { beforeLogin: true, answer: () => '<trt:GetServiceCapabilitiesResponse><trt:Capabilities SnapshotUri="false"><trt:ProfileCapabilities MaximumNumberOfProfiles="1"/><trt:StreamingCapabilities RTP_RTSP_TCP="true"/></trt:Capabilities></trt:GetServiceCapabilitiesResponse>' },
  GetProfiles: { beforeLogin: false, answer: getProfiles },
  GetVideoSources: { beforeLogin: false, answer: getVideoSources },
  GetStreamUri: { beforeLogin: false, answer: getStreamUri },
  GetSnapshotUri: { beforeLogin: false, answer: refuseSnapshot },
};

/** By operation name. */
export const media2Operations: Readonly<Record<string, SoapOperation>> = {
  GetServiceCapabilities: { beforeLogin: true, answer: () => '<tr2:GetServiceCapabilitiesResponse><tr2:Capabilities SnapshotUri="false"><tr2:ProfileCapabilities MaximumNumberOfProfiles="1"/><tr2:StreamingCapabilities RTSPStreaming="true" RTP_RTSP_TCP="true"/></tr2:Capabilities></tr2:GetServiceCapabilitiesResponse>' },
  GetProfiles: { beforeLogin: false, answer: getProfiles2 },
  GetStreamUri: { beforeLogin: false, answer: getStreamUri2 },
  GetSnapshotUri: { beforeLogin: false, answer: refuseSnapshot },
};

function getProfiles(context: OnvifContext): string {
  const audio = context.facts.loop.audio;
  const source = `<tt:VideoSourceConfiguration token="source-configuration"><tt:Name>source</tt:Name><tt:UseCount>1</tt:UseCount><tt:SourceToken>source</tt:SourceToken>${bounds(context)}</tt:VideoSourceConfiguration>`;
  const encoder = `<tt:VideoEncoderConfiguration token="encoder"><tt:Name>main</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>${resolution(context)}<tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>${frameRate(context)}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>25</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264><tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration>`;
  const sound = audio ? `<tt:AudioEncoderConfiguration token="audio-encoder"><tt:Name>audio</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${audioEncodings[audio.codec]}</tt:Encoding><tt:Bitrate>24</tt:Bitrate><tt:SampleRate>${audio.ticksPerSecond / 1000}</tt:SampleRate><tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:AudioEncoderConfiguration>` : '';
  return `<trt:GetProfilesResponse><trt:Profiles token="${profileToken}" fixed="true"><tt:Name>${escapeXml(context.facts.name.zh)}</tt:Name>${source}${encoder}${sound}</trt:Profiles></trt:GetProfilesResponse>`;
}

function getProfiles2(context: OnvifContext): string {
  const audio = context.facts.loop.audio;
  const source = `<tr2:VideoSource token="source-configuration"><tt:Name>source</tt:Name><tt:UseCount>1</tt:UseCount><tt:SourceToken>source</tt:SourceToken>${bounds(context)}</tr2:VideoSource>`;
  const encoder = `<tr2:VideoEncoder token="encoder" GovLength="25" Profile="Main"><tt:Name>main</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${context.facts.loop.video.codec.toUpperCase()}</tt:Encoding>${resolution(context)}<tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>${frameRate(context)}</tt:FrameRateLimit><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl><tt:Quality>5</tt:Quality></tr2:VideoEncoder>`;
  const sound = audio ? `<tr2:AudioEncoder token="audio-encoder"><tt:Name>audio</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${audioEncodings2[audio.codec]}</tt:Encoding><tt:Bitrate>24</tt:Bitrate><tt:SampleRate>${audio.ticksPerSecond / 1000}</tt:SampleRate></tr2:AudioEncoder>` : '';
  return `<tr2:GetProfilesResponse><tr2:Profiles token="${profileToken}" fixed="true"><tr2:Name>${escapeXml(context.facts.name.zh)}</tr2:Name><tr2:Configurations>${source}${encoder}${sound}</tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>`;
}

function getVideoSources(context: OnvifContext): string {
  return `<trt:GetVideoSourcesResponse><trt:VideoSources token="source"><tt:Framerate>${frameRate(context)}</tt:Framerate>${resolution(context)}</trt:VideoSources></trt:GetVideoSourcesResponse>`;
}

function getStreamUri(context: OnvifContext, parameters: XmlElement): string {
  checkProfile(parameters);
  const protocol = childOf(childOf(childOf(parameters, 'StreamSetup'), 'Transport'), 'Protocol')?.text;
  if (protocol !== undefined && protocol !== 'RTSP') throw new SoapFault('Only RTP over RTSP over TCP is served', { code: 'Sender', subcodes: ['InvalidArgVal', 'InvalidStreamSetup'], httpStatus: 400 });
  return `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${escapeXml(context.facts.rtspUrl())}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>`;
}

function getStreamUri2(context: OnvifContext, parameters: XmlElement): string {
  checkProfile(parameters);
  return `<tr2:GetStreamUriResponse><tr2:Uri>${escapeXml(context.facts.rtspUrl())}</tr2:Uri></tr2:GetStreamUriResponse>`;
}

function refuseSnapshot(): string {
  throw new SoapFault('The simulated camera has no snapshots', { code: 'Receiver', subcodes: ['ActionNotSupported'], httpStatus: 500 });
}

function checkProfile(parameters: XmlElement): void {
  if (childOf(parameters, 'ProfileToken')?.text === profileToken) return;
  throw new SoapFault(`The only profile is ${profileToken}`, { code: 'Sender', subcodes: ['InvalidArgVal', 'NoProfile'], httpStatus: 400 });
}

function bounds(context: OnvifContext): string {
  const { width, height } = context.facts.loop.video;
  return `<tt:Bounds x="0" y="0" width="${width}" height="${height}"/>`;
}

function resolution(context: OnvifContext): string {
  const { width, height } = context.facts.loop.video;
  return `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>`;
}

function frameRate(context: OnvifContext): number {
  const { video } = context.facts.loop;
  return Math.round((video.samples.length * video.ticksPerSecond) / video.durationTicks);
}
