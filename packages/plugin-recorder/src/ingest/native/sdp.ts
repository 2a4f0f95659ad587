// Session descriptions (RFC 4566) as cameras really write them: lenient, bounded, never throwing.

/** One `m=` section with the attributes that recording needs. */
export interface SdpMedia {
  readonly kind: string;
  readonly payloadType: number;
  /** Encoding name of rtpmap, upper case; empty when missing. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
  /** fmtp parameters by lower-case name. */
  readonly format: ReadonlyMap<string, string>;
  readonly control: string;
  /** `sendonly` marks a track that the camera wants to receive (ONVIF back channel). */
  readonly direction: string | undefined;
}

/** A parsed description. */
export interface Sdp {
  readonly control: string;
  readonly media: readonly SdpMedia[];
}

const mediaLimit = 16;

/** Payload types that need no rtpmap (RFC 3551, clause 6), as far as they are recorded or worth naming. */
const staticTypes: Readonly<Record<number, string>> = { 0: 'PCMU/8000', 3: 'GSM/8000', 8: 'PCMA/8000', 9: 'G722/8000', 10: 'L16/44100/2', 11: 'L16/44100', 14: 'MPA/90000', 18: 'G729/8000', 26: 'JPEG/90000' };

/** Parses; unknown lines are skipped. */
export function parseSdp(text: string): Sdp {
  const sections: string[][] = [[]];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    if (line.startsWith('m=')) {
      if (sections.length > mediaLimit) break;
      sections.push([]);
    }
    sections[sections.length - 1]?.push(line);
  }
  const [session = [], ...media] = sections;
  return { control: attribute(session, 'control') ?? '*', media: media.map(parseMedia).filter((found) => found !== undefined) };
}

function parseMedia(lines: readonly string[]): SdpMedia | undefined {
  const [kind = '', , , payload = ''] = (lines[0] ?? '').slice(2).split(/\s+/);
  const payloadType = /^\d{1,3}$/.test(payload) ? Number(payload) : -1;
  if (payloadType < 0 || payloadType > 127) return undefined;
  const rtpmap = attributes(lines, 'rtpmap').find((value) => value.startsWith(`${payload} `)) ?? `${payload} ${staticTypes[payloadType] ?? ''}`;
  const [encoding = '', clock = '', channels = ''] = rtpmap.slice(payload.length + 1).trim().split('/').map((part) => part.trim());
  const fmtp = attributes(lines, 'fmtp').find((value) => value.startsWith(`${payload} `)) ?? '';
  return {
    kind,
    payloadType,
    encoding: encoding.toUpperCase(),
    clockRate: positive(clock),
    channels: positive(channels) || 1,
    format: parseFormat(fmtp.slice(payload.length + 1)),
    control: attribute(lines, 'control') ?? '',
    direction: ['sendonly', 'recvonly', 'sendrecv', 'inactive'].find((word) => lines.includes(`a=${word}`)),
  };
}

/** `name=value; name=value`; a value may hold `=` (base64), a blank may stand anywhere. */
function parseFormat(text: string): Map<string, string> {
  const format = new Map<string, string>();
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== '') format.set(name, equals < 0 ? '' : part.slice(equals + 1).trim());
  }
  return format;
}

function attribute(lines: readonly string[], name: string): string | undefined {
  return attributes(lines, name)[0];
}

function attributes(lines: readonly string[], name: string): string[] {
  const prefix = `a=${name}:`;
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length).trim());
}

function positive(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 && value < 10_000_000 ? value : 0;
}

/** Address of a track or session: absolute as it is, else appended to the base as RTSP servers expect (RFC 2326, appendix C.1.1). */
export function controlUrl(base: string, control: string): string {
  if (control === '' || control === '*') return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  return base.endsWith('/') ? `${base}${control}` : `${base}/${control}`;
}
