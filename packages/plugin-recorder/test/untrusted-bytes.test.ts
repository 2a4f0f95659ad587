// Parsers of what comes from the network or from a damaged disk: hand-made bytes, and thousands of mutations that must not throw anything unexpected.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSequenceParameters } from '../src/fmp4/h264-sequence-parameters.ts';
import { IngestError } from '../src/ingest/ingest-error.ts';
import { AacDepacketizer, aacFormat } from '../src/ingest/native/audio/aac-depacketizer.ts';
import { RtpReceiver } from '../src/ingest/native/rtp/rtp-receiver.ts';
import { parseSenderReport } from '../src/ingest/native/rtp/sender-report.ts';
import { TimestampUnwrapper } from '../src/ingest/native/rtp/timestamp-unwrapper.ts';
import { InterleavedReader } from '../src/ingest/native/rtsp/interleaved-reader.ts';
import { parseRtspAddress, redirected } from '../src/ingest/native/rtsp/rtsp-address.ts';
import { Authorizer, parseChallenges, strongestChallenge } from '../src/ingest/native/rtsp/rtsp-authentication.ts';
import { controlUrl, parseSdp } from '../src/ingest/native/sdp.ts';
import { h264Codec } from '../src/ingest/native/video/h264-codec.ts';
import { ParameterSets } from '../src/ingest/native/video/parameter-sets.ts';
import { parseSprop } from '../src/ingest/native/video/video-codec.ts';
import { IngestPipeline, sections } from './support/ingest-pipeline.ts';
import { readSamples } from './support/memory-sink.ts';
import { lengthPrefixed, parameterSets, picture } from './support/picture-stream.ts';
import { RtpPacker, senderReport } from './support/rtp-packer.ts';

describe('interleaved reader', () => {
  const collect = (chunks: readonly Buffer[]): string[] => {
    const found: string[] = [];
    const reader = new InterleavedReader({
      packet: (channel, buffer, start, end) => void found.push(`${channel}:${buffer.toString('hex', start, end)}`),
      message: (message) => void found.push(message.kind === 'response' ? `${message.status} ${message.body.toString()}` : message.method),
    });
    for (const chunk of chunks) reader.push(chunk, chunk.length);
    return found;
  };
  const stream = Buffer.concat([
    Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\nhello'),
    Buffer.from([0x24, 0, 0, 3, 1, 2, 3]), Buffer.from('\r\n'), Buffer.from([0x24, 1, 0, 0]),
    Buffer.from('OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 9\r\n\r\n'), Buffer.from([0x24, 2, 0x0f, 0xa0]), Buffer.alloc(4000, 7),
    Buffer.from('RTSP/1.0 404 Not Found\r\n\r\n'),
  ]);
  const whole = ['200 hello', '0:010203', '1:', 'OPTIONS', `2:${'07'.repeat(4000)}`, '404 '];

  it('finds packets and messages however the bytes are cut', () => {
    expect(collect([stream])).toEqual(whole);
    expect(collect([...stream].map((byte) => Buffer.from([byte])))).toEqual(whole);
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 20 }), (sizes) => {
      const chunks: Buffer[] = [];
      let at = 0;
      for (const size of sizes) {
        chunks.push(stream.subarray(at, at + size));
        at += size;
      }
      expect(collect([...chunks, stream.subarray(at)])).toEqual(whole);
    }), { seed: 1, numRuns: 200 });
  });

  it('any bytes give packets, messages or a PROTOCOL error, and never more memory than a message may have', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), fc.nat(stream.length - 1), fc.nat(255), (noise, position, value) => {
      const mutated = Buffer.from(stream);
      mutated[position] = value;
      try {
        collect([mutated, ...noise.map((bytes) => Buffer.from(bytes))]);
      } catch (error) {
        expect(error).toBeInstanceOf(IngestError);
        expect((error as IngestError).code).toBe('PROTOCOL');
      }
    }), { seed: 2, numRuns: 500 });
  });
});

