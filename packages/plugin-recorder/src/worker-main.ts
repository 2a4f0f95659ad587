// Entry of the recorder worker process. It lives exactly as long as its parent: no orphan keeps recording.
import { defaultIngestOptions } from './ingest/ingest-engine.ts';
import { autoEngine } from './ingest/auto-engine.ts';
import { ffmpegEngine } from './ingest/ffmpeg/ffmpeg-engine.ts';
import { nativeEngine } from './ingest/native/native-engine.ts';
import { markedFileSystem } from './disks/marked-file-system.ts';
import { boundedFileSystem } from './segment/bounded-file-system.ts';
import { diskFileSystem } from './segment/file-system.ts';
import type { WorkerCommand, WorkerReport } from './worker/messages.ts';
import { RecorderWorker } from './worker/recorder-worker.ts';

/** Longest time for closing files after the parent is gone. */
const farewellMs = 3_000;

/** A disk that answers nothing for this long hangs. One that spins up takes about 10 s. */
const diskDeadlineMs = 12_000;

function repeat(periodMs: number, task: () => void): () => void {
  const timer = setInterval(task, periodMs);
  return () => clearInterval(timer);
}

const worker = new RecorderWorker({
  engine: ({ engine, tickMs, filesFolder }) => autoEngine({ native: nativeEngine({ tickMs }), ffmpeg: ffmpegEngine({ filesFolder }), preferred: engine }),
  ingest: defaultIngestOptions,
  fileSystem: boundedFileSystem(markedFileSystem(diskFileSystem), { deadlineMs: diskDeadlineMs, elapsed: () => performance.now(), every: repeat }),
  send: (report: WorkerReport) => {
    const isLast = report.type === 'stopped';
    if (!process.connected || process.send === undefined) {
      if (isLast) process.exit(0);
      return;
    }
    // Called back when it is in the pipe, and with it all that was said before: to leave sooner would forget files that were closed.
    process.send(report, undefined, undefined, () => {
      if (isLast) process.exit(0);
    });
  },
});

process.on('message', (message) => worker.command(message as WorkerCommand));
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), farewellMs).unref();
  void worker.stop();
});
// Terminals and service managers signal the whole group; the parent decides when recording ends, and its end is ours.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.send?.({ type: 'ready' } satisfies WorkerReport);
