// What each RTSP method answers (RFC 2326 clause 10). Works on the session only; sockets are the connection's business.
import { describeLoop } from './session-description.ts';
import { RtspSession } from './rtsp-session.ts';
import type { ClientPorts } from './datagram-sender.ts';
import type { RtspContext } from './rtsp-context.ts';
import type { RtspRequest } from './rtsp-request-reader.ts';
import type { RtspResponse } from './rtsp-response.ts';
import type { TrackChannels } from './rtsp-session.ts';

const publicMethods = 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN';

/** Holds the session of one connection and answers its requests. */
export class RtspMethods {
  readonly #context: RtspContext;
  #session: RtspSession | undefined;

  constructor(context: RtspContext) {
    this.#context = context;
  }

  get session(): RtspSession | undefined {
    return this.#session;
  }

  /** Answers `request`. Never throws for what a client sent. */
  answer(request: RtspRequest, address: string): RtspResponse {
    if (request.version !== 'RTSP/1.0') return { status: 505 };
    if (!request.headers.has('cseq')) return { status: 400 };
    const required = request.headers.get('require') ?? request.headers.get('proxy-require');
    if (required !== undefined) return { status: 551, headers: [['Unsupported', required]] };
    if (request.method === 'OPTIONS') return { status: 200, headers: [['Public', publicMethods]] };
    const target = this.#target(request.uri);
    if (target === undefined) return { status: 404 };
    const refusal = this.#refuse(request);
    return refusal ?? this.#dispatch(request, target, address);
  }