describe('authentication', () => {
  it('answers the example of RFC 7616, clause 3.9.1', () => {
    const challenge = 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const authorizer = new Authorizer('Mufasa', 'Circle of Life', () => 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ');
    expect(authorizer.challenged(parseChallenges([challenge]))).toBe('answer');
    expect(authorizer.authorization('GET', '/dir/index.html')).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  });

  it('prefers SHA-256 to MD5 to Basic, several challenges to a line or one each, whatever else stands there', () => {
    const challenges = parseChallenges(['Basic realm="a, b", Digest realm="x", nonce="1", random="12,3"', 'Digest realm="x",nonce="2",algorithm=SHA-256', 'Digest realm="x",nonce="3",algorithm=SHA-512-256', 'Negotiate']);
    expect(challenges.map((challenge) => [challenge.scheme, challenge.parameters.get('nonce')])).toEqual([['basic', undefined], ['digest', '1'], ['digest', '2'], ['digest', '3']]);
    expect(strongestChallenge(challenges)?.parameters.get('nonce')).toBe('2');
    expect(strongestChallenge(challenges.slice(0, 2))?.parameters.get('nonce')).toBe('1');
  });

  it('gives up when the same nonce is refused, tries again when it is stale', () => {
    const authorizer = new Authorizer('u', 'p', () => '0');
    expect(authorizer.challenged(parseChallenges(['Digest realm="r", nonce="1"']))).toBe('answer');
    expect(authorizer.challenged(parseChallenges(['Digest realm="r", nonce="1"']))).toBe('refused');
    expect(authorizer.challenged(parseChallenges(['Digest realm="r", nonce="1", stale=TRUE']))).toBe('answer');
    expect(authorizer.challenged(parseChallenges(['NTLM']))).toBe('unspoken');
  });

  it('never sends the password itself where a digest is offered, not even one that is not spoken, nor after one', () => {
    const both = parseChallenges(['Basic realm="r"', 'Digest realm="r", nonce="1", algorithm=SHA-512-256']);
    expect(new Authorizer('u', 'p', () => '0').challenged(both)).toBe('unspoken');
    const authorizer = new Authorizer('u', 'p', () => '0');
    authorizer.challenged(parseChallenges(['Digest realm="r", nonce="1"']));
    expect(authorizer.challenged(parseChallenges(['Basic realm="r"']))).toBe('unspoken');
    expect(authorizer.authorization('OPTIONS', '*')).toMatch(/^Digest /);
    const plain = new Authorizer('u', 'p', () => '0');
    expect(plain.challenged(parseChallenges(['Basic realm="r"']))).toBe('answer');
    expect(plain.authorization('OPTIONS', '*')).toBe('Basic dTpw');
  });

  it('counts the uses of a nonce, and takes the next one that the camera names', () => {
    const authorizer = new Authorizer('u', 'p', () => '0');
    authorizer.challenged(parseChallenges(['Digest realm="r", nonce="1", qop="auth"']));
    const fields = (): (string | undefined)[] => {
      const value = authorizer.authorization('OPTIONS', '*') ?? '';
      return ['nonce', 'nc'].map((name) => new RegExp(` ${name}="?([^",]*)`).exec(value)?.[1]);
    };
    expect([fields(), fields()]).toEqual([['1', '00000001'], ['1', '00000002']]);
    authorizer.informed('rspauth="x", nextnonce="2"');
    expect([fields(), fields()]).toEqual([['2', '00000001'], ['2', '00000002']]);
    authorizer.informed(undefined);
    expect(fields()).toEqual(['2', '00000003']);
  });

  it('follows a redirection without giving credentials to another host, nor encryption up', () => {
    const source = { url: 'rtsp://10.0.0.5/a', credentials: { username: 'u', password: 'secret' } };
    expect(redirected(source, 'rtsp://10.0.0.5:8554/b')).toEqual({ ...source, url: 'rtsp://10.0.0.5:8554/b' });
    expect(redirected(source, 'rtsp://x:y@10.0.0.6/b')).toEqual({ url: 'rtsp://10.0.0.6/b' });
    for (const location of ['http://10.0.0.5/', '/b', 'rtsp://']) expect(() => redirected(source, location)).toThrow(expect.objectContaining({ code: 'REFUSED' }));
    expect(() => redirected({ url: 'rtsps://10.0.0.5/a' }, 'rtsp://10.0.0.5/a')).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  });

  it('takes credentials out of an address before anything can print it', () => {
    const address = parseRtspAddress({ url: 'rtsp://admin:p%40ss@10.0.0.5:8554/Streaming/Channels/101?x=1' });
    expect(address).toEqual({ host: '10.0.0.5', port: 8554, secure: false, url: 'rtsp://10.0.0.5:8554/Streaming/Channels/101?x=1', credentials: { username: 'admin', password: 'p@ss' } });
    expect(() => parseRtspAddress({ url: 'http://admin:secret@x/' })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_ADDRESS', message: expect.not.stringContaining('secret') }));
  });
});

describe('session description', () => {
  it('reads what cameras write: trailing blanks, bare line feeds, missing attributes, a back channel', () => {
    const sdp = parseSdp('v=0\na=control:*\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000 \na=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0==,aO==\na=control:trackID=1\nm=audio 0 RTP/AVP 0\na=sendonly\nm=broken\nm=application 0 RTP/AVP 107\n');
    expect(sdp.media.map((media) => [media.kind, media.encoding, media.clockRate, media.direction])).toEqual([['video', 'H264', 90_000, undefined], ['audio', 'PCMU', 8_000, 'sendonly'], ['application', '', 0, undefined]]);
    expect(sdp.media[0]?.format.get('sprop-parameter-sets')).toBe('Z0==,aO==');
    expect(controlUrl('rtsp://h/a/', 'trackID=1')).toBe('rtsp://h/a/trackID=1');
    expect(controlUrl('rtsp://h/a', 'rtsp://h/b')).toBe('rtsp://h/b');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 500, unit: fc.constantFrom('m', '=', 'a', ':', ' ', '9', '6', '/', ';', '\n', '\r', 'é') }), (text) => void parseSdp(text)), { seed: 3, numRuns: 500 });
  });
});

