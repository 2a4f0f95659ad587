// G.711 (ITU-T G.711): expands A-law and mu-law bytes to 16-bit samples.

/**
 * The sample for each byte. A-law is one to one. In mu-law the bytes 7F and FF both mean zero (-0 and +0), so that the byte 7F
 * comes back as FF; all other bytes are one to one.
 */
export function expansionTable(law: 'pcma' | 'pcmu'): Int16Array {
  return Int16Array.from({ length: 256 }, (_, byte) => (law === 'pcma' ? expandA(byte) : expandMu(byte)));
}

/** Even bits are inverted on the line; the result has 13 bits, scaled to 16. */
function expandA(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const step = ((code & 15) << 4) + 8;
  const magnitude = exponent === 0 ? step : (step + 0x100) << (exponent - 1);
  return (code & 0x80) !== 0 ? magnitude : -magnitude;
}

/** All bits are inverted on the line; the result has 14 bits, scaled to 16. */
function expandMu(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return (code & 0x80) !== 0 ? 0 - magnitude : magnitude;
}
