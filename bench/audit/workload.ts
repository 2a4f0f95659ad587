// What is appended: decisions as the gate records them, about 450 bytes of JSON, of 200 persons and 1,000 cameras.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AuditEntry } from '../../packages/core/src/index.ts';

let count = 0;

/** The next decision. */
export function nextEntry(): AuditEntry {
  const n = count++;
  return {
    kind: 'decision',
    atMs: Date.now(),
    principal: { kind: 'person', id: `u${n % 200}`, address: `10.0.${n % 7}.${n % 250}` },
    call: `gT3mR1o0S4uQm8b${String(n).padStart(7, '0')}`,
    operation: 'recording.playback',
    action: 'playback',
    resource: { cameras: [`cam-${n % 1000}`], range: { fromMs: 1_800_000_000_000, toMs: 1_800_003_600_000 } },
    decision: { effect: 'permit', permits: ['a10.playback'], denials: [], articles: ['10'], pack: 'upc-2013@2', packSha256: 'b7'.repeat(32), facts: { 'actor.onDuty': true, 'grant.id': `g-${n % 50}` } },
  };
}

/** What one contender reached with one number of callers. */
export interface Figure {
  readonly callers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Delay of the event loop; a commit in the loop itself holds it for the whole sync. */
  readonly loopP99Ms: number;
}

/** Callers that each wait for their answer before they ask again. */
export async function drive(append: () => unknown, callers: number, seconds: number): Promise<Figure> {
  const latencies: number[] = [];
  const run = async (untilMs: number, isMeasured: boolean) => {
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (performance.now() < untilMs) {
          const startedMs = performance.now();
          await append();
          if (isMeasured) latencies.push(performance.now() - startedMs);
        }
      }),
    );
  };
  await run(performance.now() + 500, false);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const startedMs = performance.now();
  await run(startedMs + seconds * 1000, true);
  const elapsedMs = performance.now() - startedMs;
  loop.disable();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  // The monitor's own resolution is in what it measures.
  return { callers, perSecond: (latencies.length / elapsedMs) * 1000, p50Ms: at(0.5), p99Ms: at(0.99), loopP99Ms: Math.max(0, loop.percentile(99) / 1e6 - 1) };
}
