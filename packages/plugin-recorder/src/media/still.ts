// A still of recorded footage without decoding anything here: the fragment with the keyframe before a moment, as a tiny film that the browser shows.
import { fragmentsBetween, type FootageFile, type PlannedFragment } from '../hls/playback-plan.ts';
import { mediaType, notFound, type FileResponse } from './media-response.ts';
import { readWhole } from './read-range.ts';
import { FragmentRebaser } from './rebase-fragment.ts';

/** Where stills may come from. */
export interface StillOptions {
  /** Files that touch the granted range, oldest first. */
  readonly files: readonly FootageFile[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** Farther from the moment than this, a picture would show another scene. */
const nearMs = 10_000;

/** The picture at a moment of the granted range; 404 where there is none near it. */
export async function serveStill({ files, fromMs, toMs }: StillOptions, atMs: number, signal: AbortSignal): Promise<FileResponse> {
  const fragment = keyframeAt(fragmentsBetween(files, fromMs, toMs), atMs);
  const file = files.find(({ path }) => path === fragment?.path);
  if (fragment === undefined || file === undefined) return notFound;
  const init = await readWhole({ root: file.root, path: file.path, offset: 0, length: file.initBytes }, signal);
  const picture = await readWhole(fragment, signal);
  if (!new FragmentRebaser(init).rebase(picture, 'still')) return notFound;
  const body = Buffer.concat([init, picture]);
  return { status: 200, headers: { 'content-type': mediaType, 'content-length': String(body.length) }, body };
}

/** The last keyframe that began by then, else the first one after it. */
function keyframeAt(fragments: readonly PlannedFragment[], atMs: number): PlannedFragment | undefined {
  const keys = fragments.filter(({ key }) => key);
  const before = keys.findLast(({ startMs }) => startMs <= atMs);
  const found = before !== undefined && atMs - before.startMs <= nearMs ? before : keys.find(({ startMs }) => startMs > atMs);
  return found !== undefined && Math.abs(found.startMs - atMs) <= nearMs ? found : undefined;
}
