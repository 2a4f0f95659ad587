// How long the room for footage lasts. Pure: what comes in, what may go, and when.

/** What a camera brings, and what of it may be erased. */
export interface CameraDemand {
  readonly bytesPerDay: number;
  /** How far its footage reaches back. */
  readonly spanDays: number;
  /** Age from which its footage may be erased to make room; absent: never. */
  readonly keptDays?: number;
  /** Of what is older, so much is held. */
  readonly heldDays?: number;
}

/**
 * Days until footage that may not be erased fills the room; `undefined` when it never does, because what comes in is then offset by
 * what may go.
 *
 * A camera's footage that may not go grows until it reaches back as far as it is kept, and stays so. Room is short when all of that
 * is more than there is.
 */
export function daysLeft(cameras: readonly CameraDemand[], roomBytes: number): number | undefined {
  // Footage that may go already is room as well.
  const growing = cameras.map(({ bytesPerDay, spanDays, keptDays = Number.POSITIVE_INFINITY, heldDays = 0 }) => ({ bytesPerDay, growsDays: keptDays - spanDays, heldDays }));
  let room = roomBytes;
  for (const { bytesPerDay, growsDays, heldDays } of growing) if (growsDays < 0) room += bytesPerDay * Math.max(0, -growsDays - heldDays);
  const steps = growing.filter(({ growsDays, bytesPerDay }) => growsDays > 0 && bytesPerDay > 0).sort((left, right) => left.growsDays - right.growsDays);
  let rate = steps.reduce((sum, { bytesPerDay }) => sum + bytesPerDay, 0);
  let days = 0;
  for (const { bytesPerDay, growsDays } of steps) {
    const filled = rate * (growsDays - days);
    if (filled > room) return days + Math.max(0, room) / rate;
    room -= filled;
    rate -= bytesPerDay;
    days = growsDays;
  }
  return room < 0 ? 0 : undefined;
}
