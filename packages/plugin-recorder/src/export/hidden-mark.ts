// The hidden mark of an exported film: a code in supplemental information before every keyframe, which players pass over and remuxing keeps.
// Only the campus knows to whom a code belongs. Articles 25 to 28.
import { createHash } from 'node:crypto';

/** Bytes of a code: random, so that it tells nothing by itself. */
export const markBytes = 16;
/** Names the mark among other user data (ITU-T H.264, clause D.1.7; H.265, clause D.2.7). Version 5 of the name `mark.wanglou`. */
const markId = uuidOf('mark.wanglou');
const userDataUnregistered = 5;
const stopBit = 0x80;

/** How a codec writes NAL units. */
export type NalCodec = 'h264' | 'h265';

function uuidOf(name: string): Buffer {
  const hash = createHash('sha1').update(Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex')).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash;
}

/** The NAL unit with the mark, as a sample holds it: four bytes of length first. */
export function markUnit(codec: NalCodec, code: Uint8Array): Buffer {
  const header = codec === 'h264' ? [6] : [39 << 1, 1];
  const payload = Buffer.concat([Buffer.from([...header, userDataUnregistered, markId.length + code.length]), escape(Buffer.concat([markId, code])), Buffer.from([stopBit])]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}

/** Emulation prevention (ITU-T H.264, clause 7.4.1.1): no start code may appear inside a unit. */
function escape(bytes: Buffer): Buffer {
  const escaped: number[] = [];
  let zeros = 0;
  for (const value of bytes) {
    if (zeros >= 2 && value <= 3) {
      escaped.push(3);
      zeros = 0;
    }
    escaped.push(value);
    zeros = value === 0 ? zeros + 1 : 0;
  }
  return Buffer.from(escaped);
}

/** Where in a sample the mark belongs: before the first slice. */
export function markPlace(codec: NalCodec, sample: Buffer): number {
  for (let at = 0; at + 5 <= sample.length; at += 4 + sample.readUInt32BE(at)) {
    const header = sample[at + 4] ?? 0;
    const type = codec === 'h264' ? header & 31 : (header >> 1) & 63;
    if (codec === 'h264' ? type >= 1 && type <= 5 : type < 32) return at;
  }
  return 0;
}

/** Codes of marks in any bytes: a film, a remuxed one, or a stream cut out of it. */
export function findMarks(bytes: Buffer): readonly Buffer[] {
  const found = new Map<string, Buffer>();
  for (let at = bytes.indexOf(markId); at >= 0; at = bytes.indexOf(markId, at + 1)) {
    const code = unescape(bytes.subarray(at + markId.length, at + markId.length + markBytes * 2)).subarray(0, markBytes);
    if (code.length === markBytes) found.set(code.toString('hex'), code);
  }
  return [...found.values()];
}

function unescape(bytes: Buffer): Buffer {
  const plain: number[] = [];
  let zeros = 0;
  for (const value of bytes) {
    if (zeros >= 2 && value === 3) {
      zeros = 0;
      continue;
    }
    plain.push(value);
    zeros = value === 0 ? zeros + 1 : 0;
  }
  return Buffer.from(plain);
}
