// What a simulated camera counts about its RTSP clients.

/** Running totals of one device. */
export interface RtspCounters {
  connections: number;
  playing: number;
  requests: number;
  refusedLogins: number;
  packetsSent: number;
  bytesSent: number;
  slowClientsDropped: number;
  expiredSessions: number;
  malformedRequests: number;
  /** Media packets that `packet-loss` took. */
  packetsLost: number;
}

/** All zeros. */
export function createRtspCounters(): RtspCounters {
  return { connections: 0, playing: 0, requests: 0, refusedLogins: 0, packetsSent: 0, bytesSent: 0, slowClientsDropped: 0, expiredSessions: 0, malformedRequests: 0, packetsLost: 0 };
}
