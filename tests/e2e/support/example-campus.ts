// The example campus with its simulated cameras, as `npm start` runs it.
import { startCampus, type CampusProcess } from './campus-process.ts';

/** The running example. */
export type ExampleCampus = CampusProcess;

/** Starts `examples/campus/start.ts` in a data folder of its own and waits until it serves. */
export function startExampleCampus(data?: string): Promise<ExampleCampus> {
  return startCampus({ withCameras: true, ...(data !== undefined && { data }) });
}
