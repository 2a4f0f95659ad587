// The native engine against a camera on loopback: every picture once, in order, bit for bit; and every fault by its name.
import { describe, expect, it } from 'vitest';
import { defaultIngestOptions, type IngestOptions } from '../src/ingest/ingest-engine.ts';
import { nativeEngine } from '../src/ingest/native/native-engine.ts';
import { MemorySink, readSamples } from './support/memory-sink.ts';
import { audioUnit, lengthPrefixed, parameterSets, picture } from './support/picture-stream.ts';
import { RtspSource, type SourceOptions } from './support/rtsp-source.ts';

const quick: IngestOptions = { ...defaultIngestOptions, requestMs: 400, connectMs: 400, silenceMs: 300, backoff: { minMs: 20, maxMs: 40, unauthorizedMinMs: 60 }, random: () => 0.5 };

async function record(options: SourceOptions, until: (sink: MemorySink) => boolean, credentials?: { username: string; password: string }) {
  const source = await RtspSource.start({ rate: 250, ...options });
  const sink = new MemorySink();
  const session = nativeEngine({ tickMs: 10 }).open({ url: source.url, ...(credentials && { credentials }) }, sink, quick);
  try {
    await sink.until(() => until(sink));
  } finally {
    await session.stop();
    await source[Symbol.asyncDispose]();
  }
  return { source, sink, session };
}

const admin = { username: 'admin', password: 'correct horse' };
const frames = (sink: MemorySink): number => sink.fragments.reduce((sum, fragment) => sum + fragment.frames, 0);

