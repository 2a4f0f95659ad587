// Reads ISO base media boxes out of untrusted bytes: every length is checked, nothing throws on damage.

/** A box inside a buffer. */
export interface BoxView {
  readonly type: string;
  /** First byte of the box. */
  readonly start: number;
  /** First byte of its payload. */
  readonly payload: number;
  /** First byte after it. */
  readonly end: number;
}

/** The boxes of `buffer[start, end)` in order; stops silently at the first damaged one. */
export function* boxes(buffer: Buffer, start = 0, end = buffer.length): Generator<BoxView> {
  let at = start;
  while (at + 8 <= end) {
    const header = boxHeaderAt(buffer, at, end);
    if (header === undefined || header.end > end) return;
    yield header;
    at = header.end;
  }
}

/** The header at `at`; undefined when it is not a box. The end may lie beyond `limit`. */
export function boxHeaderAt(buffer: Buffer, at: number, limit = buffer.length): BoxView | undefined {
  if (at + 8 > limit) return undefined;
  const type = buffer.toString('latin1', at + 4, at + 8);
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return undefined;
  const size = buffer.readUInt32BE(at);
  if (size !== 1) return size < 8 ? undefined : { type, start: at, payload: at + 8, end: at + size };
  if (at + 16 > limit) return undefined;
  const large = Number(buffer.readBigUInt64BE(at + 8));
  return large < 16 || !Number.isSafeInteger(large) ? undefined : { type, start: at, payload: at + 16, end: at + large };
}

/** The first box with this path, for instance `['moov', 'mvex']`. */
export function findBox(buffer: Buffer, path: readonly string[], start = 0, end = buffer.length): BoxView | undefined {
  let found: BoxView | undefined;
  let from = start;
  let to = end;
  for (const type of path) {
    found = undefined;
    for (const candidate of boxes(buffer, from, to)) {
      if (candidate.type !== type) continue;
      found = candidate;
      break;
    }
    if (found === undefined) return undefined;
    from = found.payload;
    to = found.end;
  }
  return found;
}
