// What a grant opens, and until when: pure functions of the grant and the clock.
import type { Action, Grant, Resource } from '@wanglou/core';

/** Whether a grant is in force at a moment. */
export function isInForce(grant: Grant, nowMs: number): boolean {
  return grant.revokedMs === undefined && grant.endedMs === undefined && grant.startsMs <= nowMs && nowMs < grant.endsMs;
}

/** When an act that begins now must stop: with the time in use, and live view also with the range that was granted. */
export function endOf({ begunMs, endsMs, useMs, scope }: Grant, action: Action, nowMs: number): number {
  const end = begunMs === undefined ? nowMs + useMs : endsMs;
  return action === 'live' ? Math.min(end, scope.range.toMs) : end;
}

/**
 * Whether a grant takes in an act. Live view shows the present, which must lie inside the granted range; the range of playback and
 * copy must, as a whole. A copy goes where it was granted to go, and nowhere else (article 11).
 */
export function covers(grant: Pick<Grant, 'scope' | 'destination'>, action: Action, resource: Resource, nowMs: number): boolean {
  const { cameras } = resource;
  return cameras !== undefined && cameras.length > 0 && cameras.every((camera) => grant.scope.cameras.includes(camera)) && coversAct(grant, action, resource, nowMs);
}

/** As {@link covers}, for cameras that are known to be the grant's. */
export function coversAct({ scope, destination }: Pick<Grant, 'scope' | 'destination'>, action: Action, resource: Resource, nowMs: number): boolean {
  const { range } = resource;
  if (!scope.actions.includes(action)) return false;
  if (action === 'live') return scope.range.fromMs <= nowMs && nowMs < scope.range.toMs;
  if (action === 'copy' && (destination === undefined || resource.destination?.trim() !== destination.trim())) return false;
  return range !== undefined && range.fromMs < range.toMs && scope.range.fromMs <= range.fromMs && range.toMs <= scope.range.toMs;
}
