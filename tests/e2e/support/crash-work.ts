// Work for a campus that is about to be killed: it notes down what was answered, and nothing else.
import type { TimeRange } from '../../../packages/core/src/index.ts';
import { cameraIds } from './cameras.ts';
import { pause } from './child.ts';
import type { Client } from './client.ts';

/** What the campus has acknowledged. */
export interface Acknowledged {
  /** Marks of acts, `<operation> <something unique>`. */
  readonly entries: string[];
  readonly grants: { readonly id: string; readonly camera: string; readonly range: TimeRange }[];
}

let number = 0;

/** An operator asks for footage, opens what she may not, and reads timelines; the head of the Section approves. Until `stop`. */
export function startWork(operator: Client, head: Client, acknowledged: Acknowledged): { stop(): Promise<void> } {
  let stopped = false;
  const loops = [
    () => grantFootage(operator, head, acknowledged),
    () => readTimeline(operator, acknowledged),
    () => openWithoutGrant(operator, acknowledged),
  ].map(async (step) => {
    while (!stopped) {
      // The campus dies in the middle of a call: that call was not acknowledged.
      await step().catch(() => pause(20));
      await pause(10);
    }
  });
  return {
    async stop() {
      stopped = true;
      await Promise.all(loops);
    },
  };
}

async function grantFootage(operator: Client, head: Client, acknowledged: Acknowledged): Promise<void> {
  const reason = `act-${++number}`;
  const camera = cameraIds[number % cameraIds.length]!;
  const range = { fromMs: Date.now() - 60_000, toMs: Date.now() };
  const request = await operator.submit({ cameras: [camera], ...range, actions: ['playback'], reason });
  acknowledged.entries.push(`request.submit ${reason}`);
  const { grant } = await head.approve(request);
  acknowledged.entries.push(`request.approve ${request.id}`);
  if (!grant) throw new Error('one approval is enough for playback');
  acknowledged.grants.push({ id: grant.id, camera, range });
}

async function readTimeline(operator: Client, acknowledged: Acknowledged): Promise<void> {
  const fromMs = 1_000_000 + ++number;
  await operator.timelines(['east-gate'], fromMs, fromMs + 1);
  acknowledged.entries.push(`recording.timeline ${fromMs}`);
}

async function openWithoutGrant(operator: Client, acknowledged: Acknowledged): Promise<void> {
  const fromMs = 1_000_000 + ++number;
  const { status } = await operator.call('recording.playback', { camera: 'library', fromMs, toMs: fromMs + 1 });
  if (status === 403) acknowledged.entries.push(`recording.playback ${fromMs}`);
}
