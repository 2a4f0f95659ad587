// What a tile says about its camera, from everything that is known of it.
import type { CameraSummary, RecordingStatus, Text } from '@wanglou/core';
import type { Problem } from '../api/problem.ts';
import type { LeaseState } from '../player/use-lease.ts';
import type { FrameState } from '../player/use-frame-watch.ts';

/** What a tile shows. */
export type TileState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'frozen' }
  | { readonly kind: 'offline'; readonly sinceMs?: number; readonly text?: Text }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Somebody of the visit is missing; it goes on by itself. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'ended'; readonly reason: string };

/** What is known. */
export interface TileFacts {
  readonly camera: CameraSummary | undefined;
  readonly status: RecordingStatus | undefined;
  readonly lease: LeaseState<{ readonly lease: string; readonly path: string; readonly expiresMs: number }>;
  readonly frames: FrameState;
  readonly failure: Problem | undefined;
  readonly paused?: boolean;
}

/** The state of a tile. A refusal is shown before an outage: it has a way forward. */
export function tileState({ camera, status, lease, frames, failure, paused = false }: TileFacts): TileState {
  if (lease.kind === 'refused') {
    if (lease.problem.denied) return { kind: 'refused', problem: lease.problem };
    if (lease.problem.code === 'NOT_LIVE') return offline(status, lease.problem.facts.text);
    return { kind: 'failed', problem: lease.problem };
  }
  if (paused && lease.kind === 'open') return { kind: 'paused' };
  if (isOffline(camera)) return offline(status, camera?.problem?.text);
  if (failure) return { kind: 'failed', problem: failure };
  if (lease.kind === 'ended') return { kind: 'ended', reason: lease.reason };
  if (lease.kind !== 'open' || frames === 'first') return { kind: 'connecting' };
  return { kind: frames === 'frozen' ? 'frozen' : 'live' };
}

/** Whether there is no point in asking for a picture. */
export function isOffline(camera: CameraSummary | undefined): boolean {
  return camera?.state === 'offline' || camera?.state === 'unauthorized';
}

function offline(status: RecordingStatus | undefined, text: Text | undefined): TileState {
  return { kind: 'offline', ...(status?.lastFrameMs !== undefined && { sinceMs: status.lastFrameMs }), ...(text && { text }) };
}
