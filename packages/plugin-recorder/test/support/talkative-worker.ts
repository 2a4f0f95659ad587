// A worker that says a great deal when it is told to stop, and is gone the moment it has said it.
import type { RecorderEvent, WorkerCommand, WorkerReport } from '../../src/worker/messages.ts';

const events = Array.from({ length: 4000 }, (_, index): RecorderEvent => ({ type: 'warning', camera: `camera-${index}`, message: 'x'.repeat(2000) }));
process.on('message', (command: WorkerCommand) => {
  if (command.type !== 'stop') return;
  process.send?.({ type: 'events', events } satisfies WorkerReport);
  process.send?.({ type: 'stopped' } satisfies WorkerReport, undefined, undefined, () => process.exit(0));
});
process.send?.({ type: 'ready' } satisfies WorkerReport);
process.send?.({ type: 'events', events: [{ type: 'warning', camera: 'gate', message: 'hello' }] } satisfies WorkerReport);
