// What the RTSP connections of one device share.
import type { DeviceFault } from '../device-fault.ts';
import type { DigestAuthenticator } from '../auth/digest-authenticator.ts';
import type { PacketizedLoop } from '../media/packetized-loop.ts';
import type { RtspCounters } from './rtsp-counters.ts';
import type { DatagramSender } from './datagram-sender.ts';
import type { SharedTick } from './shared-tick.ts';
import type { SimulatorClock } from '../simulator-clock.ts';

/** Limits of a server; the defaults are in `createSimulatedCampus`. */
export interface RtspLimits {
  /** Announced to clients; a session without a request or RTCP for this long is closed. */
  readonly sessionTimeoutSeconds: number;
  /** Unsent bytes after which a slow client is dropped. */
  readonly maxQueueBytes: number;
  readonly senderReportIntervalMs: number;
}

/** Way of the media. */
export type MediaTransport = 'tcp' | 'udp';

/** Shared by all connections of a device. */
export interface RtspContext {
  readonly title: string;
  /** Path of the only stream, with the leading slash. */
  readonly path: string;
  /** What is shown now. */
  loop(): PacketizedLoop;
  readonly authenticator: DigestAuthenticator;
  readonly clock: SimulatorClock;
  readonly tick: SharedTick;
  readonly limits: RtspLimits;
  readonly counters: RtspCounters;
  /** Share of media packets that are lost, in [0, 1). */
  packetLoss(): number;
  /** How far the clock in sender reports is off. */
  clockShiftMs(): number;
  /** Ways of media that are offered. */
  readonly transports: readonly MediaTransport[];
  /** `undefined` when UDP is not offered. */
  readonly datagrams: DatagramSender | undefined;
  fault(): DeviceFault | undefined;
}
