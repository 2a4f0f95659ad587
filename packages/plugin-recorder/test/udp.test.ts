// What makes UDP usable: order, and reports of what arrived.
import { describe, expect, it } from 'vitest';
import { ReceptionReport } from '../src/ingest/native/rtp/reception-report.ts';
import { ReorderWindow } from '../src/ingest/native/rtp/reorder-window.ts';

function packet(sequence: number, timestamp = 0, source = 7): Buffer {
  const bytes = Buffer.alloc(12);
  bytes[0] = 0x80;
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE(timestamp >>> 0, 4);
  bytes.writeUInt32BE(source, 8);
  return bytes;
}

describe('the reorder window', () => {
  const run = (steps: readonly (number | 'settle')[]): number[] => {
    const seen: number[] = [];
    const window = new ReorderWindow((bytes) => void seen.push(bytes.readUInt16BE(2)));
    for (const step of steps) {
      if (step === 'settle') window.settle();
      else window.push(packet(step));
    }
    return seen;
  };

  it('puts packets in order, over the wrap too', () => {
    expect(run([65_534, 0, 65_535, 3, 1, 2])).toEqual([65_534, 65_535, 0, 1, 2, 3]);
  });

  it('waits for a missing packet for one settling, not two', () => {
    expect(run([1, 3, 4, 'settle'])).toEqual([1]);
    expect(run([1, 3, 4, 'settle', 2])).toEqual([1, 2, 3, 4]);
    expect(run([1, 3, 4, 6, 'settle', 'settle'])).toEqual([1, 3, 4]);
    expect(run([1, 3, 4, 6, 'settle', 'settle', 'settle', 'settle'])).toEqual([1, 3, 4, 6]);
  });

  it('gives up waiting when the window is full, and hands late and doubled packets on', () => {
    const ahead = Array.from({ length: 70 }, (_, index) => index + 3);
    expect(run([1, ...ahead])).toEqual([1, ...ahead]);
    expect(run([5, 6, 4, 6, 7])).toEqual([5, 6, 4, 6, 7]);
  });

  it('follows a sender that counts anew, forward or back', () => {
    expect(run([100, 40_000, 40_001])).toEqual([100, 40_000, 40_001]);
    const back = Array.from({ length: 80 }, (_, index) => 20_000 + index);
    expect(run([40_000, ...back, 20_081, 20_080])).toEqual([40_000, ...back, 20_080, 20_081]);
  });

  it('delivers what has no sequence number as it is', () => {
    const seen: number[] = [];
    const window = new ReorderWindow((bytes) => void seen.push(bytes.length));
    window.push(Buffer.alloc(3));
    expect(seen).toEqual([3]);
  });
});

describe('receiver reports', () => {
  it('say what arrived, what did not, and when', () => {
    const report = new ReceptionReport(0xabcd, 90_000);
    expect(report.encode(0)).toBeUndefined();
    for (const sequence of [65_534, 65_535, 1, 2]) report.packet(packet(sequence, sequence), 1_000);
    report.senderReport(0x1234_5678, 2_000);
    const bytes = report.encode(2_500) ?? Buffer.alloc(0);
    expect([bytes.readUInt32BE(0), bytes.readUInt32BE(4), bytes.readUInt32BE(8)]).toEqual([0x81c9_0007, 0xabcd, 7]);
    expect([bytes[12], bytes.readIntBE(13, 3), bytes.readUInt32BE(16)]).toEqual([Math.floor(256 / 5), 1, 0x1_0002]);
    expect([bytes.readUInt32BE(24), bytes.readUInt32BE(28)]).toEqual([0x1234_5678, 32_768]);
    expect([bytes.readUInt32BE(32), bytes.toString('latin1', 42, 49), bytes.length]).toEqual([0x81ca_0004, 'wanglou', 52]);
    report.packet(packet(3, 3), 1_001);
    expect((report.encode(3_000) ?? Buffer.alloc(13))[12]).toBe(0);
  });

  it('count doubled packets as the standard does, and begin anew with another source', () => {
    const report = new ReceptionReport(1, 90_000);
    for (const sequence of [1, 2, 2, 2]) report.packet(packet(sequence), 0);
    expect(report.encode(0)?.readIntBE(13, 3)).toBe(-2);
    report.packet(packet(500, 0, 9), 0);
    const bytes = report.encode(0);
    expect([bytes?.readUInt32BE(8), bytes?.readIntBE(13, 3), bytes?.readUInt32BE(16)]).toEqual([9, 0, 500]);
  });

  it('measure jitter', () => {
    const report = new ReceptionReport(1, 90_000);
    for (let index = 0; index < 200; index += 1) report.packet(packet(index, index * 3_600), index * 40 + (index % 2) * 10);
    // Ten milliseconds to and fro are 900 ticks.
    expect(report.encode(0)?.readUInt32BE(20)).toBeGreaterThan(850);
    expect(report.encode(0)?.readUInt32BE(20)).toBeLessThanOrEqual(900);
  });
});
