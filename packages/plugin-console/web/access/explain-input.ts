// Which operation an action on a camera is, with an input that the rules can judge.
import type { FootageAction } from '../requests/request-draft.ts';

/** Operation and input that stand for an action on one camera; footage of the last ten minutes. */
export function explainInput(action: FootageAction, camera: string, atMs: number): { readonly operation: string; readonly input: unknown } {
  const range = { fromMs: atMs - 600_000, toMs: atMs };
  if (action === 'live') return { operation: 'recording.live', input: { camera } };
  if (action === 'playback') return { operation: 'recording.playback', input: { camera, ...range } };
  return { operation: 'recording.export', input: { cameras: [camera], ...range, destination: '-' } };
}
