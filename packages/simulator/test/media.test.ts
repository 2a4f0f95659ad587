import { readFile, stat } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundledLoopFolder, bundledLoopNames } from '../src/bundled-loops.ts';
import { MediaSender } from '../src/media/media-sender.ts';
import { packetizeLoop } from '../src/media/packetized-loop.ts';
import { parseLoop } from '../src/media/parse-loop.ts';
import { splitUnits } from '../src/media/packetize-h264.ts';
import { readAccessUnits, readInterleaved, readRtp } from './rtp-reader.ts';
import type { Loop } from '../src/media/loop.ts';

const startMs = 1_760_000_000_000;
const firstTimestamp = 2 ** 32 - 90_000;

async function load(name: string): Promise<Loop> {
  return parseLoop(await readFile(new URL(`${name}.mp4`, bundledLoopFolder)), name);
}

function createSender(loop: Loop, startsAtMs = startMs): MediaSender {
  const channels = [{ kind: 'video', rtpChannel: 0, rtcpChannel: 1 }, { kind: 'audio', rtpChannel: 2, rtcpChannel: 3 }] as const;
  const tracks = channels.map((track, index) => ({ ...track, ssrc: index + 1, firstSequence: 65_000, firstTimestamp }));
  return new MediaSender({ loop: packetizeLoop(loop), tracks, startMs: startsAtMs, canonicalName: 'test', senderReportIntervalMs: 5000, clockShiftMs: () => 0 });
}

/** Plays `seconds` in uneven steps, as a busy event loop would. */
function playFor(sender: MediaSender, seconds: number): [number, Buffer][] {
  const parts: Buffer[] = [];
  for (let ms = 0; ms <= seconds * 1000; ms += 7 + (ms % 61)) parts.push(sender.collect(startMs + ms));
  parts.push(sender.collect(startMs + seconds * 1000));
  return parts.flatMap(readInterleaved);
}

const differences = (values: readonly number[], modulus: number): Set<number> =>
  new Set(values.slice(1).map((value, index) => (value - (values[index] ?? 0) + modulus) % modulus));

describe('the bundled loops', () => {
  it('are ten, small together, 640x360 at 25 fps with a key picture each second and no reordering', async () => {
    let totalBytes = 0;
    for (const name of bundledLoopNames) {
      totalBytes += (await stat(new URL(`${name}.mp4`, bundledLoopFolder))).size;
      const { video } = await load(name);
      expect([name, video.width, video.height, video.samples.length, video.durationTicks]).toEqual([name, 640, 360, 300, 12 * 90_000]);
      expect(video.samples.flatMap((sample, index) => (sample.key ? [index] : []))).toEqual(Array.from({ length: 12 }, (_, index) => index * 25));
      expect(video.samples.every((sample, index) => sample.compositionOffsetTicks === 0 && sample.startTicks === index * 3600)).toBe(true);
    }
    expect(bundledLoopNames).toHaveLength(10);
    expect(totalBytes).toBeLessThan(4_000_000);
  });

  it('have an AAC-LC mono tone on three', async () => {
    const loops = await Promise.all(bundledLoopNames.map(load));
    const withSound = loops.flatMap((loop) => (loop.audio?.codec === 'aac' ? [loop.audio] : []));
    expect(withSound.map((audio) => [audio.ticksPerSecond, audio.channels, audio.specificConfig.readUInt8(0) >> 3])).toEqual([[16_000, 1, 2], [16_000, 1, 2], [16_000, 1, 2]]);
  });
});

