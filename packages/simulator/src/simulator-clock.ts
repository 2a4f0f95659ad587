// Where the simulator takes its time from.

/** A source of wall-clock time; tests pass their own and move it. */
export interface SimulatorClock {
  /** UTC epoch milliseconds, with fractions. Must never go back. */
  now(): number;
}

/** Epoch time that does not follow steps of the system clock, so that streams stay smooth. */
export const monotonicClock: SimulatorClock = {
  now: () => performance.timeOrigin + performance.now(),
};
