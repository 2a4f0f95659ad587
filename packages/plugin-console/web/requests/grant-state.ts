// The two clocks of a grant: time to begin, and time in use.
import type { Action, Grant, TimeRange } from '@wanglou/core';

/**
 * How a grant stands. `ready`: it may be used and was not yet; `open`: in use; `unused`: nobody began it in time;
 * `given-back`: its holder ended it.
 */
export type GrantState = 'coming' | 'ready' | 'open' | 'ended' | 'unused' | 'given-back' | 'revoked';

/** How a grant stands at a moment. */
export function grantState(grant: Grant, nowMs: number): GrantState {
  if (grant.revokedMs !== undefined) return 'revoked';
  // What was found to be over stays over, whatever this machine's clock says.
  const over = grant.endedMs !== undefined || nowMs >= grant.endsMs;
  if (grant.endedMs !== undefined && grant.endedMs < grant.endsMs) return 'given-back';
  if (nowMs < grant.startsMs) return 'coming';
  if (grant.begunMs === undefined) return over ? 'unused' : 'ready';
  return over ? 'ended' : 'open';
}

/** Whether footage can be opened with it. */
export function isUsable(grant: Grant, nowMs: number): boolean {
  return ['ready', 'open'].includes(grantState(grant, nowMs));
}

/** The clock that runs now, and when it is over; nothing when none runs. */
export function runningClock(grant: Grant, nowMs: number): { readonly clock: 'to-begin' | 'in-use'; readonly endsMs: number } | undefined {
  const state = grantState(grant, nowMs);
  if (state === 'ready') return { clock: 'to-begin', endsMs: grant.beginByMs };
  return state === 'open' ? { clock: 'in-use', endsMs: grant.endsMs } : undefined;
}

/** What is to be done under a grant. */
export interface Footage {
  readonly camera: string;
  readonly action: Action;
  /** Absent for live view. */
  readonly range?: TimeRange;
}

/** The grant that opens this footage now: one in use before one that would be begun by it. */
export function coveringGrant(grants: readonly Grant[], { camera, action, range }: Footage, nowMs: number): Grant | undefined {
  const covers = ({ scope }: Grant) => scope.cameras.includes(camera) && scope.actions.includes(action) && (!range || (scope.range.fromMs <= range.fromMs && range.toMs <= scope.range.toMs));
  const usable = grants.filter((grant) => isUsable(grant, nowMs) && covers(grant));
  return usable.find(({ begunMs }) => begunMs !== undefined) ?? usable[0];
}

/** Where the copy goes that a grant in force allows of this footage; nothing when there is none. */
export function grantedDestination(grants: readonly Grant[], camera: string, range: TimeRange, nowMs: number): string | undefined {
  return coveringGrant(grants, { camera, action: 'copy', range }, nowMs)?.destination;
}
