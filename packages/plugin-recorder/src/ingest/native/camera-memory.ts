// What is learnt of one camera and holds for the next connection to it.

/** Lives as long as the session. */
export interface CameraMemory {
  /** It refused interleaved pictures with 461. */
  udp: boolean;
  /** Keep-alive methods that it refused. */
  readonly refusedKeepAlives: Set<string>;
  /** Where it asked to be connected next time (REDIRECT). */
  redirect: string | undefined;
}

/** Nothing is known yet. */
export function createCameraMemory(): CameraMemory {
  return { udp: false, refusedKeepAlives: new Set(), redirect: undefined };
}
