// The supervisor of workers, with workers of the test's own.
import { fork } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { RecorderEvent } from '../src/worker/messages.ts';
import { WorkerSupervisor } from '../src/worker/supervisor.ts';
import { until } from './support/running-recorder.ts';

describe('the supervisor', { timeout: 20_000 }, () => {
  it('has heard everything that a worker said before its end when it is closed', async () => {
    const heard: RecorderEvent[] = [];
    const supervisor = new WorkerSupervisor({
      settings: { disks: [] } as never, workers: 1, random: () => 0.5, indexed: async () => undefined,
      onEvent: (event) => heard.push(event), onWorkerLost: () => {},
      spawn: () => fork(new URL('./support/talkative-worker.ts', import.meta.url), [], { serialization: 'json', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    });
    supervisor.add({ id: 'gate', url: 'rtsp://127.0.0.1:1/', disk: { id: 'one', root: '/nowhere' } });
    await until(() => heard.length === 1, 'the worker');
    await supervisor.close();
    expect(heard).toHaveLength(4001);
  });
});
