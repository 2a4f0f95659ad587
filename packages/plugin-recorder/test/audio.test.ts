// Sound: what a decoder makes of the stored samples is what the camera sent.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codecsOfInit } from '../src/fmp4/init-codecs.ts';
import { expansionTable } from '../src/ingest/native/audio/g711.ts';
import { opusTicks } from '../src/ingest/native/audio/opus-depacketizer.ts';
import { encode } from './support/encoded-pictures.ts';
import { IngestPipeline, sections } from './support/ingest-pipeline.ts';
import { readSamples } from './support/memory-sink.ts';
import { picture } from './support/picture-stream.ts';
import { RtpPacker } from './support/rtp-packer.ts';

const run = promisify(execFile);
const hasFfmpeg = await run('ffmpeg', ['-version']).then(() => true, () => false);
const sound = (rtpmap: string, payloadType = 97): string => `${sections.h264}m=audio 0 RTP/AVP ${payloadType}\r\n${rtpmap === '' ? '' : `a=rtpmap:${payloadType} ${rtpmap}\r\n`}`;

/** Plays packets of sound beside pictures, 25 of each a second. */
function play(sdp: string, payloadType: number, payloads: readonly Buffer[], ticksPerPacket: number, pictures: readonly (readonly Buffer[])[]): IngestPipeline {
  const pipeline = new IngestPipeline(sdp);
  const video = new RtpPacker(0, 96);
  const audio = new RtpPacker(2, payloadType, 0x2222);
  payloads.forEach((payload, index) => {
    pipeline.nowMs += 40;
    pipeline.feed(video.picture(pictures[index % pictures.length] ?? [], index * 3600));
    pipeline.hear([audio.packet(payload, 0xffff_f000 + index * ticksPerPacket, true)]);
  });
  pipeline.writer.finish();
  return pipeline;
}

/** Every byte, tones, silence and noise: what a predictor likes and what it does not. */
function samplesOf(law: 'pcma' | 'pcmu', packets: number, bytes: number): Buffer[] {
  return Array.from({ length: packets }, (_, packet) => Buffer.from(Array.from({ length: bytes }, (_, index) => {
    const at = packet * bytes + index;
    if (packet % 5 === 0) return at & 255;
    if (packet % 5 === 1) return law === 'pcma' ? 0xd5 : 0xff;
    if (packet % 5 === 2) return Math.round(Math.abs(Math.sin(at / 9)) * 40) | 0x80;
    return Math.imul(at, 0x9e37_79b1) >>> 24;
  })));
}

describe('G.711', () => {
  it('expands every code to a sample of its own, but for the two zeros of mu-law', () => {
    const [a, mu] = [expansionTable('pcma'), expansionTable('pcmu')];
    expect(new Set(a).size).toBe(256);
    expect(new Set(mu).size).toBe(255);
    expect([mu[0x7f], mu[0xff]]).toEqual([0, 0]);
    // Values of ITU-T G.711, tables 1 and 2, scaled to 16 bits.
    expect([a[0xd5], a[0x55], a[0xaa], a[0x2a], mu[0x80], mu[0x00]]).toEqual([8, -8, 32_256, -32_256, 32_124, -32_124]);
  });

  it('is announced as FLAC, with static payload types too', () => {
    for (const [sdp, source] of [[sound('', 8), 'pcma'], [sound('', 0), 'pcmu'], [sound('PCMA/16000'), 'pcma'], [sound('L16/44100/2'), 'l16']] as const) {
      const pipeline = new IngestPipeline(sdp);
      pipeline.feed(new RtpPacker(0, 96).picture(picture(0).nals, 0));
      pipeline.writer.finish();
      expect(pipeline.sink.runs[0]).toMatchObject({ codecs: 'avc1.4d401e,flac', tracks: [{}, { codec: 'flac', source }] });
      expect(codecsOfInit(Buffer.from(pipeline.sink.runs[0]?.init ?? []))).toBe('avc1.4d401e,flac');
    }
  });
});

