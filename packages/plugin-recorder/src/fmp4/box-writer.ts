// Builds ISO base media boxes (ISO/IEC 14496-12) for init segments and films, where clarity counts more than speed.

/** One box: 32-bit size, four-letter type, payload. */
export function box(type: string, ...payload: readonly Uint8Array[]): Buffer {
  const size = payload.reduce((total, part) => total + part.length, 8);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(size, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...payload], size);
}

/** A box with version and flags (FullBox, clause 4.2). */
export function fullBox(type: string, version: number, flags: number, ...payload: readonly Uint8Array[]): Buffer {
  return box(type, uint32((version << 24) | flags), ...payload);
}

/** A big-endian 64-bit number. */
export function uint64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(value);
  return buffer;
}

/** Big-endian 32-bit numbers. */
export function uint32(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32BE(value >>> 0, index * 4));
  return buffer;
}

/** Big-endian 16-bit numbers. */
export function uint16(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => buffer.writeUInt16BE(value & 0xffff, index * 2));
  return buffer;
}

/** Shows a picture as it is: neither turned nor scaled (clause 6.2.2). */
export const identityMatrix = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** Plain bytes. */
export function bytes(...values: readonly number[]): Buffer {
  return Buffer.from(values);
}
