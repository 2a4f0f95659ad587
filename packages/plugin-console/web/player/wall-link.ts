// The one WebSocket of a page that carries all its live pictures: HTTP/1.1 allows six connections. The protocol is in docs/design/live.md.

/** What a channel tells. */
export interface ChannelListener {
  /** The stream begins, anew after a break: its media type with codecs. */
  begin(type: string): void;
  /** An init segment or a whole fragment. */
  piece(bytes: Uint8Array<ArrayBuffer>): void;
  /** The lease opens nothing any more. */
  ended(reason: string): void;
  /** The lease pauses. The channel is over; open another when it goes on. */
  paused(): void;
  /** It cannot be served now; the code says why. The channel is over. */
  failed(code: string): void;
}

/** What is streamed. */
export interface LinkStream {
  readonly lease: string;
  readonly small?: boolean;
}

/** The link of a page. */
export interface WallLink {
  /** Streams a live lease, in a smaller picture where that is asked for and the camera has one, until the function that comes back is called. */
  open(stream: LinkStream, listener: ChannelListener): () => void;
  close(): void;
}

/** The parts of the browser that a link stands on; replaced in tests. */
export interface LinkParts {
  connect(): WebSocket;
  after(delayMs: number, task: () => void): () => void;
}

/** Told to every listener when the server cannot be reached this way, such as behind a proxy that knows no WebSockets. */
export const linkUnavailable = 'LINK_UNAVAILABLE';
/** Attempts in a row that never opened, after which it is said. */
const hopelessAfter = 3;
/** A page without pictures lets the socket go after this. */
const idleMs = 10_000;

interface Channel {
  readonly stream: LinkStream;
  readonly listener: ChannelListener;
}

/** The parts in a real browser. */
export function linkParts(): LinkParts {
  return {
    connect: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/media/wall`),
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

/** Makes a link; it connects when the first picture is wanted, and again with growing pauses of 0.5 to 15 s. */
export function openWallLink(parts: LinkParts): WallLink {
  const channels = new Map<number, Channel>();
  let socket: WebSocket | undefined;
  let cancelWait: (() => void) | undefined;
  let next = 0;
  let unopened = 0;
  let pauseMs = 500;

  const say = (message: unknown) => {
    if (socket?.readyState === 1) socket.send(JSON.stringify(message));
  };
  const ask = (channel: number, { lease, small }: LinkStream) => say({ open: lease, channel, ...(small && { small }) });
  const finish = (number: number, tell: (listener: ChannelListener) => void) => {
    const channel = channels.get(number);
    channels.delete(number);
    if (channel) tell(channel.listener);
  };
  const hear = (text: string) => {
    const { channel: number, type, ended, paused, failed, again } = JSON.parse(text) as { channel: number; type?: string; ended?: string; paused?: boolean; failed?: string; again?: boolean };
    const channel = channels.get(number);
    if (!channel) return;
    if (type !== undefined) channel.listener.begin(type);
    else if (again) ask(number, channel.stream);
    else if (ended !== undefined) finish(number, (listener) => listener.ended(ended));
    else if (paused) finish(number, (listener) => listener.paused());
    else if (failed !== undefined) finish(number, (listener) => listener.failed(failed));
  };
  const lost = (wasOpen: boolean) => {
    socket = undefined;
    unopened = wasOpen ? 0 : unopened + 1;
    if (channels.size === 0) return;
    if (unopened >= hopelessAfter) for (const number of channels.keys()) finish(number, (listener) => listener.failed(linkUnavailable));
    cancelWait = parts.after(pauseMs, connect);
    pauseMs = Math.min(pauseMs * 2, 15_000);
  };
  const connect = () => {
    cancelWait?.();
    cancelWait = undefined;
    if (socket || channels.size === 0) return;
    const opening = parts.connect();
    let wasOpen = false;
    socket = opening;
    opening.binaryType = 'arraybuffer';
    opening.onopen = () => {
      wasOpen = true;
      pauseMs = 500;
      for (const [channel, { stream }] of channels) ask(channel, stream);
    };
    opening.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') hear(data);
      else channels.get(new DataView(data).getUint16(0))?.listener.piece(new Uint8Array(data, 2));
    };
    opening.onclose = () => socket === opening && lost(wasOpen);
  };
  const rest = () => {
    if (channels.size > 0) return;
    socket?.close();
    socket = undefined;
  };

  return {
    open(stream, listener) {
      const number = next++ % 0x1_0000;
      channels.set(number, { stream, listener });
      if (socket) ask(number, stream);
      else if (!cancelWait) connect();
      return () => {
        if (!channels.delete(number)) return;
        say({ close: number });
        if (channels.size === 0) parts.after(idleMs, rest);
      };
    },
    close() {
      cancelWait?.();
      channels.clear();
      rest();
    },
  };
}