describe('parameter sets', () => {
  it('give picture size and reorder depth', () => {
    expect(parseSequenceParameters(parameterSets.large.sps)).toEqual({ width: 640, height: 360, reorderFrames: 0 });
    expect(parseSequenceParameters(Buffer.from('67640028acd940780227e5c044000003000400000300c83c60c658', 'hex'))).toEqual({ width: 1920, height: 1080, reorderFrames: 2 });
  });

  it('are compared by id: a repeated set is no change, another content is', () => {
    const sets = new ParameterSets(h264Codec);
    expect(sets.take(parameterSets.large.sps)).toBe(true);
    expect(sets.take(parameterSets.large.pps)).toBe(true);
    expect(sets.complete).toBe(true);
    expect(sets.take(parameterSets.large.sps)).toBe(false);
    expect(sets.take(parameterSets.small.sps)).toBe(true);
  });

  it('any bytes give a size or nothing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const found = parseSequenceParameters(Buffer.concat([Buffer.from([0x67]), bytes]));
      if (found !== undefined) expect(found.width * found.height).toBeGreaterThan(0);
      new ParameterSets(h264Codec).take(bytes);
    }), { seed: 4, numRuns: 1000 });
    expect(parseSprop('AAAAAWdNQB7Z,aO==,,###').map((nal) => nal.toString('hex'))).toEqual(['674d401ed9']);
  });
});

