// The outside visit under which an act on footage was tried.
import type { AccessRequest, Action, Grant } from '@wanglou/core';
import { coveringGrant, isUsable } from '../requests/grant-state.ts';

const actionsOf: Readonly<Record<string, Action>> = { 'recording.live': 'live', 'recording.playback': 'playback', 'recording.export': 'copy' };

/** Id of the visit's request whose grant covers the act, or of the only visit that can be used now. */
export function visitRequestOf(lists: { readonly requests: readonly AccessRequest[]; readonly grants: readonly Grant[] }, asked: { readonly operation: string; readonly input: unknown } | undefined, nowMs: number): string | undefined {
  const visits = new Set(lists.requests.filter(({ visit }) => visit).map(({ id }) => id));
  const grants = lists.grants.filter((grant) => grant.request !== undefined && visits.has(grant.request) && isUsable(grant, nowMs));
  const action = actionsOf[asked?.operation ?? ''];
  const input = (asked?.input ?? {}) as { readonly camera?: unknown; readonly fromMs?: unknown; readonly toMs?: unknown };
  if (action && typeof input.camera === 'string') {
    const range = typeof input.fromMs === 'number' && typeof input.toMs === 'number' ? { fromMs: input.fromMs, toMs: input.toMs } : undefined;
    const grant = coveringGrant(grants, { camera: input.camera, action, ...(range && { range }) }, nowMs);
    if (grant) return grant.request;
  }
  return grants.length === 1 ? grants[0]?.request : undefined;
}
