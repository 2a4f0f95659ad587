// Media profiles of Media1 (ver10) and Media2 (ver20), brought to one form.
import { nodeAt, nodesNamed, numberAt, textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/** A profile that has video. Tokens are strings, whatever they look like. */
export interface MediaProfile {
  readonly token: string;
  readonly name: string;
  /** Token of the video source: the channel of a recorder or multi-lens camera. */
  readonly source: string | undefined;
  readonly codec: 'h264' | 'h265' | 'mjpeg' | 'other';
  /** 0 when the device does not say. */
  readonly width: number;
  readonly height: number;
  readonly fps: number | undefined;
  readonly kbps: number | undefined;
  readonly audio: string | undefined;
}

/** A profile with its place among those of the same source: the largest is `main`. */
export interface RankedProfile extends MediaProfile {
  readonly role: 'main' | 'sub' | 'third';
}

/** Maps a `GetProfilesResponse` of either service. Profiles without a token or a video encoder are left out. */
export function readProfiles(response: XmlNode): MediaProfile[] {
  return nodesNamed(response, 'Profiles').flatMap((profile) => {
    const configurations = nodeAt(profile, 'Configurations');
    const found = configurations
      ? readProfile(profile, nodeAt(configurations, 'VideoSource'), nodeAt(configurations, 'VideoEncoder'), nodeAt(configurations, 'AudioEncoder'))
      : readProfile(profile, nodeAt(profile, 'VideoSourceConfiguration'), nodeAt(profile, 'VideoEncoderConfiguration'), nodeAt(profile, 'AudioEncoderConfiguration'));
    return found ? [found] : [];
  });
}

/** The profiles of one source (default: of the first profile's source), largest picture first. */
export function rankProfiles(profiles: readonly MediaProfile[], channel?: string): RankedProfile[] {
  const source = channel ?? profiles[0]?.source;
  const roles = ['main', 'sub', 'third'] as const;
  return profiles
    .filter((profile) => profile.source === source)
    .toSorted((a, b) => b.width * b.height - a.width * a.height)
    .map((profile, index) => ({ ...profile, role: roles[Math.min(index, 2)] ?? 'third' }));
}

function readProfile(profile: XmlNode, source: XmlNode | undefined, encoder: XmlNode | undefined, audio: XmlNode | undefined): MediaProfile | undefined {
  const token = profile.attributes.get('token');
  if (token === undefined || token === '' || !encoder) return undefined;
  // Devices that leave the encoder empty (seen on Dahua recorders) still tell the picture's bounds.
  const bounds = nodeAt(source, 'Bounds')?.attributes;
  return {
    token,
    name: textAt(profile, 'Name') ?? token,
    source: textAt(source, 'SourceToken'),
    codec: readCodec(textAt(encoder, 'Encoding')),
    width: numberAt(encoder, 'Resolution', 'Width') ?? wholeNumber(bounds?.get('width')),
    height: numberAt(encoder, 'Resolution', 'Height') ?? wholeNumber(bounds?.get('height')),
    fps: numberAt(encoder, 'RateControl', 'FrameRateLimit'),
    kbps: numberAt(encoder, 'RateControl', 'BitrateLimit'),
    audio: textAt(audio, 'Encoding'),
  };
}

function readCodec(encoding: string | undefined): MediaProfile['codec'] {
  switch (encoding?.toUpperCase()) {
    case 'H264': return 'h264';
    case 'H265':
    case 'HEVC': return 'h265';
    case 'JPEG': return 'mjpeg';
    default: return 'other';
  }
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}
