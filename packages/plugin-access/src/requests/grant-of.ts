// The grant that comes of a request when its last unit has approved it.
import type { AccessRequest, Grant } from '@wanglou/core';

/** Time in use, and time to use, as a reviewer allows them. */
export interface Clocks {
  readonly minutes: number;
  readonly beginWithinHours: number;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** The shortest of all approvals counts. */
export function shorter(a: Clocks | undefined, b: Clocks): Clocks {
  return { minutes: Math.min(a?.minutes ?? b.minutes, b.minutes), beginWithinHours: Math.min(a?.beginWithinHours ?? b.beginWithinHours, b.beginWithinHours) };
}

/** Gives exactly what was asked, for the shortest time that was allowed. */
export function grantOf({ id: request, requester, scope, needs, destination, extends: extended }: AccessRequest, { minutes, beginWithinHours }: Clocks, id: string, startsMs: number): Grant {
  const beginByMs = startsMs + beginWithinHours * hourMs;
  return {
    id,
    request,
    holder: requester,
    scope,
    approvals: needs.map(({ unit }) => unit),
    ...(destination !== undefined && { destination }),
    ...(extended !== undefined && { extends: extended }),
    startsMs,
    beginByMs,
    useMs: minutes * minuteMs,
    endsMs: beginByMs,
  };
}
