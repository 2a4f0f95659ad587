// The example's simulated cameras in a process of their own: they outlive the campus, as real ones would.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './child.ts';

/** The nine cameras of the example. */
export const cameraIds = ['east-gate', 'west-gate', 'library', 'dormitory-entrance', 'fire-control-room', 'canteen', 'teaching-building', 'stadium', 'car-park'] as const;

/** Running cameras; `environment` tells a campus where they are. */
export interface Cameras extends AsyncDisposable {
  readonly environment: { readonly SIM_PORT: string };
}

/** Starts the nine cameras. */
export async function startCameras(): Promise<Cameras> {
  const child = fork(join(root, 'examples', 'campus', 'simulate.ts'), { execArgv: ['--conditions=@wanglou/source'] });
  const exited = once(child, 'exit');
  const [{ port }] = (await Promise.race([once(child, 'message'), exited.then(([code]) => Promise.reject(new Error(`the cameras did not start (${String(code)})`)))])) as [{ port: number }];
  return {
    environment: { SIM_PORT: String(port) },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await exited;
    },
  };
}