describe.skipIf(!hasFfmpeg)('stored sound, decoded (needs ffmpeg: apt-get install ffmpeg)', { timeout: 30_000 }, () => {
  let folder = '';
  let pictures: Buffer[][] = [];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wanglou-sound-'));
    pictures = (await encode(folder, 'h264', 'pictures', ['-bf', '0', '-g', '25'])).units;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What ffmpeg decodes, as 16-bit samples; it must have nothing to say. */
  const decode = async (pipeline: IngestPipeline, options: readonly string[] = []): Promise<Buffer> => {
    const file = path.join(folder, 'sound.mp4');
    await writeFile(file, pipeline.film);
    const raw = path.join(folder, 'sound.raw');
    const { stderr } = await run('ffmpeg', ['-v', 'warning', '-xerror', '-y', '-i', file, '-map', '0:a', ...options, '-f', 's16le', raw]);
    expect(stderr).toBe('');
    return readFile(raw);
  };
  const asSamples = (law: 'pcma' | 'pcmu', payloads: readonly Buffer[]): Buffer => {
    const table = expansionTable(law);
    const bytes = Buffer.concat(payloads);
    const out = Buffer.alloc(bytes.length * 2);
    bytes.forEach((byte, index) => out.writeInt16LE(table[byte] ?? 0, index * 2));
    return out;
  };

  it.each([
    ['pcma', 8, 320], ['pcmu', 0, 320], ['pcma', 8, 7], ['pcmu', 0, 5000], ['pcma', 8, 1],
  ] as const)('%s (type %i), %i samples a packet: decoded bit for bit', async (law, type, bytes) => {
    const payloads = samplesOf(law, 60, bytes);
    const pipeline = play(sound('', type), type, payloads, bytes, pictures);
    const whole = asSamples(law, payloads);
    const decoded = await decode(pipeline);
    // The last few samples may wait for a block.
    expect(decoded.length).toBeGreaterThan(whole.length - 32);
    expect(decoded.equals(whole.subarray(0, decoded.length))).toBe(true);
    const flac = readSamples(Buffer.concat(pipeline.sink.fragments.map((fragment) => fragment.bytes)), 2).reduce((sum, sample) => sum + sample.bytes.length, 0);
    expect(flac).toBeLessThan(whole.length + 60 * 40);
  });

  it('L16 in stereo: decoded bit for bit', async () => {
    const payloads = Array.from({ length: 50 }, (_, packet) => {
      const bytes = Buffer.alloc(400 * 4);
      for (let index = 0; index < 400; index += 1) {
        bytes.writeInt16BE(Math.round(30_000 * Math.sin((packet * 400 + index) / 20)), index * 4);
        bytes.writeInt16BE(packet % 2 === 0 ? -32_768 : ((index * 7919) % 65_536) - 32_768, index * 4 + 2);
      }
      return bytes;
    });
    const decoded = await decode(play(sound('L16/44100/2'), 97, payloads, 400, pictures));
    expect(decoded.swap16().equals(Buffer.concat(payloads))).toBe(true);
  });

  it('Opus: packets as the encoder made them, of every length, in step', async () => {
    for (const [frameMs, application] of [['2.5', 'lowdelay'], ['20', 'audio'], ['60', 'voip']] as const) {
      const ogg = path.join(folder, 'tone.mka');
      await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '2', '-c:a', 'libopus', '-application', application, '-frame_duration', frameMs, ogg]);
      const packets = await opusPackets(ogg);
      const ticks = Number(frameMs) * 48;
      const pipeline = play(sound('OPUS/48000/2'), 97, packets, ticks, pictures);
      const samples = readSamples(Buffer.concat(pipeline.sink.fragments.map((fragment) => fragment.bytes)), 2);
      expect(samples.map((sample) => sample.bytes)).toEqual(packets.slice(0, samples.length));
      expect(samples.length).toBeGreaterThanOrEqual(packets.length - 1);
      expect(new Set(samples.map((sample) => sample.durationTicks))).toEqual(new Set([ticks]));
      expect(pipeline.sink.runs[0]?.codecs).toBe('avc1.64000d,opus');
      expect((await decode(pipeline)).length).toBeGreaterThan(0);
    }
  });

  const opusPackets = async (file: string): Promise<Buffer[]> => {
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_packets', '-show_data', '-of', 'json', file], { maxBuffer: 64 * 1024 * 1024 });
    const { packets } = JSON.parse(stdout) as { packets: { data: string }[] };
    return packets.map(({ data }) => Buffer.from([...data.matchAll(/^[0-9a-f]{8}: ((?:[0-9a-f]{2,4} ?)+)/gm)].map((match) => match[1]?.replaceAll(' ', '') ?? '').join(''), 'hex'));
  };
});

describe('Opus', () => {
  it('says its length in its first byte', () => {
    const ticks = (...bytes: number[]): number => opusTicks(Buffer.from(bytes), 0, bytes.length);
    expect([ticks(0x00), ticks(0x08), ticks(0x18), ticks(0x60), ticks(0x68), ticks(0x80), ticks(0x98), ticks(0x81)]).toEqual([480, 960, 2880, 480, 960, 120, 960, 240]);
    expect([ticks(0x9b, 3), ticks(0x1b, 2), ticks(0x1b, 3), ticks(0x1b), ticks(0x03, 0), ticks()]).toEqual([2880, 5760, 0, 0, 0, 0]);
  });
});

describe('sound that is not recorded', () => {
  it('is left out and named, and the pictures go on', () => {
    const pipeline = new IngestPipeline(sound('G726-32/8000'));
    pipeline.feed(new RtpPacker(0, 96).picture(picture(0).nals, 0));
    pipeline.writer.finish();
    expect(pipeline.sink.runs[0]?.codecs).toBe('avc1.4d401e');
    expect(pipeline.audio).toBeUndefined();
  });
});
