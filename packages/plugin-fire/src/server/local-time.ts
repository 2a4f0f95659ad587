// Local times without a zone, as they are on the wire, and moments.

/** A moment as `YYYY-MM-DDThh:mm:ss` at an offset from UTC. */
export function toLocalTime(atMs: number, offsetMinutes: number): string {
  return new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, 19);
}

/** The moment of such a time, epoch ms. */
export function fromLocalTime(time: string, offsetMinutes: number): number {
  return Date.parse(`${time}Z`) - offsetMinutes * 60_000;
}
