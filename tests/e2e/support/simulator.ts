// Simulated cameras in the test's own process, so that they can be given faults.
import { createSimulatedCampus, type SimulatedCampus } from '../../../packages/simulator/src/index.ts';

/** Cameras and the port of the first; the example's cameras beyond `devices` stand at ports where nobody listens. */
export interface FaultyCameras extends AsyncDisposable {
  readonly simulator: SimulatedCampus;
  readonly environment: { readonly SIM_PORT: string };
}

/** Starts some of the example's cameras on consecutive free ports. */
export async function startFaultyCameras(devices: number): Promise<FaultyCameras> {
  for (let port = 21_000; port < 22_000; port += 20) {
    try {
      const simulator = await createSimulatedCampus({ devices, onvifPort: port, discoveryPort: false });
      return { simulator, environment: { SIM_PORT: String(port) }, [Symbol.asyncDispose]: () => simulator.close() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('no free ports from 21000 to 22000');
}
