// Devices that send as fast as they can, each message a change at a point of its own.
import { standardProfile } from '../../src/gb26875.ts';
import type { Device } from '../../src/index.ts';
import { component, SimulatedDevice } from './simulated-device.ts';

export const stormDevices: readonly Device[] = Array.from({ length: 8 }, (_, index) => ({ id: `d${index}`, address: 1000 + index, peers: ['127.0.0.1'], profile: standardProfile, heartbeatSeconds: 30 }));

/** Messages that a device has in flight. */
const window = 16;

/** One device of a storm. */
export class StormDevice {
  /** Everything that it has sent, by the component of each message. */
  readonly sent = new Map<number, Uint8Array>();
  readonly confirmed = new Set<number>();
  readonly #address: number;
  #next = 0;

  constructor(address: number) {
    this.#address = address;
  }

  /** Connects, sends again what was not confirmed, and goes on until the link ends or `isOver`. */
  async run(port: number, isOver: () => boolean): Promise<void> {
    const device = await SimulatedDevice.tcp(port, { address: this.#address });
    const waiting = new Set<number>();
    let seen = 0;
    for (const [serial, bytes] of this.sent) {
      if (this.confirmed.has(serial)) continue;
      device.write(bytes);
      waiting.add(serial);
    }
    while (device.isOpen && (!isOver() || waiting.size > 0)) {
      for (; seen < device.received.length; seen += 1) {
        const { command, serial } = device.received[seen]!;
        if (command !== 3) continue;
        this.confirmed.add(serial);
        waiting.delete(serial);
      }
      while (waiting.size < window && !isOver()) {
        // One in ten is a fire.
        const serial = this.#next++;
        this.sent.set(serial, device.send(component(serial, serial % 10 === 0 ? 2 : 4), { serial }));
        waiting.add(serial);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    device.close();
  }
}