describe('native engine', { timeout: 20_000 }, () => {
  it('delivers every picture once, in order and bit for bit, with its delimiter, parameter sets and SEI', async () => {
    const { sink, source } = await record({ pictures: { seiBytes: 1500 } }, (sink) => frames(sink) >= 120);
    const samples = readSamples(Buffer.concat(sink.fragments.map((fragment) => fragment.bytes)), 1);
    expect(sink.runs).toHaveLength(1);
    expect(samples.length).toBeGreaterThanOrEqual(120);
    expect(samples.length).toBeLessThanOrEqual(source.sent);
    samples.forEach((sample, index) => {
      expect(sample.bytes.equals(lengthPrefixed(picture(index, { seiBytes: 1500 }).nals)), `picture ${index}`).toBe(true);
      expect(sample.key).toBe(index % 10 === 0);
      expect(sample.decodeTicks).toBe(index * 3600);
      expect(sample.durationTicks).toBe(3600);
    });
    expect(sink.holes).toEqual([]);
  });

  it('cuts fragments at keyframes and before the target would be exceeded', async () => {
    const { sink } = await record({ pictures: { group: 30 } }, (sink) => frames(sink) >= 90);
    expect(sink.fragments.slice(0, 6).map((fragment) => [fragment.frames, fragment.key])).toEqual([[12, true], [12, false], [6, false], [12, true], [12, false], [6, false]]);
    sink.fragments.slice(1).forEach((fragment, index) => expect(fragment.startMs).toBe(sink.fragments[index]?.endMs));
  });

  it('records AAC beside the picture, several units to a packet', async () => {
    const { sink } = await record({ audio: true, cameraClockMs: 1_700_000_000_000 }, (sink) => frames(sink) >= 80);
    const samples = readSamples(Buffer.concat(sink.fragments.map((fragment) => fragment.bytes)), 2);
    expect(sink.runs[0]?.codecs).toBe('avc1.4d401e,mp4a.40.2');
    expect(samples.length).toBeGreaterThan(100);
    const first = Array.from({ length: 20 }, (_, index) => index).find((index) => audioUnit(index).equals(samples[0]?.bytes ?? Buffer.alloc(0))) ?? -1;
    expect(first).toBeGreaterThanOrEqual(0);
    samples.forEach((sample, index) => {
      expect(sample.bytes.equals(audioUnit(first + index))).toBe(true);
      expect(sample.decodeTicks).toBe((samples[0]?.decodeTicks ?? 0) + index * 1024);
    });
    expect(Math.abs((sink.fragments[0]?.cameraOffsetMs ?? 0) - (1_700_000_000_000 - Date.now()))).toBeLessThan(60_000);
  });

  it('starts a new run when the camera changes its parameter sets, and when they only come inside the stream', async () => {
    const { sink } = await record({ changeAt: 40, withoutSprop: true }, (sink) => sink.runs.length >= 2 && frames(sink) >= 60);
    expect(sink.runs.map((run) => run.tracks[0]).map((track) => track?.kind === 'video' && [track.width, track.height])).toEqual([[640, 360], [320, 180]]);
    expect(sink.fragments.find((fragment) => fragment.run === sink.runs[1]?.run)).toMatchObject({ key: true, sequence: 1 });
    expect(frames({ ...sink, fragments: sink.fragments.filter((fragment) => fragment.run === sink.runs[0]?.run) } as MemorySink)).toBe(40);
  });

  it('leaves a damaged picture out, keeps its neighbours and says how many packets were lost', async () => {
    const { sink } = await record({ mangle: (packets, index) => (index === 25 ? packets.slice(0, -1) : index === 33 ? [packets[0] as Buffer, ...packets.slice(2)] : packets) }, (sink) => frames(sink) >= 60);
    const samples = readSamples(Buffer.concat(sink.fragments.map((fragment) => fragment.bytes)), 1);
    const expected = Array.from({ length: 70 }, (_, index) => index).filter((index) => index !== 25 && index !== 33);
    samples.slice(0, 60).forEach((sample, index) => expect(sample.bytes.equals(lengthPrefixed(picture(expected[index] ?? -1).nals)), `sample ${index}`).toBe(true));
    expect(sink.holes.map((hole) => hole.detail)).toEqual(['1 RTP packets lost', '1 RTP packets lost']);
    expect(sink.runs).toHaveLength(1);
  });

  it('keeps a picture whose slices are whole when only its delimiter and SEI are lost', async () => {
    const { sink } = await record({ mangle: (packets, index) => (index === 33 ? packets.slice(1) : packets) }, (sink) => frames(sink) >= 50);
    const samples = readSamples(Buffer.concat(sink.fragments.map((fragment) => fragment.bytes)), 1);
    expect(samples[33]?.bytes.equals(lengthPrefixed(picture(33).nals.slice(-1)))).toBe(true);
    expect(samples[34]?.bytes.equals(lengthPrefixed(picture(34).nals))).toBe(true);
    expect(sink.holes).toHaveLength(1);
  });

  it.each(['basic', 'MD5', 'SHA-256'] as const)('signs in with %s', async (scheme) => {
    const { sink, source } = await record({ password: admin.password, scheme }, (sink) => frames(sink) >= 20, admin);
    expect(sink.statuses.map((status) => status.state)).toEqual(['connecting', 'recording']);
    expect(source.methods.filter((method) => method === 'OPTIONS')).toHaveLength(2);
  });

  it('signs in again when the nonce grows stale', async () => {
    const { sink } = await record({ password: admin.password, staleAfter: 3 }, (sink) => frames(sink) >= 20, admin);
    expect(sink.statuses.map((status) => status.state)).toEqual(['connecting', 'recording']);
  });

  it('says goodbye with TEARDOWN and delivers the last fragment', async () => {
    const { source, sink } = await record({}, (sink) => frames(sink) >= 20);
    expect(source.methods).toContain('TEARDOWN');
    expect(sink.statuses[sink.statuses.length - 1]).toMatchObject({ state: 'recording' });
  });

  it('reconnects by itself and goes on with a new run', async () => {
    const { sink, source } = await record({ closeAfter: 25 }, (sink) => sink.runs.length >= 3);
    expect(source.connections).toBeGreaterThanOrEqual(3);
    expect(new Set(sink.runs.map((run) => run.run)).size).toBe(sink.runs.length);
    expect(sink.interruptions[0]).toMatchObject({ cause: 'network' });
  });

  it('other cameras of the process do not notice a bad one', async () => {
    await using good = await RtspSource.start({ rate: 100 });
    await using bad = await RtspSource.start({ answer: (method) => (method === 'DESCRIBE' ? Buffer.from([0, 1, 2, 3]) : undefined) });
    const engine = nativeEngine({ tickMs: 10 });
    const [goodSink, badSink] = [new MemorySink(), new MemorySink()];
    const sessions = [engine.open({ url: good.url }, goodSink, quick), engine.open({ url: bad.url }, badSink, quick)];
    await badSink.until(() => badSink.interruptions.length >= 5);
    await goodSink.until(() => frames(goodSink) >= 50);
    await Promise.all(sessions.map((session) => session.stop()));
    expect(goodSink.interruptions).toEqual([]);
    expect(sessions[0]?.stats()).toMatchObject({ lostPackets: 0, connects: 1 });
  });

  it('tells what a camera offers without recording it', async () => {
    await using source = await RtspSource.start({ audio: true });
    const tracks = await nativeEngine().probe({ url: source.url }, quick);
    expect(tracks).toMatchObject([{ kind: 'video', width: 640, height: 360 }, { kind: 'audio', timescale: 48_000 }]);
  });
});