describe('parseLoop', () => {
  it('refuses other files and damaged ones with LOOP_INVALID and the command that makes a good one', async () => {
    const file = await readFile(new URL('east-gate.mp4', bundledLoopFolder));
    expect(() => parseLoop(Buffer.from('hello'), 'hello.txt')).toThrow(/hello\.txt.*ffmpeg -i/);
    for (let cut = 1; cut < file.length; cut = Math.ceil(cut * 1.3)) {
      expect(() => parseLoop(file.subarray(0, cut), 'cut')).toThrow(expect.objectContaining({ code: 'LOOP_INVALID' }));
    }
  });

  it('never throws anything else for a flipped byte in the headers', async () => {
    const file = await readFile(new URL('east-gate.mp4', bundledLoopFolder));
    for (let index = 0; index < 1400; index += 1) {
      const damaged = Buffer.from(file);
      damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
      try {
        parseLoop(damaged, 'damaged');
      } catch (error) {
        expect(error).toMatchObject({ code: 'LOOP_INVALID' });
      }
    }
  });
});

describe('MediaSender over many passes of a loop', () => {
  let loop: Loop;
  let frames: [number, Buffer][];
  beforeAll(async () => {
    loop = await load('east-gate');
    frames = playFor(createSender(loop), 61);
  });
  const rtpOf = (channel: number) => frames.filter(([each]) => each === channel).map(([, packet]) => readRtp(packet));

  it('counts sequence numbers without a hole and video timestamps by exactly one frame, also at the loop point', () => {
    const packets = rtpOf(0);
    expect(differences(packets.map((packet) => packet.sequence), 2 ** 16)).toEqual(new Set([1]));
    const units = readAccessUnits(packets);
    expect(units).toHaveLength(61 * 25 + 1);
    expect(units[0]?.timestamp).toBe(firstTimestamp);
    expect(differences(units.map((unit) => unit.timestamp), 2 ** 32)).toEqual(new Set([3600]));
  });

  it('counts audio timestamps by exactly one AAC frame, also at the loop point', () => {
    const packets = rtpOf(2);
    expect(packets).toHaveLength(Math.floor((61 * 16_000) / 1024) + 1);
    expect(differences(packets.map((packet) => packet.sequence), 2 ** 16)).toEqual(new Set([1]));
    expect(differences(packets.map((packet) => packet.timestamp), 2 ** 32)).toEqual(new Set([1024]));
  });

  it('delivers every coded sample bit for bit, parameter sets before each key picture', () => {
    const units = readAccessUnits(rtpOf(0));
    const startIndex = ((Math.ceil((startMs % 12_000) / 1000) % 12) * 25);
    for (const [index, unit] of units.entries()) {
      const sample = loop.video.samples[(startIndex + index) % 300];
      const expected = sample ? splitUnits(sample.data, loop.video.nalLengthBytes) : [];
      const sets = sample?.key ? [...loop.video.sequenceParameterSets, ...loop.video.pictureParameterSets] : [];
      expect(Buffer.concat(unit.units).equals(Buffer.concat([...sets, ...expected]))).toBe(true);
    }
    const frame = rtpOf(2)[5]?.payload;
    const size = (frame?.readUInt16BE(2) ?? 0) >> 3;
    expect([frame?.readUInt16BE(0), size]).toEqual([16, (frame?.length ?? 0) - 4]);
  });

  it('reports NTP and RTP time of the same instant every five seconds, with what was sent before', () => {
    const reports = frames.filter(([channel]) => channel === 1).map(([, packet]) => packet);
    expect(reports.length).toBeGreaterThanOrEqual(12);
    for (const report of reports) {
      const unixMs = (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) / 2 ** 32) * 1000;
      const rtpMs = ((report.readUInt32BE(16) - firstTimestamp + 2 ** 32) % 2 ** 32) / 90;
      expect(Math.abs(unixMs - startMs - rtpMs)).toBeLessThan(0.02);
    }
    expect([reports[0]?.readUInt32BE(20), reports[0]?.toString('latin1', 38, 42)]).toEqual([0, 'test']);
    const last = reports.at(-1);
    const position = frames.findIndex(([, packet]) => packet === last);
    const sentBefore = frames.slice(0, position).filter(([channel]) => channel === 0).length;
    expect(last?.readUInt32BE(20)).toBe(sentBefore);
  });

  it('stops planning when the limit of the queue is passed', () => {
    const sender = createSender(loop);
    expect(sender.collect(startMs + 3_600_000, 100_000).length).toBeLessThan(120_000);
  });
});
