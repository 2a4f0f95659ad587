// Makes a copy of a range: films that play from the first byte on, one for each codec configuration, and a list of what is missing.
import { fragmentsBetween, type FootageFile, type PlannedFragment } from '../hls/playback-plan.ts';
import type { GapRecord } from '../segment/segment-record.ts';
import { readRange, readWhole } from './read-range.ts';
import { FragmentRebaser } from './rebase-fragment.ts';

/** One film of an export. */
export interface ExportPart {
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
  readonly init: Buffer;
  readonly fragments: readonly PlannedFragment[];
}

/** A planned export. */
export interface ExportPlan {
  readonly parts: readonly ExportPart[];
  /** Gaps inside the exported range. */
  readonly gaps: readonly GapRecord[];
}

/** What to export. */
export interface ExportOptions {
  /** Absolute folder of all recordings. */
  readonly root: string;
  /** Files that touch the range, oldest first. */
  readonly files: readonly FootageFile[];
  readonly gaps: readonly GapRecord[];
  readonly fromMs: number;
  readonly toMs: number;
}

const touchMs = 250;

/** Chooses the fragments and reads the init segments. A change of codec or picture size starts another film. */
export async function planExport({ root, files, gaps, fromMs, toMs }: ExportOptions, signal: AbortSignal): Promise<ExportPlan> {
  const parts: { init: Buffer; fragments: PlannedFragment[] }[] = [];
  const inits = new Map<string, Buffer>();
  for (const fragment of fragmentsBetween(files, fromMs, toMs)) {
    const file = files.find((one) => one.path === fragment.path);
    let init = inits.get(fragment.run);
    if (init === undefined) {
      init = await readWhole(root, { path: fragment.path, offset: 0, length: file?.initBytes ?? 0 }, signal);
      inits.set(fragment.run, init);
    }
    const last = parts[parts.length - 1];
    if (last?.init.equals(init) === true) last.fragments.push(fragment);
    else parts.push({ init, fragments: [fragment] });
  }
  return { parts: parts.map(measure), gaps: gaps.filter((gap) => gap.startMs < toMs && (gap.endMs ?? toMs) > fromMs) };
}

function measure({ init, fragments }: { init: Buffer; fragments: PlannedFragment[] }): ExportPart {
  const bytes = fragments.reduce((sum, fragment) => sum + fragment.length, init.length);
  return { init, fragments, bytes, startMs: Math.round(fragments[0]?.startMs ?? 0), endMs: Math.round(fragments[fragments.length - 1]?.endMs ?? 0) };
}

/** Streams one film: its init segment and its fragments, moved so that it starts at zero and has no holes. */
export async function* exportRange(root: string, part: ExportPart, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield part.init;
  const rebaser = new FragmentRebaser(part.init);
  let last: PlannedFragment | undefined;
  let stretch = 0;
  for (const fragment of part.fragments) {
    if (signal.aborted) return;
    if (last === undefined || last.run !== fragment.run || fragment.startMs - last.endMs > touchMs) stretch += 1;
    last = fragment;
    const bytes = Buffer.concat(await collect(root, fragment, signal));
    if (!rebaser.rebase(bytes, String(stretch))) throw new Error(`recording file ${fragment.path} is damaged at ${fragment.offset}`);
    yield bytes;
  }
}

async function collect(root: string, fragment: PlannedFragment, signal: AbortSignal): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readRange(root, fragment, signal)) pieces.push(piece);
  return pieces;
}