  #dispatch(request: RtspRequest, target: number | 'aggregate', address: string): RtspResponse {
    switch (request.method) {
      case 'DESCRIBE': return this.#describe(request);
      case 'SETUP': return this.#setUp(request, target, address);
      case 'PLAY': return this.#play(request);
      case 'GET_PARAMETER':
      case 'SET_PARAMETER': return this.#keepAlive(request);
      case 'TEARDOWN': return this.#tearDown(request);
      default: return { status: 501, headers: [['Allow', publicMethods]] };
    }
  }

  #refuse(request: RtspRequest): RtspResponse | undefined {
    const { authenticator, counters } = this.#context;
    const authorization = request.headers.get('authorization');
    const verdict = authenticator.verify(authorization, request.method, request.uri);
    if (verdict === 'accepted' && this.#context.fault() !== 'wrong-auth') return undefined;
    if (authorization !== undefined) counters.refusedLogins += 1;
    return { status: 401, headers: authenticator.challenges(verdict === 'stale').map((value) => ['WWW-Authenticate', value] as const) };
  }

  /** Which track the address names, `aggregate` for the whole stream, `undefined` for anything else. */
  #target(uri: string): number | 'aggregate' | undefined {
    if (!URL.canParse(uri)) return undefined;
    const { pathname } = new URL(uri);
    const match = /^(.*?)(?:\/trackID=([01]))?\/?$/.exec(pathname);
    if (match?.[1] !== this.#context.path) return undefined;
    if (match[2] === undefined) return 'aggregate';
    const index = Number(match[2]);
    return index === 1 && !this.#context.loop().audio ? undefined : index;
  }

  #describe(request: RtspRequest): RtspResponse {
    const headers = [['Content-Type', 'application/sdp'], ['Content-Base', `${streamUri(request.uri)}/`]] as const;
    return { status: 200, headers, body: describeLoop(this.#context.loop().source, this.#context.title) };
  }

  #setUp(request: RtspRequest, target: number | 'aggregate', address: string): RtspResponse {
    const audio = this.#context.loop().audio !== undefined;
    if (target === 'aggregate' && audio) return { status: 459 };
    const trackIndex = target === 'aggregate' ? 0 : target;
    if (request.headers.has('session') && !this.#ownsSession(request)) return { status: 454 };
    if (this.#session?.sender) return { status: 455 };
    const session = this.#session ?? new RtspSession();
    const chosen = chooseTransport(request.headers.get('transport') ?? '', session, this.#context, address);
    if (!chosen || session.conflicts(trackIndex, chosen.channels)) return { status: 461 };
    this.#session = session;
    const track = session.setUp(trackIndex, chosen.channels);
    const ssrc = track.ssrc.toString(16).padStart(8, '0').toUpperCase();
    const { ports } = chosen;
    const server = this.#context.datagrams?.port ?? 0;
    if (ports) session.datagrams.set(track.rtpChannel >> 1, ports);
    const way = ports ? `RTP/AVP;unicast;client_port=${ports.rtp}-${ports.rtcp};server_port=${server}-${server + 1}` : `RTP/AVP/TCP;unicast;interleaved=${track.rtpChannel}-${track.rtcpChannel}`;
    const transport = `${way};ssrc=${ssrc};mode="PLAY"`;
    return { status: 200, headers: [['Transport', transport], this.#sessionHeader(session)] };
  }

  #play(request: RtspRequest): RtspResponse {
    const session = this.#session;
    if (!session || !this.#ownsSession(request)) return { status: 454 };
    if (session.tracks.size === 0) return { status: 455 };
    session.play(this.#context.loop(), this.#context.clock.now(), this.#context.limits.senderReportIntervalMs, this.#context.clockShiftMs);
    const base = streamUri(request.uri);
    const info = [...session.tracks].map(([index, track]) => `url=${base}/trackID=${index};seq=${track.firstSequence};rtptime=${track.firstTimestamp}`);
    return { status: 200, headers: [this.#sessionHeader(session), ['Range', 'npt=now-'], ['RTP-Info', info.join(',')]] };
  }

  #keepAlive(request: RtspRequest): RtspResponse {
    if (request.headers.has('session') && !this.#ownsSession(request)) return { status: 454 };
    return this.#session ? { status: 200, headers: [this.#sessionHeader(this.#session)] } : { status: 200 };
  }

  #tearDown(request: RtspRequest): RtspResponse {
    if (!this.#session || !this.#ownsSession(request)) return { status: 454 };
    this.#session = undefined;
    return { status: 200 };
  }

  #ownsSession(request: RtspRequest): boolean {
    return this.#session !== undefined && request.headers.get('session')?.split(';')[0]?.trim() === this.#session.id;
  }

  #sessionHeader(session: RtspSession): readonly [string, string] {
    return ['Session', `${session.id};timeout=${this.#context.limits.sessionTimeoutSeconds}`];
  }
}

/** The address of the stream, whether the request named it or one of its tracks. */
function streamUri(uri: string): string {
  return uri.replace(/\/?(?:trackID=\d+)?\/?(?:\?.*)?$/, '');
}

interface ChosenTransport {
  readonly channels: TrackChannels;
  /** Over UDP to these ports; the channels are then the device's own affair. */
  readonly ports?: ClientPorts;
}

/** Takes the first transport that is offered here; `undefined` when there is none. */
function chooseTransport(header: string, session: RtspSession, context: RtspContext, address: string): ChosenTransport | undefined {
  for (const offer of header.split(',')) {
    if (/;\s*multicast/i.test(offer)) continue;
    if (/^\s*RTP\/AVP\/TCP\s*(;|$)/i.test(offer)) {
      const channels = context.transports.includes('tcp') ? chooseChannels(offer, session) : undefined;
      if (channels) return { channels };
    } else if (/^\s*RTP\/AVP(\/UDP)?\s*(;|$)/i.test(offer) && context.datagrams) {
      const match = /client_port\s*=\s*(\d{1,5})(?:-(\d{1,5}))?/i.exec(offer);
      const rtp = Number(match?.[1] ?? 0);
      const rtcp = Number(match?.[2] ?? rtp + 1);
      if (rtp > 0 && rtp < 65_536 && rtcp > 0 && rtcp < 65_536) return { channels: session.nextFreeChannels(), ports: { address, rtp, rtcp } };
    }
  }
  return undefined;
}

function chooseChannels(offer: string, session: RtspSession): TrackChannels | undefined {
  const match = /interleaved\s*=\s*(\d{1,3})(?:-(\d{1,3}))?/i.exec(offer);
  if (!match) return session.nextFreeChannels();
  const rtpChannel = Number(match[1]);
  const rtcpChannel = match[2] === undefined ? rtpChannel + 1 : Number(match[2]);
  return rtpChannel <= 255 && rtcpChannel <= 255 && rtpChannel !== rtcpChannel ? { rtpChannel, rtcpChannel } : undefined;
}
