// What a leaf of a seal says of a segment. docs/design/audit-log.md, "Footage".

/** A segment as it is sealed. */
export interface SealedSegment {
  readonly camera: string;
  /** UTC epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly bytes: number;
  /** Of the whole file, lower-case hex. */
  readonly sha256: string;
}

/** Leaf data: canonical JSON (RFC 8785), whose members are in this order. */
export function leafData({ bytes, camera, fromMs, sha256, toMs }: SealedSegment): string {
  return JSON.stringify({ bytes, camera, fromMs, sha256, toMs });
}

/** The order of the leaves: by camera in UTF-16 code units, then by time. */
export function inOrder(left: SealedSegment, right: SealedSegment): number {
  if (left.camera !== right.camera) return left.camera < right.camera ? -1 : 1;
  return left.fromMs - right.fromMs;
}
