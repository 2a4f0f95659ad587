import { describe, expect, it } from 'vitest';
import { RtspRequestReader, RtspSyntaxError } from '../src/rtsp/rtsp-request-reader.ts';

function readAll(reader: RtspRequestReader): unknown[] {
  const messages: unknown[] = [];
  for (let message = reader.next(); message; message = reader.next()) messages.push(message);
  return messages;
}

/** Small deterministic generator (LCG of Numerical Recipes). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const request = 'SET_PARAMETER rtsp://127.0.0.1/main RTSP/1.0\r\nCSeq: 4\r\nContent-Length: 5\r\n\r\nhello';
const packet = Buffer.from([0x24, 1, 0, 3, 7, 8, 9]);

describe('RtspRequestReader', () => {
  it('reads requests and interleaved packets however the bytes are cut', () => {
    const bytes = Buffer.concat([Buffer.from(request), packet, Buffer.from(`\r\n${request}`)]);
    for (let step = 1; step <= bytes.length; step += 1) {
      const reader = new RtspRequestReader();
      const messages: unknown[] = [];
      for (let offset = 0; offset < bytes.length; offset += step) {
        reader.push(bytes.subarray(offset, offset + step));
        messages.push(...readAll(reader));
      }
      expect(messages).toMatchObject([{ method: 'SET_PARAMETER', body: Buffer.from('hello') }, { channel: 1, payload: Buffer.from([7, 8, 9]) }, { method: 'SET_PARAMETER' }]);
    }
  });

  it.each([
    ['a header without an end', 'A'.repeat(20_000), 413],
    ['a body over the cap', 'OPTIONS * RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n', 413],
    ['a length that is no number', 'OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n', 400],
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a header line without a name', 'OPTIONS * RTSP/1.0\r\n: x\r\n\r\n', 400],
  ])('refuses %s', (_, text, status) => {
    const reader = new RtspRequestReader();
    reader.push(Buffer.from(text));
    expect(() => reader.next()).toThrow(expect.objectContaining({ name: 'RtspSyntaxError', status }));
  });

  it('answers 20,000 mutations with messages or a syntax error and nothing else', () => {
    const random = createRandom(7);
    const seed = Buffer.concat([Buffer.from(request), packet, Buffer.from(request)]);
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(seed.subarray(0, 1 + random(seed.length)));
      for (let flips = random(6); flips > 0; flips -= 1) bytes[random(bytes.length)] = random(256);
      const reader = new RtspRequestReader();
      try {
        reader.push(bytes);
        readAll(reader);
      } catch (error) {
        if (!(error instanceof RtspSyntaxError)) throw error;
      }
    }
  });
});
