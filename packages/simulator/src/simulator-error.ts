// The one error class of the package.

/** What went wrong; stable, compare this and not the message. */
export type SimulatorErrorCode = 'LOOP_INVALID' | 'DEVICE_UNKNOWN' | 'DEVICE_INVALID' | 'DISTURBANCE_INVALID' | 'CLOSED';

/** Thrown by the simulator's own API; what a client sends over the network never throws. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