describe('native engine, when the camera misbehaves', { timeout: 20_000 }, () => {
  const failing = async (options: SourceOptions, credentials?: { username: string; password: string }) => {
    const { sink } = await record(options, (sink) => sink.statuses.some((status) => status.state === 'error'), credentials);
    const status = sink.statuses.find((one) => one.state === 'error');
    return status?.state === 'error' ? status : undefined;
  };

  const cases: readonly [string, string, SourceOptions][] = [
    ['bytes that are not RTSP', 'PROTOCOL', { answer: (method) => (method === 'DESCRIBE' ? Buffer.from([0xff, 0xfe, 0x00, 0x01]) : undefined) }],
    ['text that is not RTSP', 'PROTOCOL', { answer: () => 'HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n' }],
    ['a head of 10 MB', 'PROTOCOL', { answer: (method) => (method === 'DESCRIBE' ? `RTSP/1.0 200 OK\r\nX: ${'a'.repeat(10_000_000)}\r\n\r\n` : undefined) }],
    ['a body of 1 GB', 'PROTOCOL', { answer: (method) => (method === 'DESCRIBE' ? 'RTSP/1.0 200 OK\r\nCSeq: $CSEQ\r\nContent-Length: 1000000000\r\n\r\nv=0' : undefined) }],
    ['an answer that stops in the middle', 'TIMEOUT', { answer: (method) => (method === 'DESCRIBE' ? 'RTSP/1.0 200 OK\r\nCSeq: $CSEQ\r\nContent-Le' : undefined) }],
    ['an unknown stream', 'NOT_FOUND', { answer: (method) => (method === 'DESCRIBE' ? 'RTSP/1.0 404 Not Found\r\nCSeq: $CSEQ\r\n\r\n' : undefined) }],
    ['a redirection to a web page', 'REFUSED', { answer: (method) => (method === 'DESCRIBE' ? 'RTSP/1.0 302 Moved\r\nCSeq: $CSEQ\r\nLocation: http://127.0.0.1/\r\n\r\n' : undefined) }],
    ['an SDP without media', 'PROTOCOL', { sdp: 'v=0\r\n' }],
    ['a codec that is not spoken', 'UNSUPPORTED_CODEC', { sdp: 'v=0\r\nm=video 0 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\na=control:video\r\n' }],
    ['no password although it wants one', 'UNAUTHORIZED', { password: 'x' }],
    ['silence after some pictures', 'TIMEOUT', { silentAfter: 15 }],
    ['a closed connection', 'CLOSED', { closeAfter: 15 }],
    ['garbage on the interleaved channel', 'PROTOCOL', { mangle: (packets, index) => (index > 12 ? [Buffer.from([0x07, 0x07, 0x07])] : packets) }],
    ['packets that are not RTP', 'PROTOCOL', { mangle: (packets, index) => (index > 12 ? packets.map((packet) => Buffer.concat([packet.subarray(0, 4), packet.subarray(4).fill(0x11)])) : packets) }],
  ];

  it.each(cases)('%s is reported as %s', async (_name, code, options) => {
    expect(await failing(options)).toMatchObject({ code });
  });

  it('a wrong password is UNAUTHORIZED, waits longer, and never appears in what is told', async () => {
    const { sink } = await record({ password: 'right' }, (sink) => sink.statuses.some((status) => status.state === 'error'), { username: 'admin', password: 'wr0ng-secret' });
    const status = sink.statuses.find((one) => one.state === 'error');
    expect(status).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(status?.state === 'error' && status.retryMs).toBeGreaterThanOrEqual(60);
    expect(JSON.stringify(sink)).not.toContain('wr0ng-secret');
  });

  it('a closed port is CONNECT, an address that is not RTSP is UNSUPPORTED_ADDRESS', async () => {
    const source = await RtspSource.start();
    const { url } = source;
    await source[Symbol.asyncDispose]();
    await expect(nativeEngine().probe({ url }, quick)).rejects.toMatchObject({ name: 'IngestError', code: 'CONNECT' });
    await expect(nativeEngine().probe({ url: 'http://127.0.0.1/x' }, quick)).rejects.toMatchObject({ code: 'UNSUPPORTED_ADDRESS' });
  });

  it('parameter sets of a picture size nobody has do not stop the recording', async () => {
    const odd = { sps: Buffer.from('674d401e', 'hex'), pps: parameterSets.large.pps };
    const { sink } = await record({ pictures: { sets: { ...odd, sps: Buffer.concat([odd.sps, Buffer.from([0xff, 0xff])]) } } }, (sink) => frames(sink) >= 20);
    expect(sink.runs).toHaveLength(1);
  });
});
