// Fragments of half a second as an engine would deliver them, with real moof boxes and noise for pictures.
import { fragmentHead } from '../../src/fmp4/fragment-head.ts';
import { SampleList } from '../../src/fmp4/sample-list.ts';
import type { Fragment } from '../../src/ingest/ingest-engine.ts';
import { noise } from './picture-stream.ts';

/** What to make. */
export interface SyntheticOptions {
  readonly startMs: number;
  readonly count: number;
  /** Fragments per group of pictures. */
  readonly group: number;
  readonly bytes?: number;
}

const ticks = 45_000;

/** Fragments that follow each other. */
export function* syntheticFragments({ startMs, count, group, bytes = 500 }: SyntheticOptions): Generator<Fragment> {
  for (let index = 0; index < count; index += 1) {
    const samples = new SampleList();
    const payload = noise(`fragment ${index}`, bytes);
    samples.push(payload.length, index * ticks, 0, index % group === 0);
    const head = fragmentHead(index + 1, { samples, endTicks: (index + 1) * ticks, bytes: payload.length }, undefined);
    const at = startMs + index * 500;
    yield { sequence: index + 1, key: index % group === 0, startMs: at, endMs: at + 500, durationMs: 500, frames: 1, chunks: [head, payload], bytes: head.length + payload.length };
  }
}
