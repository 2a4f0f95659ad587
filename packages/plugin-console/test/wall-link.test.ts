import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catchUp } from '../web/player/catch-up.ts';
import { linkUnavailable, openWallLink, type ChannelListener } from '../web/player/wall-link.ts';

class FakeSocket {
  readyState = 0;
  binaryType = 'blob';
  readonly said: unknown[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  hear(message: Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  piece(channel: number, ...bytes: number[]): void {
    this.onmessage?.({ data: new Uint8Array([channel >> 8, channel & 255, ...bytes]).buffer });
  }
}

function setUp() {
  const sockets: FakeSocket[] = [];
  const waits: { delayMs: number; task: () => void; cancelled: boolean }[] = [];
  const link = openWallLink({
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    after: (delayMs, task) => {
      const wait = { delayMs, task, cancelled: false };
      waits.push(wait);
      return () => (wait.cancelled = true);
    },
  });
  const heard: string[] = [];
  const listen = (name: string): ChannelListener => ({
    begin: (type) => heard.push(`${name} begin ${type}`),
    piece: (bytes) => heard.push(`${name} ${[...bytes].join()}`),
    ended: (reason) => heard.push(`${name} ended ${reason}`),
    paused: () => heard.push(`${name} paused`),
    failed: (code) => heard.push(`${name} failed ${code}`),
  });
  return { link, sockets, waits, heard, listen, last: () => sockets.at(-1)! };
}

describe('the link of a wall', () => {
  it('asks for a smaller picture where that is enough, also when it opens a stream again', () => {
    const { link, listen, last } = setUp();
    link.open({ lease: 'lease-a', small: true }, listen('a'));
    last().open();
    last().hear({ channel: 0, again: true });
    expect(last().said).toEqual([{ open: 'lease-a', channel: 0, small: true }, { open: 'lease-a', channel: 0, small: true }]);
  });

  it('carries all pictures of a page over one socket that opens with the first', () => {
    const { link, sockets, heard, listen } = setUp();
    expect(sockets).toHaveLength(0);
    link.open({ lease: 'lease-a' }, listen('a'));
    link.open({ lease: 'lease-b' }, listen('b'));
    expect(sockets).toHaveLength(1);
    const [socket] = sockets as [FakeSocket];
    expect(socket.binaryType).toBe('arraybuffer');
    socket.open();
    const stop = link.open({ lease: 'lease-c' }, listen('c'));
    expect(socket.said).toEqual([{ open: 'lease-a', channel: 0 }, { open: 'lease-b', channel: 1 }, { open: 'lease-c', channel: 2 }]);
    socket.hear({ channel: 1, type: 'video/mp4' });
    socket.piece(1, 7, 8);
    stop();
    socket.piece(2, 9);
    socket.hear({ channel: 2, ended: 'revoked' });
    expect(socket.said.at(-1)).toEqual({ close: 2 });
    expect(heard).toEqual(['b begin video/mp4', 'b 7,8']);
  });

  it('tells the end, the pause and the failure of a channel once, and opens a stream that began anew again', () => {
    const { link, last, heard, listen } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) link.open({ lease: name }, listen(name));
    last().open();
    last().said.length = 0;
    for (const message of [{ channel: 0, ended: 'revoked' }, { channel: 1, paused: true }, { channel: 2, failed: 'NOT_LIVE' }, { channel: 3, again: true }, { channel: 0, ended: 'again' }, { channel: 99, failed: 'x' }]) last().hear(message);
    expect(heard).toEqual(['a ended revoked', 'b paused', 'c failed NOT_LIVE']);
    expect(last().said).toEqual([{ open: 'd', channel: 3 }]);
  });

  it('connects again with growing pauses and asks for everything anew', () => {
    const { link, sockets, waits, last, listen } = setUp();
    link.open({ lease: 'lease-a' }, listen('a'));
    last().open();
    for (let round = 0; round < 5; round++) {
      last().close();
      waits.at(-1)!.task();
      if (round === 1) last().open();
    }
    expect(waits.map(({ delayMs }) => delayMs)).toEqual([500, 1000, 500, 1000, 2000]);
    expect(sockets[2]!.said).toEqual([{ open: 'lease-a', channel: 0 }]);
  });

  it('says that it is of no use when it never opens', () => {
    const { link, waits, last, heard, listen } = setUp();
    link.open({ lease: 'lease-a' }, listen('a'));
    for (let attempt = 0; attempt < 3; attempt++) {
      last().close();
      waits.at(-1)!.task();
    }
    expect(heard).toEqual([`a failed ${linkUnavailable}`]);
  });

  it('lets the socket go when nobody looks for a while, and at the end', () => {
    const { link, sockets, waits, last, listen } = setUp();
    const stop = link.open({ lease: 'lease-a' }, listen('a'));
    last().open();
    stop();
    expect(waits[0]?.delayMs).toBe(10_000);
    waits[0]!.task();
    expect(last().readyState).toBe(3);
    link.open({ lease: 'lease-b' }, listen('b'));
    expect(sockets).toHaveLength(2);
    link.close();
    expect(last().readyState).toBe(3);
    expect(waits).toHaveLength(1);
  });
});

describe('catching up', () => {
  it('leaves a picture alone that is close to now, hurries one that lags, and lets one that leads wait', () => {
    expect(catchUp({ at: 9.8, start: 0, end: 10 }, 1)).toEqual({ rate: 1 });
    expect(catchUp({ at: 9.5, start: 0, end: 10 }, 1)).toEqual({ rate: 1.1 });
    expect(catchUp({ at: 9.98, start: 0, end: 10 }, 1)).toEqual({ rate: 0.95 });
  });

  it('goes on at its pace until it is where it should be', () => {
    expect(catchUp({ at: 9.7, start: 0, end: 10 }, 1.1)).toEqual({ rate: 1.1 });
    expect(catchUp({ at: 9.85, start: 0, end: 10 }, 1.1)).toEqual({ rate: 1 });
    expect(catchUp({ at: 9.9, start: 0, end: 10 }, 0.95)).toEqual({ rate: 0.95 });
  });

  it('jumps when it is before the buffer or far behind, and never out of it', () => {
    expect(catchUp({ at: 0, start: 4000, end: 4000.1 }, 1)).toEqual({ rate: 1, seek: 4000 });
    expect(catchUp({ at: 5, start: 0, end: 10 }, 1)).toEqual({ rate: 1, seek: 9.8 });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(0.95, 1, 1.1), (at, start, length, rate) => {
        const { seek, rate: next } = catchUp({ at, start, end: start + length }, rate);
        if (seek !== undefined) expect(seek >= start && seek <= start + length).toBe(true);
        expect([0.95, 1, 1.1]).toContain(next);
      }),
      { seed: 3 },
    );
  });
});
