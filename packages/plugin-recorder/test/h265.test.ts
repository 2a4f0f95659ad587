// RTP payload format for H.265, packet by packet; and parameter sets of H.265.
import { describe, expect, it } from 'vitest';
import { parseH265SequenceParameters } from '../src/fmp4/h265-sequence-parameters.ts';
import { codecStringOfProfile, hevcCodecString } from '../src/fmp4/hevc-configuration.ts';
import { codecsOfInit } from '../src/fmp4/init-codecs.ts';
import { initSegment } from '../src/fmp4/init-segment.ts';
import { chooseMedia } from '../src/ingest/native/choose-media.ts';
import { parseSdp } from '../src/ingest/native/sdp.ts';
import { H265Depacketizer } from '../src/ingest/native/video/h265-depacketizer.ts';
import { h265Codec } from '../src/ingest/native/video/h265-codec.ts';
import { ParameterSets } from '../src/ingest/native/video/parameter-sets.ts';

/** Sets of libx265: 1920x1080 in 1920x1088, Main, three temporal layers' worth of reordering. */
const sets = {
  vps: Buffer.from('40010c01ffff01600000030090000003000003003f959809', 'hex'),
  sps: Buffer.from('420101016000000300900000030000030078a003c08010e596566924caf01680800001f480003a9804', 'hex'),
  pps: Buffer.from('4401c172b46240', 'hex'),
} as const;

/** Collects NAL units as hex, `|` where a picture ends, `!` where data is missing. */
function collect(numbered: boolean, packets: readonly (string | { readonly hex: string; readonly marker?: boolean; readonly lost?: boolean })[]): string {
  let text = '';
  let nal = '';
  const depacketizer = new H265Depacketizer({
    timestamp: () => {},
    begin: (header) => {
      nal = header.toString(16).padStart(4, '0');
    },
    append: (buffer, start, end) => {
      nal += buffer.toString('hex', start, end);
    },
    end: () => {
      text += `${nal} `;
    },
    damaged: () => {
      text += '! ';
    },
    unitEnd: () => {
      text += '| ';
    },
  }, numbered);
  for (const packet of packets) {
    const { hex, marker = false, lost = false } = typeof packet === 'string' ? { hex: packet } : packet;
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    depacketizer.payload(bytes, 0, bytes.length, 0, marker, lost);
  }
  return text.trim();
}

describe('H.265 over RTP', () => {
  it('takes single units, aggregates and fragments apart', () => {
    expect(collect(false, ['2601 aabb', { hex: '6001 0003 4001aa 0004 4201bbcc', marker: true }])).toBe('2601aabb 4001aa 4201bbcc |');
    expect(collect(false, ['6201 93 aabb', '6201 13 cc', { hex: '6201 53 dd', marker: true }])).toBe('2601aabbccdd |');
  });

  it('keeps layer and temporal id when it joins fragments', () => {
    expect(collect(false, ['630b 81 aa', '630b 41 bb'])).toBe('030baabb');
  });

  it('skips decoding order numbers where they are announced', () => {
    expect(collect(true, ['2601 0005 aabb', '6001 0006 0003 4001aa 00 0004 4201bbcc', '6201 93 0008 aa', '6201 53 bb'])).toBe('2601aabb 4001aa 4201bbcc 2601aabb');
  });

  it('refuses a stream that is sent out of decoding order', () => {
    expect(() => collect(true, ['2601 0005 aabb', '0201 0003 cc'])).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_CODEC' }));
    expect(collect(true, ['2601 ffff aabb', '0201 0000 cc'])).toBe('2601aabb 0201cc');
  });

  it('marks what cannot be completed', () => {
    expect(collect(false, ['6201 93 aa', { hex: '6201 53 bb', lost: true }])).toBe('! !');
    expect(collect(false, ['6001 00ff 4001'])).toBe('!');
    expect(collect(false, ['62', '', '6201', '6201 93'])).toBe('');
    expect(collect(true, ['6201 93 00', '2601 00', '6001 00'])).toBe('');
  });
});

describe('H.265 parameter sets', () => {
  it('give size, reordering and the codecs parameter', () => {
    expect(parseH265SequenceParameters(sets.sps)).toMatchObject({ width: 1920, height: 1080, reorderFrames: 2, chromaFormat: 1, lumaBits: 8, chromaBits: 8, temporalLayers: 1, temporalNesting: true });
    expect(hevcCodecString(sets.sps)).toBe('hvc1.1.6.L120.90');
    // The example of ISO/IEC 14496-15, annex E.3.
    expect(codecStringOfProfile(Uint8Array.of(0x22, 0x20, 0, 0, 0, 0xb0, 0x23, 0, 0, 0, 0, 120))).toBe('hvc1.2.4.H120.B0.23');
  });

  it('come out of the SDP, with start codes and trailing blanks too', () => {
    const base64 = (nal: Buffer): string => Buffer.concat([Buffer.from([0, 0, 0, 1]), nal]).toString('base64');
    const media = chooseMedia(parseSdp(`m=video 0 RTP/AVP 98 \na=rtpmap:98 H265/90000 \na=fmtp:98 sprop-vps=${base64(sets.vps)}; sprop-sps=${base64(sets.sps)} ;sprop-pps=${base64(sets.pps)} \n`));
    const track = media.codec.describe(media.sets)?.track;
    expect(track).toMatchObject({ codec: 'h265', width: 1920, height: 1080, vps: [sets.vps], sps: [sets.sps], pps: [sets.pps] });
    expect(codecsOfInit(initSegment(track === undefined ? [] : [track]))).toBe('hvc1.1.6.L120.90');
  });

  it('are known by their ids: a repeated set is no change, another content is', () => {
    const known = new ParameterSets(h265Codec);
    expect([sets.vps, sets.sps, sets.pps, sets.sps].map((set) => known.take(set))).toEqual([true, true, true, false]);
    expect(known.complete).toBe(true);
    const changed = Buffer.from(sets.sps);
    changed[17] = 93;
    expect(known.take(changed)).toBe(true);
    expect(known.of(33)).toEqual([changed]);
  });
});
