// The example's cameras, in a process of their own, as real ones would be. Ends with its parent.
import { createSimulatedCampus } from '@wanglou/simulator';

/** Devices stand on consecutive ports; where one is taken, the next block is tried. */
async function start(firstPort: number): Promise<number> {
  for (let port = firstPort; port < firstPort + 1000; port += 20) {
    try {
      await createSimulatedCampus({ devices: 9, onvifPort: port, discoveryPort: false });
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`no 9 free ports from ${firstPort} on; set SIM_PORT to another place`);
}

process.once('disconnect', () => process.exit(0));
// Terminals and service managers signal the whole group; the campus decides when it is over.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.send?.({ port: await start(Number(process.env['SIM_PORT'] ?? 18_600)) });
