import { describe, expect, it } from 'vitest';
import { openEventFeed, type FeedParts } from '../web/api/events.ts';

class FakeSource extends EventTarget {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  close(): void {
    this.closed = true;
  }
  say(name: string, data: string): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

function setUp(more: Partial<FeedParts> = {}) {
  const sources: FakeSource[] = [];
  const pauses: number[] = [];
  let retry: () => void = () => undefined;
  const feed = openEventFeed({
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source as unknown as EventSource;
    },
    after: (delayMs, task) => {
      pauses.push(delayMs);
      retry = task;
      return () => undefined;
    },
    ...more,
  });
  return { feed, sources, pauses, retry: () => retry() };
}

describe('the event feed', () => {
  it('hands events to those who follow them, until they stop', () => {
    const { feed, sources } = setUp();
    const heard: unknown[] = [];
    const stop = feed.on('lease', (lease) => heard.push(lease));
    sources[0]!.say('lease', '{"lease":"l1","reason":"revoked"}');
    stop();
    sources[0]!.say('lease', '{"lease":"l2","reason":"revoked"}');
    expect(heard).toEqual([{ lease: 'l1', reason: 'revoked' }]);
  });

  it('passes over an event that is no JSON', () => {
    const { feed, sources } = setUp();
    const heard: unknown[] = [];
    feed.on('gap', (gap) => heard.push(gap));
    sources[0]!.say('gap', '{');
    expect(heard).toEqual([]);
  });

  it('connects again with growing pauses, and says that it was away', () => {
    const { feed, sources, pauses, retry } = setUp();
    const states: boolean[] = [];
    feed.on('connection', ({ open }) => states.push(open));
    for (let round = 0; round < 6; round++) {
      sources.at(-1)!.onerror?.();
      expect(sources.at(-1)!.closed).toBe(true);
      retry();
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
    sources.at(-1)!.onopen?.();
    sources.at(-1)!.onerror?.();
    expect(pauses.at(-1)).toBe(1000);
    expect(states.slice(-2)).toEqual([true, false]);
  });

  it('connects only while this tab leads, and hears the others otherwise', () => {
    const leads: ((until: AbortSignal) => Promise<void>)[] = [];
    const channel = { onmessage: undefined as unknown as (event: { data: unknown }) => void, sent: [] as unknown[], postMessage: (message: unknown) => void channel.sent.push(message), close: () => undefined };
    const { feed, sources } = setUp({ elect: (lead) => void leads.push(lead), channel: channel as unknown as BroadcastChannel });
    const heard: unknown[] = [];
    feed.on('session', (event) => heard.push(event));
    expect(sources).toHaveLength(0);
    channel.onmessage({ data: { name: 'session', payload: {} } });
    expect(heard).toHaveLength(1);
    void leads[0]!(new AbortController().signal);
    sources[0]!.say('session', '{}');
    expect(heard).toHaveLength(2);
    expect(channel.sent).toContainEqual({ name: 'session', payload: {} });
  });

  it('closes its connection', () => {
    const { feed, sources } = setUp();
    feed.close();
    expect(sources[0]!.closed).toBe(true);
  });
});
