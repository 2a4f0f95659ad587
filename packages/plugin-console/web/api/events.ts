// Server-sent events, one connection per browser: HTTP/1.1 allows six connections, and the pictures need them.
import type { AccessRequest, Alarm, Archive, CameraSummary, Gap, Grant, RecordingHealth, RecordingStatus } from '@wanglou/core';

/** What the server tells browsers, by the name of the event. */
export interface ServerEvents {
  camera: CameraSummary;
  recording: RecordingStatus;
  health: RecordingHealth;
  gap: Gap;
  /** An alarm was received or is another now. */
  alarm: Alarm;
  archive: Archive;
  request: AccessRequest;
  grant: Grant;
  /** The lease is over: cut the player at once. */
  lease: { readonly lease: string; readonly reason: string };
  /** The lease pauses until everybody of the visit is here, or goes on. */
  'lease-paused': { readonly lease: string; readonly paused: boolean };
  presence: { readonly request: string; readonly holder: string; readonly present: readonly string[] };
  /** Somebody took footage in an emergency. */
  emergency: Grant;
  /** A request waits too long. */
  reminder: AccessRequest;
  /** Another pack came into force. */
  policy: { readonly packSha256: string };
  /** The session changed: read it again. */
  session: Record<string, never>;
  /** Made here: the connection came (`true`) or went. Whoever missed events reads anew. */
  connection: { readonly open: boolean };
}

/** Names of the events. */
export type EventName = keyof ServerEvents;

const serverNames: readonly Exclude<EventName, 'connection'>[] = ['camera', 'recording', 'health', 'gap', 'alarm', 'archive', 'request', 'grant', 'lease', 'lease-paused', 'presence', 'emergency', 'reminder', 'policy', 'session'];

/** A running subscription. */
export interface EventFeed {
  on<Name extends EventName>(name: Name, listener: (payload: ServerEvents[Name]) => void): () => void;
  close(): void;
}

/** The parts of the browser a feed stands on; replaced in tests. */
export interface FeedParts {
  /** Opens the connection. */
  open(url: string): EventSource;
  /** Carries events to the other tabs; absent where the browser has none. */
  readonly channel?: BroadcastChannel;
  /** Runs `lead` while this tab is the one that holds the connection; at once and always when absent. */
  readonly elect?: (lead: (until: AbortSignal) => Promise<void>, signal: AbortSignal) => void;
  after(delayMs: number, task: () => void): () => void;
}

/** The parts in a real browser. Web Locks exist in secure contexts only; without them each tab holds its own connection. */
export function browserParts(): FeedParts {
  const elect = navigator.locks
    ? (lead: (until: AbortSignal) => Promise<void>, signal: AbortSignal) => {
        void navigator.locks.request('wanglou.events', { signal }, () => lead(signal)).catch(() => undefined);
      }
    : undefined;
  return {
    open: (url) => new EventSource(url),
    ...(elect && { elect, channel: new BroadcastChannel('wanglou.events') }),
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

/** Follows the server's events until closed; reconnects with growing pauses of 1 to 15 s. */
export function openEventFeed(parts: FeedParts): EventFeed {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const closing = new AbortController();
  const deliver = (name: EventName, payload: unknown) => listeners.get(name)?.forEach((listener) => listener(payload as never));
  const spread = (name: EventName, payload: unknown) => {
    deliver(name, payload);
    parts.channel?.postMessage({ name, payload });
  };
  if (parts.channel) parts.channel.onmessage = ({ data }: MessageEvent<{ name: EventName; payload: unknown }>) => deliver(data.name, data.payload);
  const lead = (until: AbortSignal) => holdConnection(parts, spread, until);
  if (parts.elect) parts.elect(lead, closing.signal);
  else void lead(closing.signal);

  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (payload: never) => void);
      return () => set.delete(listener as (payload: never) => void);
    },
    close() {
      closing.abort();
      parts.channel?.close();
      listeners.clear();
    },
  };
}

function holdConnection(parts: FeedParts, spread: (name: EventName, payload: unknown) => void, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let cancelRetry: (() => void) | undefined;
    let pauseMs = 1000;
    const connect = () => {
      source = parts.open('/api/v1/events');
      source.onopen = () => {
        pauseMs = 1000;
        spread('connection', { open: true });
      };
      source.onerror = () => {
        // The browser would retry by itself, but gives up for good on an HTTP error; one way for both is simpler.
        source?.close();
        spread('connection', { open: false });
        cancelRetry = parts.after(pauseMs, connect);
        pauseMs = Math.min(pauseMs * 2, 15_000);
      };
      for (const name of serverNames) source.addEventListener(name, (event) => forward(name, (event as MessageEvent<string>).data, spread));
    };
    until.addEventListener('abort', () => {
      cancelRetry?.();
      source?.close();
      resolve();
    });
    if (until.aborted) resolve();
    else connect();
  });
}

function forward(name: EventName, data: string, spread: (name: EventName, payload: unknown) => void): void {
  let payload: unknown;
  try {
    payload = JSON.parse(data);
  } catch {
    // A broken event says nothing; the next read of the page's data makes up for it.
    return;
  }
  spread(name, payload);
}
