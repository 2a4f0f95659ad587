// A beep in G.711, made here: 440 Hz for half of every second, silence in between.
import type { G711Track } from './loop.ts';

const samplesPerSecond = 8_000;
const samplesPerFrame = 160;
const toneHertz = 440;
const amplitude = 9_000;

/** A track of this length, which should be whole seconds so that the loop point is not heard. */
export function createG711Tone(codec: G711Track['codec'], seconds: number): G711Track {
  const encode = codec === 'pcma' ? encodeA : encodeMu;
  const count = Math.max(1, Math.round((seconds * samplesPerSecond) / samplesPerFrame));
  const samples = Array.from({ length: count }, (_, frame) => {
    const data = Buffer.alloc(samplesPerFrame);
    for (let index = 0; index < samplesPerFrame; index += 1) {
      const at = frame * samplesPerFrame + index;
      const sounding = at % samplesPerSecond < samplesPerSecond / 2;
      data[index] = encode(sounding ? Math.round(amplitude * Math.sin((2 * Math.PI * toneHertz * at) / samplesPerSecond)) : 0);
    }
    return { data, startTicks: frame * samplesPerFrame, compositionOffsetTicks: 0, key: true };
  });
  return { codec, ticksPerSecond: samplesPerSecond, durationTicks: count * samplesPerFrame, samples, channels: 1, samplesPerFrame };
}

/** A-law (ITU-T G.711, table 1): sign, exponent, four bits of mantissa, every other bit inverted. */
function encodeA(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(0x7fff, sample >= 0 ? sample : -sample - 1) >> 4;
  const exponent = Math.max(0, Math.floor(Math.log2(Math.max(1, magnitude))) - 3);
  return (sign | (exponent << 4) | ((magnitude >> Math.max(0, exponent - 1)) & 15)) ^ 0x55;
}

/** Mu-law (table 2): the same with a bias, all bits inverted. */
function encodeMu(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(0x7f7b, Math.abs(sample)) + 0x84;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 0xff;
}
