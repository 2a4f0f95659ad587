// Faults that a simulated device can be given on demand.

/** All faults, in the order of the list below. */
export const deviceFaults = ['offline', 'silent', 'garbage', 'truncated', 'wrong-auth', 'big-header', 'cut', 'frozen'] as const;

/**
 * - `offline`: every connection is reset, discovery is not answered. (The port stays bound: were it freed, another program or a
 *   reconnecting client itself could take it on loopback.)
 * - `silent`: connections are accepted and kept, nothing is ever sent on them.
 * - `garbage`: media and SOAP answers are random bytes.
 * - `truncated`: answers and packets end in the middle, then the connection closes.
 * - `wrong-auth`: no password is right any more; running sessions are closed.
 * - `cut`: the network is cut. Connections stay as they are and nothing passes; what was due is sent when the fault is taken away, as far
 *   as the queue of a client may grow. New connections are accepted, as the kernel of a device does, and wait.
 * - `frozen`: the encoder hangs: from the next key picture on it is the same picture again and again, with times that go on.
 * - `big-header`: answers begin with a header of over 10 MB.
 */
export type DeviceFault = (typeof deviceFaults)[number];

/** Size of the padding that `big-header` sends. */
export const bigHeaderBytes = 10 * 1024 * 1024;

/** Deterministic noise (mulberry32). Every other kilobyte begins with `$`, so that a reader also meets false frames. */
export function garbageBytes(lengthBytes: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(lengthBytes);
  let state = seed >>> 0;
  for (let index = 0; index < lengthBytes; index += 1) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    bytes[index] = index % 2048 === 1024 ? 0x24 : (mixed ^ (mixed >>> 14)) & 0xff;
  }
  return bytes;
}
