// Walks ISO base media boxes (ISO/IEC 14496-12 clause 4.2) inside a buffer; sizes are checked, nothing is copied.

/** One box: its four-letter type and its payload, without the header. */
export interface Mp4Box {
  readonly type: string;
  /** Offset of the box header in the buffer that was walked. */
  readonly headerOffset: number;
  readonly payload: Buffer;
}

/** Lists the boxes that lie directly in `buffer`. Throws a `RangeError` when a size does not fit. */
export function listBoxes(buffer: Buffer): Mp4Box[] {
  const boxes: Mp4Box[] = [];
  let offset = 0;
  while (offset + 8 <= buffer.length) {
    const { headerBytes, sizeBytes } = readSize(buffer, offset);
    if (sizeBytes < headerBytes || offset + sizeBytes > buffer.length) {
      throw new RangeError(`MP4 box at byte ${offset} says ${sizeBytes} bytes, ${buffer.length - offset} are left`);
    }
    boxes.push({
      type: buffer.toString('latin1', offset + 4, offset + 8),
      headerOffset: offset,
      payload: buffer.subarray(offset + headerBytes, offset + sizeBytes),
    });
    offset += sizeBytes;
  }
  return boxes;
}

function readSize(buffer: Buffer, offset: number): { headerBytes: number; sizeBytes: number } {
  const short = buffer.readUInt32BE(offset);
  if (short === 1) return { headerBytes: 16, sizeBytes: Number(buffer.readBigUInt64BE(offset + 8)) };
  return { headerBytes: 8, sizeBytes: short === 0 ? buffer.length - offset : short };
}

/** The first box found along `path`, or `undefined`. */
export function findBox(buffer: Buffer, ...path: readonly string[]): Buffer | undefined {
  let payload: Buffer | undefined = buffer;
  for (const type of path) {
    payload = listBoxes(payload).find((box) => box.type === type)?.payload;
    if (payload === undefined) return undefined;
  }
  return payload;
}

/** As {@link findBox}, but a missing box is an error that names the path. */
export function requireBox(buffer: Buffer, ...path: readonly string[]): Buffer {
  const payload = findBox(buffer, ...path);
  if (payload === undefined) throw new RangeError(`MP4 box ${path.join('/')} is missing`);
  return payload;
}