describe('rtp', () => {
  const strip = (packet: Buffer): Buffer => packet.subarray(4);
  const receive = (packets: readonly Buffer[]) => {
    const seen: [number, boolean][] = [];
    const receiver = new RtpReceiver(96, { payload: (_buffer, _start, _end, timestamp, _marker, lost) => void seen.push([timestamp, lost]) });
    for (const packet of packets) receiver.packet(packet, 0, packet.length);
    return { receiver, seen };
  };

  it('counts losses over the wrap of the sequence number, and skips late and foreign packets', () => {
    const packer = new RtpPacker(0, 96, 1, 65_534);
    const foreign = new RtpPacker(0, 96, 2, 5);
    const packets = Array.from({ length: 6 }, (_, index) => strip(packer.packet(Buffer.from([1]), index, false)));
    const [a, b, c, d, e, f] = packets as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
    const { receiver, seen } = receive([a, b, strip(foreign.packet(Buffer.from([1]), 77, false)), e, c, f, d]);
    expect(seen).toEqual([[0, false], [1, false], [4, true], [5, false]]);
    expect(receiver.lost).toBe(2);
  });

  it('follows a sender that starts anew with another source', () => {
    const first = new RtpPacker(0, 96, 1, 10);
    const second = new RtpPacker(0, 96, 2, 900);
    const packets = [strip(first.packet(Buffer.from([1]), 0, false)), ...Array.from({ length: 60 }, (_, index) => strip(second.packet(Buffer.from([1]), 100 + index, false)))];
    expect(receive(packets).seen.at(-1)).toEqual([159, false]);
  });

  it('handles header extension, contributing sources and padding, and refuses what does not fit', () => {
    const packet = Buffer.from([0xb1, 0x60, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 0x41, 0x42, 0, 2]);
    const spans: [number, number][] = [];
    const receiver = new RtpReceiver(96, { payload: (_buffer, start, end) => void spans.push([start, end]) });
    expect(receiver.packet(packet, 0, packet.length)).toBe(true);
    expect(spans).toEqual([[24, 26]]);
    expect(receiver.packet(Buffer.from([0xb1, 0x60, 0, 1]), 0, 4)).toBe(false);
    expect(receiver.packet(Buffer.concat([packet.subarray(0, 18), Buffer.from([0xff, 0xff])]), 0, 20)).toBe(false);
  });

  it('reads the sender report out of a compound packet', () => {
    const packet = strip(senderReport(1, 7, 1_700_000_000_500, 12_345));
    expect(parseSenderReport(packet, 0, packet.length)).toEqual({ source: 7, cameraMs: 1_700_000_000_500, timestamp: 12_345 });
    expect(parseSenderReport(packet, 0, 20)).toBeUndefined();
  });

  it('unwraps timestamps over 32 bits', () => {
    const unwrapper = new TimestampUnwrapper();
    expect([0xffff_f000, 0xffff_ffff, 0x0000_0fff, 0xffff_ffff, 0x0000_1000].map((timestamp) => unwrapper.unwrap(timestamp) - 0xffff_f000)).toEqual([0, 0xfff, 0x1fff, 0xfff, 0x2000]);
  });

  it('a message that goes on in the next picture after a loss is left out, and the picture is kept', () => {
    const pipeline = new IngestPipeline(sections.h264);
    const packer = new RtpPacker(0, 96);
    pipeline.feed(packer.picture(picture(0).nals, 0));
    packer.sequence += 1;
    pipeline.feed([packer.packet(Buffer.from([0x1c, 0x86, 5, 200, 1, 2, 3]), 3600, false), packer.packet(Buffer.from([0x1c, 0x46, 4, 0x80]), 7200, false)]);
    const slice = picture(1, { seiBytes: 0, delimiter: false }).nals;
    pipeline.feed(packer.picture(slice, 7200));
    pipeline.writer.finish();
    expect(readSamples(Buffer.concat(pipeline.sink.fragments.map((fragment) => fragment.bytes)), 1).map((sample) => sample.bytes)).toEqual([picture(0).nals, slice].map(lengthPrefixed));
  });

  it('mutated pictures never throw, never exceed a fragment, and leave the others whole', () => {
    fc.assert(fc.property(fc.array(fc.record({ packet: fc.nat(80), offset: fc.nat(40), value: fc.nat(255) }), { maxLength: 20 }), fc.array(fc.nat(80), { maxLength: 8 }), (changes, dropped) => {
      const packer = new RtpPacker(0, 96);
      const packets = Array.from({ length: 20 }, (_, index) => packer.picture(picture(index, { sliceBytes: 300 }).nals, index * 3600, 200)).flat().map((packet) => Buffer.from(strip(packet)));
      for (const { packet, offset, value } of changes) {
        const bytes = packets[packet % packets.length];
        if (bytes !== undefined) bytes[12 + (offset % (bytes.length - 12))] = value;
      }
      const pipeline = new IngestPipeline(sections.h264);
      packets.forEach((bytes, index) => {
        pipeline.nowMs += 5;
        if (!dropped.includes(index)) pipeline.video.packet(bytes, 0, bytes.length);
      });
      pipeline.writer.finish();
      expect(pipeline.sink.fragments.reduce((sum, fragment) => sum + fragment.frames, 0)).toBeLessThanOrEqual(60);
    }), { seed: 5, numRuns: 200 });
  });
});

describe('aac', () => {
  const media = parseSdp('m=audio 0 RTP/AVP 97\na=rtpmap:97 mpeg4-generic/48000/2\na=fmtp:97 mode=AAC-hbr;config=1190;SizeLength=13;IndexLength=3;IndexDeltaLength=3\n').media[0];
  const format = media && aacFormat(media);

  it('takes several units out of a packet and joins one that spans several', () => {
    const units: [number, string][] = [];
    if (format === undefined) throw new Error('the SDP was not understood');
    const depacketizer = new AacDepacketizer(format, { audioUnit: (buffer, start, end, timestamp) => void units.push([timestamp, buffer.toString('hex', start, end)]) });
    const two = Buffer.from('00200010001801020304'.replace(/(.{4})(.{4})(.{4})(.*)/, '$1$2$3$4'), 'hex');
    depacketizer.payload(two, 0, two.length, 1000, true, false);
    const part = (bytes: string): Buffer => Buffer.from(`00100028${bytes}`, 'hex');
    depacketizer.payload(part('0a0b0c'), 0, 7, 3048, false, false);
    depacketizer.payload(part('0d0e'), 0, 6, 3048, true, false);
    expect(units).toEqual([[1000, '0102'], [3048, '0a0b0c0d0e']]);
  });

  it('any bytes are survived', () => {
    if (format === undefined) throw new Error('the SDP was not understood');
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (packets) => {
      const depacketizer = new AacDepacketizer(format, {
        audioUnit: (buffer, start, end) => {
          expect(end).toBeLessThanOrEqual(buffer.length);
          expect(start).toBeLessThan(end);
        },
      });
      for (const packet of packets) depacketizer.payload(Buffer.from(packet), 0, packet.length, 0, true, false);
    }), { seed: 6, numRuns: 500 });
  });
});
