// Memory of one camera is bounded, and what is dropped for it is told.
import { describe, expect, it } from 'vitest';
import { defaultIngestOptions, type Fragment } from '../src/ingest/ingest-engine.ts';
import { heldLimitBytes } from '../src/ingest/native/video/access-unit-assembler.ts';
import { IngestPipeline, sections } from './support/ingest-pipeline.ts';
import { MemorySink, readSamples } from './support/memory-sink.ts';
import { lengthPrefixed, picture } from './support/picture-stream.ts';
import { RtpPacker } from './support/rtp-packer.ts';

const memory = { unitBytes: 64 * 1024, waitingBytes: 128 * 1024 };
const samplesOf = (sink: MemorySink) => readSamples(Buffer.concat(sink.fragments.map((fragment) => fragment.bytes)), 1);

describe('memory of one camera', () => {
  it('a picture that never ends is given up, with what follows up to the next keyframe; a gap says so', () => {
    const pipeline = new IngestPipeline(sections.h264, { memory });
    const packer = new RtpPacker(0, 96);
    const show = (index: number): void => {
      pipeline.nowMs += 40;
      pipeline.feed(packer.picture(picture(index).nals, index * 3600));
    };
    for (let index = 0; index < 13; index += 1) show(index);
    pipeline.nowMs += 40;
    const part = Buffer.alloc(1200, 7);
    pipeline.feed([packer.packet(Buffer.concat([Buffer.from([0x7c, 0x81, 0x88]), part]), 13 * 3600, false)]);
    let largest = 0;
    for (let index = 0; index < 10_000; index += 1) {
      pipeline.feed([packer.packet(Buffer.concat([Buffer.from([0x7c, 0x01]), part]), 13 * 3600, false)]);
      largest = Math.max(largest, pipeline.writer.heldBytes);
    }
    expect(largest).toBeLessThan(memory.unitBytes * 2 + 32 * 1024);
    for (let index = 14; index < 40; index += 1) show(index);
    pipeline.writer.finish();
    const { sink } = pipeline;
    expect(sink.interruptions).toEqual([{ cause: 'camera', detail: expect.stringContaining('more than 65536 bytes was dropped') }]);
    expect(sink.runs).toHaveLength(2);
    const expected = [...Array.from({ length: 13 }, (_, index) => index), ...Array.from({ length: 20 }, (_, index) => index + 20)];
    expect(samplesOf(sink).map((sample) => sample.bytes)).toEqual(expected.map((index) => lengthPrefixed(picture(index).nals)));
  });

  it('a picture that grows by what stands between its slices is given up, too', () => {
    const pipeline = new IngestPipeline(sections.h264, { memory });
    const packer = new RtpPacker(0, 96);
    pipeline.feed(packer.picture(picture(0).nals, 0));
    let largest = 0;
    for (let index = 0; index < 1_000; index += 1) {
      const message = Buffer.concat([Buffer.from([0x06, 5]), Buffer.alloc(1_000, 7)]);
      // The bit after the header says that the slice is not the first of its picture, but for the very first.
      pipeline.feed([packer.packet(message, 3600, false), packer.packet(Buffer.from([0x41, index === 0 ? 0x88 : 0x08, 1]), 3600, false)]);
      largest = Math.max(largest, pipeline.writer.heldBytes);
    }
    pipeline.writer.finish();
    expect(largest).toBeLessThan(memory.unitBytes * 2);
    expect(pipeline.sink.interruptions).toEqual([{ cause: 'camera', detail: expect.stringContaining('more than 65536 bytes') }]);
  });

  it('messages before a picture that never end are left out; the picture is kept, and told', () => {
    const pipeline = new IngestPipeline(sections.h264, { memory: { ...memory, unitBytes: 4 * 1024 * 1024 } });
    const packer = new RtpPacker(0, 96);
    pipeline.feed(packer.picture(picture(0).nals, 0));
    const part = Buffer.alloc(1200, 7);
    pipeline.feed([packer.packet(Buffer.concat([Buffer.from([0x1c, 0x86]), part]), 3600, false)]);
    for (let size = 0; size < heldLimitBytes * 2; size += part.length) pipeline.feed([packer.packet(Buffer.concat([Buffer.from([0x1c, 0x06]), part]), 3600, false)]);
    pipeline.feed([packer.packet(Buffer.from([0x1c, 0x46, 0x80]), 3600, false)]);
    const slice = picture(1, { seiBytes: 0, delimiter: false }).nals;
    pipeline.feed(packer.picture(slice, 3600));
    pipeline.writer.finish();
    expect(samplesOf(pipeline.sink).map((sample) => sample.bytes)).toEqual([picture(0).nals, slice].map(lengthPrefixed));
    expect(pipeline.sink.holes).toEqual([expect.objectContaining({ cause: 'camera', detail: '1 oversized messages beside the pictures were left out' })]);
  });

  it('sound without pictures does not pile up', () => {
    const pipeline = new IngestPipeline(`${sections.h264}m=audio 0 RTP/AVP 8\r\n`, { memory });
    const packer = new RtpPacker(0, 96);
    const sound = new RtpPacker(2, 8, 9);
    pipeline.feed(packer.picture(picture(0).nals, 0));
    for (let index = 0; index < 30_000; index += 1) pipeline.hear([sound.packet(Buffer.alloc(160, index), index * 160, true)]);
    expect(pipeline.writer.heldBytes).toBeLessThan(4 * 1024 * 1024);
    pipeline.feed(packer.picture(picture(1).nals, 3600));
    pipeline.writer.finish();
    expect(pipeline.sink.holes).toEqual([expect.objectContaining({ detail: expect.stringMatching(/^\d+ units of sound came without pictures/) })]);
  });

  it('fragments that nobody takes are bounded: whole groups are dropped, and recording goes on when they are taken', async () => {
    const sink = new StuckSink();
    const pipeline = new IngestPipeline(sections.h264, { memory }, sink);
    const packer = new RtpPacker(0, 96);
    const show = (index: number): void => {
      pipeline.nowMs += 40;
      pipeline.feed(packer.picture(picture(index, { sliceBytes: 3_000 }).nals, index * 3600));
    };
    for (let index = 0; index < 400; index += 1) show(index);
    const waiting = sink.fragments.reduce((sum, fragment) => sum + fragment.bytes.length, 0);
    expect(waiting).toBeLessThan(memory.waitingBytes + 64 * 1024);
    expect(sink.interruptions).toEqual([{ cause: 'recorder', detail: expect.stringContaining('fragments wait to be stored') }]);
    const runs = sink.runs.length;
    await sink.settle();
    for (let index = 400; index < 440; index += 1) {
      show(index);
      await new Promise((resolve) => setImmediate(resolve));
    }
    pipeline.writer.finish();
    expect(sink.runs.length).toBe(runs + 1);
    expect(samplesOf(sink).at(-1)?.bytes.equals(lengthPrefixed(picture(439, { sliceBytes: 3_000 }).nals))).toBe(true);
  });

  it('timestamps that stand nearly still do not make endless fragments', () => {
    const pipeline = new IngestPipeline(sections.h264, { memory: defaultIngestOptions.memory });
    const packer = new RtpPacker(0, 96);
    for (let index = 0; index < 5_000; index += 1) pipeline.feed(packer.picture(picture(index, { group: 100_000, sliceBytes: 10 }).nals, index));
    pipeline.writer.finish();
    expect(pipeline.sink.fragments.every((fragment) => fragment.frames <= 1_000)).toBe(true);
    expect(samplesOf(pipeline.sink)).toHaveLength(5_000);
  });
});

/** Takes nothing off the engine's hands until it is told to. */
class StuckSink extends MemorySink {
  #settle: (() => void)[] = [];
  #stuck = true;

  override async fragment(fragment: Fragment): Promise<void> {
    void super.fragment(fragment);
    if (this.#stuck) await new Promise<void>((resolve) => void this.#settle.push(resolve));
  }

  async settle(): Promise<void> {
    this.#stuck = false;
    for (const one of this.#settle.splice(0)) one();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
