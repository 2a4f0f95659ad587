// Wall-clock time of the campus's zone, both ways, on Intl alone.

/** Parts of a moment on the campus's wall clock. */
export interface ZoneParts {
  /** `yyyy-mm-dd` */
  readonly date: string;
  /** `hh:mm:ss`, 24 hours */
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
    formats.set(timeZone, format);
  }
  return format;
}

/** Date and time of a moment in a zone. */
export function zoneParts(atMs: number, timeZone: string): ZoneParts {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(atMs).map(({ type, value }) => [type, value]));
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, time: `${parts['hour']}:${parts['minute']}:${parts['second']}` };
}

/**
 * The moment of a date and time in a zone; `undefined` when they are not a date and time.
 * An hour that the zone skips (summer time) gives the moment after the skip.
 */
export function fromZone(date: string, time: string, timeZone: string): number | undefined {
  const clock = /^\d{2}:\d{2}$/.test(time) ? `${time}:00` : time;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}:\d{2}$/.test(clock)) return undefined;
  const asUtcMs = Date.parse(`${date}T${clock}Z`);
  if (Number.isNaN(asUtcMs)) return undefined;
  const first = asUtcMs - offsetMs(asUtcMs, timeZone);
  return asUtcMs - offsetMs(first, timeZone);
}

/** How far the zone is ahead of UTC at a moment. */
export function offsetMs(atMs: number, timeZone: string): number {
  const whole = Math.floor(atMs / 1000) * 1000;
  const { date, time } = zoneParts(whole, timeZone);
  return Date.parse(`${date}T${time}Z`) - whole;
}

/** Start of the day that holds a moment. */
export function startOfDay(atMs: number, timeZone: string): number {
  return fromZone(zoneParts(atMs, timeZone).date, '00:00:00', timeZone) ?? atMs;
}
